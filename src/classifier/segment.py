"""Words with their offsets, by jieba with its HMM off and our lexicon on.

The tokenizer is our own instance: jieba's module-level one is shared by everybody, and its cache
is `marshal`-loaded from a predictable name in the shared temporary folder, so none is used here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import jieba

_RUN = 200  # characters: longer unbroken runs are cut here, which keeps memory and time linear


@dataclass(frozen=True, slots=True)
class Token:
    """A word, and the span [start, end) that it has in the normal form of the text."""

    word: str
    start: int
    end: int


class Segmenter:
    """Cuts text into words. Lossless: the words of a span join back to it."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        """`words` are added to jieba's dictionary, each as likely as it takes to stay whole."""
        self._jieba = jieba.Tokenizer()
        self._jieba.FREQ, self._jieba.total = self._jieba.gen_pfdict(self._jieba.get_dict_file())
        self._jieba.initialized = True
        for word in sorted(set(words)):
            if len(word) > 1:
                self._jieba.add_word(word)

    def tokens(self, text: str, start: int = 0, end: int | None = None) -> list[Token]:
        """The words of text[start:end], blanks left out, with offsets in the whole text."""
        end = len(text) if end is None else end
        found: list[Token] = []
        for at in range(start, end, _RUN):
            self._cut(text[at : min(at + _RUN, end)], at, found)
        return found

    def _cut(self, text: str, at: int, found: list[Token]) -> None:
        for word in self._jieba.cut(text, HMM=False):
            if not word.isspace():
                found.append(Token(word, at, at + len(word)))
            at += len(word)
