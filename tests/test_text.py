"""Normal form, and the way back to the original."""

import time

from hypothesis import given
from hypothesis import strategies as st

from classifier.text import normalise

ROUGH = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("推诿扯皮办事不力\n\r\t　 \u200b\u200d\ufeff，。！…①㎡Ａ３政務諉*.-\ud800\u0301"),
    ),
    max_size=200,
)


@given(ROUGH)
def test_origins_never_decrease_and_stay_inside_the_original(text):
    normal = normalise(text)
    assert len(normal.origins) == len(normal.text)
    assert all(0 <= at < len(text) for at in normal.origins)
    assert all(a <= b for a, b in zip(normal.origins, list(normal.origins)[1:], strict=False))


@given(ROUGH)
def test_every_part_of_the_normal_form_stems_from_a_part_of_the_original(text):
    normal = normalise(text)
    for at in range(len(normal.text)):
        start, end = normal.original(at, at + 1)
        assert 0 <= start < end <= len(text)


@given(ROUGH)
def test_a_normal_form_holds_nothing_that_cannot_be_encoded(text):
    normalise(text).text.encode("utf-8")


def test_a_word_broken_by_blanks_marks_or_invisible_characters_is_whole_again():
    for broken in ("推\u200b诿", "推 诿", "推　诿", "推*诿", "推 . 诿", "推\ufeff诿", "推\n诿"):
        normal = normalise(broken)
        assert normal.text == "推诿"
        assert normal.original(0, 2) == (0, len(broken))


def test_widths_cases_and_traditional_characters_are_folded():
    assert normalise("Ａ３區政務中心推諉").text == "a3区政务中心推诿"


def test_chinese_punctuation_and_the_ellipsis_keep_their_form():
    assert normalise("办不了……真的？！").text == "办不了……真的？！"


def test_a_line_break_that_ends_a_title_stays_and_one_that_wraps_a_line_goes():
    text = "关于道路的反映\n" + "我们村的路坏了两年一直没有人来修" + "\n" + "镇里说等到明年再看看能不能排上"
    assert normalise(text).text.count("\n") == 1


def test_a_list_keeps_its_lines():
    assert normalise("检查发现以下问题很多很多\n一、台账缺失严重缺失严重\n二、无人值守").text.count("\n") == 2


def test_a_decimal_and_a_numbered_heading_keep_their_points():
    assert normalise("收费3.5元。1.未公示").text == "收费3.5元。1.未公示"


def test_a_megabyte_without_punctuation_takes_seconds_not_minutes():
    started = time.process_time()
    normalise("镇政府不管" * 200_000)
    assert time.process_time() - started < 20  # a guard against quadratic growth, not a benchmark
