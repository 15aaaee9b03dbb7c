"""Passages and sentences."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from classifier.passages import split

TEXTS = st.text(alphabet=st.sampled_from("办事不力推诿，。！？；\n 一二三、（）1.2：是"), max_size=400)


@given(TEXTS)
def test_sentences_stand_in_order_do_not_overlap_and_cover_all_that_is_not_blank(text):
    spans = [span for passage in split(text) for span in passage.sentences]
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(start < end for start, end in spans)


def test_a_letter_is_one_passage_of_its_sentences():
    (passage,) = split("我家门口的路坏了。镇里说没钱！什么时候修？")
    assert len(passage.sentences) == 3


def test_a_numbered_report_becomes_its_items():
    report = "巡察反馈如下问题。" + "".join(
        f"{number}、某局项目进展缓慢，专项资金长期闲置在账上，{number}年来无人过问此事。"
        for number in "一二三四"
    )
    assert [report[p.start : p.start + 2] for p in split(report)][1:] == ["一、", "二、", "三、", "四、"]


def test_a_short_list_inside_a_letter_stays_one_matter():
    assert len(split("我要三样：1、修路2、装灯3、通水。谢谢。")) == 1


def test_a_long_sentence_is_cut_at_its_pauses():
    text = "，".join(["我们反映过很多次都没有结果"] * 12)
    lengths = [end - start for start, end in split(text)[0].sentences]
    assert max(lengths) <= 60
    assert len(lengths) >= 3


def test_text_without_any_mark_is_cut_all_the_same():
    assert max(end - start for p in split("不" * 5000) for start, end in p.sentences) <= 240


def test_a_very_long_letter_is_several_passages():
    assert len(split("镇里一直没有答复我们的信访件。" * 400)) >= 4


def test_nothing_comes_of_nothing():
    assert split("") == ()
    assert split(" \n ") == ()
