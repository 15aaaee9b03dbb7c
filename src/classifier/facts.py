"""Facts in figures: how often somebody asked, how long it took, which limit was set. Worked out, not guessed.

Every fact stands on words of the text, and can be shown beside them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["asked", "elapsed", "limit", "between"]
KIND_NAMES: dict[Kind, str] = {
    "asked": "反映次数",
    "elapsed": "所说时长",
    "limit": "所说期限",
    "between": "首末日期相隔",
}

_NUMBER = (
    r"(?<![\d.第零〇一二两三四五六七八九十百])(?P<n>\d{1,4}|[一二两三四五六七八九十百几数]{1,5})(?:多|余|来)?"
)
_SPAN = rf"{_NUMBER}(?P<unit>个?工作日|个多?月|个多?星期|个年头|年|月|周|星期|天|日)"
_ASK = "(?:反映|反应|投诉|举报|上访|信访|报警|报案|拨打|打电话|打了|去电|来电|致电|催|找|(?<!最多)(?<!只)跑|问(?![题责])|咨询|申请|求助|留言)"
_TIMES = "(?:次(?![性日序])|回(?![复访应电])|趟|遍)"
_PATTERNS: dict[Kind, tuple[re.Pattern[str], ...]] = {
    "asked": (
        re.compile(rf"{_ASK}[^，。；！？\n\d]{{0,10}}?{_NUMBER}{_TIMES}"),
        re.compile(rf"{_NUMBER}{_TIMES}[^，。；！？\n\d]{{0,12}}?{_ASK}"),
    ),
    "limit": (
        re.compile(rf"(?:承诺|答应|规定|期限|限期|时限)[^，。；！？\n\d]{{0,8}}?{_SPAN}"),
        re.compile(rf"{_SPAN}(?:之内|以内|内|期限|时限|办结|答复|到账|出结果)"),
    ),
    "elapsed": (
        re.compile(
            rf"(?:已经|至今|过去|拖了|等了|长达|超过|逾期|整整|将近|历时|前后|搁置)(?:了|有|快)?{_SPAN}"
        ),
        re.compile(rf"{_SPAN}(?:多|来)?(?:了|过去|仍|还没|还未|没有|没人|无人|之久)"),
    ),
}
_DATE = re.compile(r"(?P<year>(?:19|20)\d\d)[年.\-/](?P<month>\d{1,2})[月.\-/](?P<day>\d{1,2})日?")
_DAYS = {"年": 365, "年头": 365, "月": 30, "星期": 7, "周": 7, "天": 1, "日": 1, "工作日": 1.4}
_FEWEST = 2  # times: once is no figure
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "几": 3, "数": 3}


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure that the span [start, end) of a text gives: times, where somebody asked, and days otherwise."""

    kind: Kind
    start: int
    end: int
    amount: int


def find(text: str) -> tuple[Fact, ...]:
    """The facts of a normal text, in the order in which they stand; of words that are one fact, none is another."""
    found: list[Fact] = []
    taken = bytearray(len(text))  # one flag a character keeps this linear in a text of nothing but figures
    for kind, patterns in _PATTERNS.items():
        for fact in _matches(kind, patterns, text):
            if not any(taken[fact.start : fact.end]):
                found.append(fact)
                taken[fact.start : fact.end] = b"\1" * (fact.end - fact.start)
    return tuple(sorted((*found, *_between(text)), key=lambda fact: (fact.start, fact.end)))


def number(words: str) -> int:
    """A count in figures or in Chinese below 1,000; 几 and 数 are taken as three. 0 for what is none."""
    if words.isdigit():
        return int(words)
    total, digit = 0, 0
    for char in words:
        if char in "十百":
            total += max(digit, 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS.get(char, 0)
    return total + digit


def _matches(kind: Kind, patterns: tuple[re.Pattern[str], ...], text: str) -> Iterator[Fact]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            if kind == "asked":
                amount = number(match["n"])
                amount = amount if amount >= _FEWEST else 0
            else:
                amount = _days(match)
            if amount:
                yield Fact(kind, match.start(), match.end(), amount)


def _days(match: re.Match[str]) -> int:
    """The days of a span; 0 for what is a point in time: 2019 年, 一九 年, 5 月, 12 日."""
    digits, unit = match["n"], match["unit"]
    dated = unit == "月" or (unit == "日" and not match[0].endswith("内"))
    plain = digits.isdigit() or (len(digits) > 1 and not set(digits) & set("十百"))
    if dated or (unit == "年" and plain and len(digits) > 1 and number(digits) not in range(10, 100)):
        return 0
    return round(number(digits) * _DAYS[unit.replace("个", "").replace("多", "")])


def _between(text: str) -> Iterator[Fact]:
    """The days from the first full date of the text to the last, over the span between them."""
    dates = [(date, match) for match in _DATE.finditer(text) if (date := _date(match)) is not None]
    if len(dates) > 1:
        (first, a), (last, b) = min(dates, key=_day), max(dates, key=_day)
        if first < last:
            yield Fact("between", min(a.start(), b.start()), max(a.end(), b.end()), (last - first).days)


def _day(dated: tuple[datetime.date, re.Match[str]]) -> datetime.date:
    return dated[0]


def _date(match: re.Match[str]) -> datetime.date | None:
    try:
        return datetime.date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
