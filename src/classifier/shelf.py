"""Labelled examples as numbers to learn from: features of every sentence, targets of sentence and passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import features, passages
from .corpus import Example
from .errors import CorpusError
from .lexicon import Lexicon
from .segment import Segmenter
from .taxonomy import Taxonomy
from .text import Normalised, normalise

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Item:
    """One example as the layers see it. Targets have K + 1 columns, the last for "anything at all"."""

    example: Example
    sentences: tuple[frozenset[str], ...]
    bag: frozenset[str]
    carried: Bools  # (sentences, K + 1): the sentence carries the clause
    labelled: Bools  # (K + 1,)
    right: Bools  # (K,): the clauses that any reader gave or would defend
    characters: int


def shelve(examples: Sequence[Example], chart: Taxonomy, words: Lexicon) -> tuple[Item, ...]:
    """All examples as items; raises `CorpusError` for a clause that the scheme does not have."""
    clauses = [clause.id for clause in chart.clauses]
    segmenter = Segmenter(words.words)
    for example in examples:
        _refuse_unusable(example, clauses)
    return tuple(_item(example, clauses, segmenter, words) for example in examples)


def _refuse_unusable(example: Example, clauses: Sequence[str]) -> None:
    unknown = [clause for clause in sorted(example.right) if clause not in clauses]
    if unknown:
        raise CorpusError(f"样本 {example.id}：条款 {'、'.join(unknown)} 不在所用条款文件中")
    misquoted = [
        label.clause for label in example.labels if not label.evidence or label.evidence not in example.text
    ]
    if misquoted:
        raise CorpusError(f"样本 {example.id}：{misquoted[0]} 的依据不是原文中的字句")


def _item(example: Example, clauses: Sequence[str], segmenter: Segmenter, words: Lexicon) -> Item:
    normal = normalise(example.text)
    sentences = [
        sentence
        for passage in passages.split(normal.text)
        for sentence in features.read(normal.text, passage, segmenter, words)
    ]
    carried = [_carried(normal, sentence, example, clauses) for sentence in sentences]
    return Item(
        example=example,
        sentences=tuple(sentence.names for sentence in sentences),
        bag=features.whole(normal.text, sentences),
        carried=_with_any(np.array(carried, dtype=bool).reshape(-1, len(clauses))),
        labelled=_with_any(np.array([[clause in example.clauses for clause in clauses]]))[0],
        right=np.array([clause in example.right for clause in clauses]),
        characters=len(normal.text),
    )


def _with_any(table: Bools) -> Bools:
    return np.column_stack([table, table.any(axis=1)])


def _carried(
    normal: Normalised, sentence: features.Sentence, example: Example, clauses: Sequence[str]
) -> list[bool]:
    """Whether the sentence and a quoted piece of evidence share at least half of either."""
    start, end = normal.original(sentence.start, sentence.end)
    held = set()
    for label in example.labels:
        at = example.text.find(label.evidence)
        shared = min(end, at + len(label.evidence)) - max(start, at)
        if 2 * shared >= min(end - start, len(label.evidence)):
            held.add(label.clause)
    return [clause in held for clause in clauses]
