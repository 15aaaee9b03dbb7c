"""Odd input: an answer or a clear error, never a crash, and nothing found where nothing is said."""

import time

import pytest

from classifier import Document, InputError, Model, readers


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\n", "不", "？", "🙂🙂", "\u200b\u200b", "\ud800", "\x00\x01", "…………", "12345"],
)
def test_a_text_that_is_too_thin_yields_nothing_and_says_so(model: Model, text):
    analysis = model.analyse(Document("a", text))
    assert analysis.findings == ()
    assert analysis.thin


def test_markup_is_text_like_any_other(model: Model):
    text = "<script>alert('x')</script><b>镇政府</b>&amp;我们反映了五次都没有人理睬，电话也不接。"
    analysis = model.analyse(Document("a", text))
    assert any("五次都没有人理睬" in text[s.start : s.end] for f in analysis.findings for s in f.evidence)


def test_traditional_characters_are_read_like_simplified_ones(model: Model):
    simplified = "我們村的違建，鎮政府推來推去沒有人管，反映了五次電話也不接。"
    folded = "我们村的违建，镇政府推来推去没有人管，反映了五次电话也不接。"
    a, b = (model.analyse(Document("a", text)) for text in (simplified, folded))
    assert [f.clause for f in a.findings] == [f.clause for f in b.findings] != []
    assert a.ranked == b.ranked


def test_a_megabyte_without_punctuation_is_answered_within_seconds(model: Model):
    started = time.monotonic()
    model.analyse(Document("a", "镇政府不管老百姓死活" * 100_000))
    assert time.monotonic() - started < 60


def test_a_gbk_file_is_read(tmp_path):
    (tmp_path / "信.txt").write_bytes("反映镇政府不作为".encode("gb18030"))
    assert readers.read_text(tmp_path / "信.txt") == "反映镇政府不作为"


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"PK\x03\x04\x14\x00\x00\x00", b"\xff\xff\xff\x80"]
)
def test_a_file_that_is_no_text_is_refused(tmp_path, content):
    (tmp_path / "假.txt").write_bytes(content)
    with pytest.raises(InputError, match=r"假\.txt：不是文本文件"):
        readers.read_text(tmp_path / "假.txt")
