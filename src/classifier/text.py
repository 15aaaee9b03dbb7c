"""Documents, and their normal form with a map back to every original character."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

_CJK = "\u3400-\u9fff\U00020000-\U0003ffff"
_INVISIBLE = frozenset(("Cc", "Cf", "Mn", "Me"))
_KEPT = frozenset("\n…。，、；：？！“”‘’（）《》〈〉【】「」『』—～·％")
_INSIDE_WORDS = re.compile(rf"(?<=[{_CJK}])(?:[ ]+|[ ]*[*·•.\-_~^|`'][ ]*)(?=[{_CJK}])")
_LINE_BREAK = re.compile(rf"(?<=[{_CJK}])[ ]*\n[ ]*(?=[{_CJK}])")
_ITEM = re.compile(
    r"[ ]*(?:[一二三四五六七八九十]{1,3}[、是]|[（(][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十]+)"
)
_UNWRAPPED = 0.6  # a line at least this full, beside the longest, was broken by width and not by sense


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be read. Offsets anywhere in this package are code points of `text`."""

    id: str
    text: str
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` in normal form; character i of it stems from character `origins[i]` of the original.

    `origins` has one entry a character; it never decreases and stays inside the original.
    """

    text: str
    origins: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that [start, end) of the normal form stems from."""
        if start >= end:
            raise ValueError("空区间没有原文位置")
        return self.origins[start], self.origins[end - 1] + 1


def normalise(text: str) -> Normalised:
    """Fold widths, cases, variants and traditional characters; drop what is invisible or splits words.

    Runs of blanks, and lone marks such as `*` or `.`, vanish between two Chinese characters, and so
    does a line break that only wraps a line. Line breaks that end a title or a paragraph stay.
    """
    folded, origins = _fold(text)
    kept = _without(folded, _wraps(folded) + [m.span() for m in _INSIDE_WORDS.finditer(folded)])
    if len(kept) == len(folded):
        return Normalised(folded, origins)
    return Normalised("".join(folded[i] for i in kept), [origins[i] for i in kept])


def _fold(text: str) -> tuple[str, Sequence[int]]:
    pieces = [_folded(char) for char in text]
    if all(len(piece) == 1 for piece in pieces):
        return "".join(pieces), range(len(text))
    origins = [i for i, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), origins


@functools.lru_cache(maxsize=1 << 16)
def _folded(char: str) -> str:
    if char in _KEPT:
        return char
    if char in "\r\t\v\f\u2028\u2029\x85":
        return "\n" if char in "\u2028\u2029\x85\v\f" else " "
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    if unicodedata.category(char) in _INVISIBLE or char in "\u3164\uffa0\u115f\u1160\u2800":
        return ""
    return "".join(map(_simple, unicodedata.normalize("NFKC", char).lower()))


def _simple(char: str) -> str:
    if char.isspace():
        return " "
    return _simplified().get(char, char)


@functools.cache
def _simplified() -> dict[str, str]:
    lines = resources.files(__package__).joinpath("traditional.txt").read_text(encoding="utf-8").splitlines()
    return {line[0]: line[1] for line in lines if not line.startswith("#")}


def _wraps(text: str) -> list[tuple[int, int]]:
    if "\n" not in text:
        return []
    full = max(len(line) for line in text.split("\n")) * _UNWRAPPED
    return [m.span() for m in _LINE_BREAK.finditer(text) if _is_wrap(text, m, full)]


def _is_wrap(text: str, match: re.Match[str], full: float) -> bool:
    line = match.start() - (text.rfind("\n", 0, match.start()) + 1)
    return line >= full and not _ITEM.match(text, match.end())


def _without(text: str, spans: list[tuple[int, int]]) -> Sequence[int]:
    if not spans:
        return range(len(text))
    dropped = {i for start, end in spans for i in range(start, end)}
    return [i for i in range(len(text)) if i not in dropped]
