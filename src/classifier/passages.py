"""Passages: the parts of a text that are judged on their own, and the sentences they are made of.

A letter is one passage; a numbered inspection report becomes its items; a very long text is cut
between sentences.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_SENTENCE_END = re.compile(r"(?:[。！？!?；;…]+|\.{3,})[”’」』）)]*|\n+")
_PAUSE = re.compile(r"[，,、：:—～~ ]+")
_NUMBERS = "一二三四五六七八九十"
_ITEMS = (
    re.compile(rf"(?:^|(?<=\n)|(?<=[。；;：:]))[ ]*[（(][{_NUMBERS}]{{1,3}}[)）]"),
    re.compile(rf"(?:^|(?<=\n)|(?<=[。；;：:]))[ ]*[{_NUMBERS}]{{1,3}}[、.]"),
    re.compile(r"(?:^|(?<=\n)|(?<=[。；;：:]))[ ]*\d{1,2}(?:[、．]|\.(?!\d))"),
    re.compile(r"(?:^|(?<=\n)|(?<=[。；;：:]))[ ]*[（(]\d{1,2}[)）]"),
    re.compile(rf"(?:^|(?<=\n)|(?<=[。；;：:]))[ ]*(?:第?[{_NUMBERS}]{{1,2}}(?:是|，))"),
)
_FEWEST_ITEMS = 3
_SHORTEST_ITEM = 25  # characters an item has on average, at the least; shorter lists are one matter
_SENTENCE = 30  # characters: a longer sentence is cut at its pauses
_PASSAGE = 1500  # characters: a longer passage is cut between sentences

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """The span [start, end) of the normal form, and its sentences in order."""

    start: int
    end: int
    sentences: tuple[Span, ...]


def split(text: str) -> tuple[Passage, ...]:
    """Cut a normal text into passages; together, their sentences cover all that is not blank."""
    sentences = [piece for span in _items(text) for piece in [_sentences(text, *span)] if piece]
    return tuple(passage for group in sentences for passage in _bounded(group))


def _items(text: str) -> list[Span]:
    for pattern in _ITEMS:
        starts = [match.start() for match in pattern.finditer(text)]
        if len(starts) >= _FEWEST_ITEMS and len(text) - starts[0] >= _SHORTEST_ITEM * len(starts):
            cuts = sorted({0, *starts, len(text)})
            return list(pairwise(cuts))
    return [(0, len(text))]


def _sentences(text: str, start: int, end: int) -> list[Span]:
    cuts = [start, *(m.end() for m in _SENTENCE_END.finditer(text, start, end)), end]
    spans = [piece for a, b in pairwise(cuts) if a < b for piece in _phrases(text, a, b)]
    return [trimmed for span in spans if (trimmed := _trim(text, *span))]


def _phrases(text: str, start: int, end: int) -> list[Span]:
    """The sentence itself, or, where it is too long, runs of its phrases."""
    if end - start <= _SENTENCE:
        return [(start, end)]
    pauses = [m.end() for m in _PAUSE.finditer(text, start, end)]
    spans, begin, last = [], start, start
    for cut in [*pauses, end]:
        if cut - begin > _SENTENCE and last > begin:
            spans.append((begin, last))
            begin = last
        last = cut
    spans.append((begin, end))
    return [piece for span in spans for piece in _slices(*span)]


def _slices(start: int, end: int) -> list[Span]:
    step = 4 * _SENTENCE
    return [(at, min(at + step, end)) for at in range(start, end, step)]


def _trim(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _bounded(sentences: list[Span]) -> list[Passage]:
    passages, group = [], [sentences[0]]
    for span in sentences[1:]:
        if span[1] - group[0][0] > _PASSAGE:
            passages.append(_passage(group))
            group = []
        group.append(span)
    return [*passages, _passage(group)]


def _passage(sentences: list[Span]) -> Passage:
    return Passage(sentences[0][0], sentences[-1][1], tuple(sentences))
