"""Do taxonomy, word lists and corpus agree? Every problem as `file:line: problem`."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import corpus, lexicon
from .corpus import Example
from .errors import ZuofengError
from .taxonomy import Taxonomy

_PERSONAL = {
    "手机号": re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),
    "身份证号": re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),
    "银行卡号": re.compile(r"(?<!\d)\d{16,19}(?!\d)"),
}
_LETTERS = re.compile(r"[\W_]+")
_GRAM = 5  # characters
_NEAR = 0.5  # Jaccard similarity of two texts' grams from which on they are near-duplicates
_COMMON = 40  # texts: a gram that stands in more is a formula and proves nothing
FEWEST = 80  # passages a clause


@dataclass(frozen=True, slots=True)
class Placed:
    """An example, and where it stands as `file:line`."""

    example: Example
    place: str


def check(paths: Sequence[Path], chart: Taxonomy, words: Path, fewest: int = FEWEST) -> Iterator[str]:
    """The problems, in no particular order, as they are found; none if all agree."""
    try:
        lexicon.parse(lexicon.read(words))
    except ZuofengError as error:
        yield str(error)
    placed: list[Placed] = []
    for path in _files(paths):
        try:
            placed += [Placed(example, f"{path}:{number}") for number, example in corpus.lines(path)]
        except ZuofengError as error:
            yield str(error)
    yield from _each(placed, {clause.id for clause in chart.clauses})
    yield from _ids(placed)
    yield from _near(placed)
    yield from _counts(placed, chart, fewest)


def _files(paths: Iterable[Path]) -> list[Path]:
    return [file for path in paths for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]


def _each(placed: Iterable[Placed], clauses: set[str]) -> Iterator[str]:
    for item in placed:
        for clause in sorted(item.example.right - clauses):
            yield f"{item.place}: 条款“{clause}”不在条款文件中"
        for label in item.example.labels:
            if not label.evidence or label.evidence not in item.example.text:
                yield f"{item.place}: {label.clause} 的依据不是原文中的字句"
        for name, pattern in _PERSONAL.items():
            if pattern.search(item.example.text):
                yield f"{item.place}: 含有像{name}的数字"


def _ids(placed: Iterable[Placed]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for item in placed:
        if item.example.id in seen:
            yield f"{item.place}: 编号 {item.example.id} 已用于 {seen[item.example.id]}"
        seen.setdefault(item.example.id, item.place)


def _near(placed: Sequence[Placed]) -> Iterator[str]:
    """Near-duplicates outside a group. Pairs are found by shared grams, then measured."""
    grams = [_grams(item.example.text) for item in placed]
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for at, group in enumerate(grams):
        for gram in group:
            holders[gram].append(at)
    shared: Counter[tuple[int, int]] = Counter()
    for texts in holders.values():
        if 1 < len(texts) <= _COMMON:
            shared.update((a, b) for i, a in enumerate(texts) for b in texts[i + 1 :])
    for (a, b), common in sorted(shared.items()):
        if placed[a].example.group != placed[b].example.group:
            likeness = common / (len(grams[a]) + len(grams[b]) - common)
            if likeness > _NEAR:
                yield f"{placed[b].place}: 与 {placed[a].place} 几乎相同（{likeness:.2f}），而不在同一组"


def _grams(text: str) -> set[str]:
    letters = _LETTERS.sub("", text)
    return {letters[at : at + _GRAM] for at in range(max(1, len(letters) - _GRAM + 1))}


def _counts(placed: Sequence[Placed], chart: Taxonomy, fewest: int) -> Iterator[str]:
    seen = Counter(clause for item in placed for clause in item.example.clauses)
    for clause in chart.clauses:
        if seen[clause.id] < fewest:
            yield f"{chart.id}: {clause.id} 只有 {seen[clause.id]} 段，至少要 {fewest} 段"
    registers: defaultdict[str, set[bool]] = defaultdict(set)
    for item in placed:
        registers[item.example.register].add(bool(item.example.labels))
    for register, kinds in sorted(registers.items()):
        if len(kinds) == 1:
            yield f"语料: 文体“{register}”只有{'有' if kinds == {True} else '无'}标签的段落"
