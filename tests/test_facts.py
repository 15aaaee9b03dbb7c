"""Figures are worked out from the words that give them, and from nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import facts


def found(text: str) -> list[tuple[str, str, int]]:
    return [(fact.kind, text[fact.start : fact.end], fact.amount) for fact in facts.find(text)]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("12", 12),
        ("五", 5),
        ("十", 10),
        ("十二", 12),
        ("三十", 30),
        ("三十五", 35),
        ("一百二十", 120),
        ("几", 3),
        ("好", 0),
    ],
)
def test_a_count_is_read_in_figures_and_in_chinese(words, count):
    assert facts.number(words) == count


def test_times_asked_are_counted_whichever_way_round_they_are_said():
    assert found("先后反映了五次，又跑了镇里十几趟") == [
        ("asked", "反映了五次", 5),
        ("asked", "跑了镇里十几趟", 13),
    ]
    assert found("我们三次上访") == [("asked", "三次上访", 3)]


def test_a_stated_limit_is_in_days_and_working_days_count_more():
    assert found("承诺20个工作日") == [("limit", "承诺20个工作日", 28)]
    assert found("三个月内解决") == [("limit", "三个月内", 90)]


def test_elapsed_time_is_in_days():
    assert found("已经拖了两年，没人管") == [("elapsed", "拖了两年", 730)]


def test_a_point_in_time_is_no_length_of_time():
    assert found("我2018年5月去办的") == []
    assert found("到2019年还没有结果") == []


@pytest.mark.parametrize(
    "words",
    [
        "12345回复让我找镇里",
        "已经1.5年了",
        "二零一九年没有办",
        "一九九八年没有",
        "问题出现了三次",
        "最多跑一次",
        "一次性告知申请",
        "第三次反映",
        "12日办的",
    ],
)
def test_what_only_looks_like_a_figure_is_none(words):
    assert found(words) == []


def test_figures_that_a_careless_pattern_would_cut_are_read_whole():
    assert found("拖了三百六十五天") == [("elapsed", "拖了三百六十五天", 365)]
    assert found("三个多月了没人管") == [("elapsed", "三个多月了", 90)]
    assert found("应当15日内办结") == [("limit", "15日内", 15)]


def test_the_days_between_the_first_full_date_and_the_last_are_worked_out():
    assert found("2019年3月2日申请，到2019年9月10日") == [
        ("between", "2019年3月2日申请，到2019年9月10日", 192)
    ]
    assert found("2019年13月2日申请，到2019年9月10日") == []


@pytest.mark.parametrize("piece", ["反映了五次", "承诺20个工作日内", "1", "反映", "三", "2019年3月2日"])
def test_a_megabyte_of_figures_is_read_at_once(piece):
    assert len(facts.find(piece * (1_000_000 // len(piece)))) <= 400_000


@given(st.text(alphabet="反映了五次20个工作日内拖两年。，2019年3月2日", max_size=60))
def test_facts_stand_in_order_inside_the_text_and_none_is_for_nothing(text):
    spans = [(fact.start, fact.end) for fact in facts.find(text)]
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(fact.amount > 0 for fact in facts.find(text))
