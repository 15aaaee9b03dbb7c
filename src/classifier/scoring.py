"""From features to raw scores: linear all the way, with names for every number on it.

A sentence's score for a clause is linear in its features, so is a passage's in the features of all its
sentences, and the raw score of a clause is linear in the strongest sentences, the passage and the kind
of the document. With x a feature's presence, idf its weight and |·| the Euclidean norm:

    score = Σ coef[f] · idf[f] · x[f] / |idf · x| + bias

which is scikit-learn's `TfidfTransformer` on binary counts followed by `LogisticRegression`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

TOP = 3  # sentences that a clause's raw score can rest on
MISSING = -8.0  # the score of a sentence that is not there
COLUMNS = ("strongest sentence", "mean of the strongest", "passage", "sentence's lead", "passage's lead")
_CONTEXT = frozenset("<>a")


@dataclass(frozen=True, slots=True)
class Layer:
    """One linear layer over the vocabulary: F features, C columns."""

    idf: Floats  # (F,)
    coef: NDArray[np.float32]  # (F, C)
    bias: Floats  # (C,)

    def scores(self, rows: Sequence[Ids]) -> Floats:
        """(len(rows), C) scores of rows given by their feature ids."""
        return np.array([self.shares(ids).sum(axis=0) for ids in rows]).reshape(len(rows), -1) + self.bias

    def shares(self, ids: Ids) -> Floats:
        """(len(ids), C): what each feature gives; with `bias` they add up to the score."""
        idf = self.idf[ids]
        norm = np.sqrt((idf * idf).sum()) if len(ids) else 1.0
        return self.coef[ids].astype(np.float64) * (idf / norm)[:, None]


@dataclass(frozen=True, slots=True)
class Weights:
    """All numbers of a model over K clauses, J kinds and F features.

    `sentence` and `passage` have K + 1 columns, the last for "anything at all"; `kind` has J.
    `mix` has one number for each column of `mixture`, `prior` one for each clause.
    """

    vocabulary: Mapping[str, int]
    sentence: Layer
    passage: Layer
    kind: Layer
    mix: Floats
    prior: Floats

    def ids(self, names: Iterable[str]) -> Ids:
        """The ids of the known features among `names`, ascending."""
        known = (self.vocabulary.get(name) for name in names)
        return np.array(sorted(i for i in known if i is not None), dtype=np.int64)


def whole(sentences: Iterable[Iterable[str]]) -> set[str]:
    """The features of a passage: those of its sentences, neighbourhood left out."""
    return {name for names in sentences for name in names if name[0] not in _CONTEXT}


def probability(raw: Floats) -> Floats:
    """The logistic function; stable at both ends."""
    upper = 1 / (1 + np.exp(-np.abs(raw)))
    share: Floats = np.where(raw >= 0, upper, 1 - upper)
    return share


def share_of_kinds(scores: Floats) -> Floats:
    """(J,) scores of the kinds as shares that add up to 1 (softmax)."""
    powers = np.exp(scores - scores.max())
    shares: Floats = powers / powers.sum()
    return shares


def strongest(scores: Floats) -> Ids:
    """(TOP, C) rows of the strongest sentences of each column, strongest first; -1 where there are fewer."""
    order = np.argsort(-scores, axis=0, kind="stable")[:TOP]
    padding = np.full((TOP - len(order), scores.shape[1]), -1, dtype=order.dtype)
    return np.vstack([order, padding])


def mixture(sentences: Floats, passage: Floats, kinds: Floats, characters: int) -> Floats:
    """(K, M) columns that the raw score of each clause is linear in; see `COLUMNS` for the first of them.

    `sentences` is (S, K + 1), `passage` (K + 1,), `kinds` (J,) shares; `characters` the passage's length.
    """
    padded = np.vstack([sentences, np.full(sentences.shape[1], MISSING)])
    best = np.take_along_axis(padded, strongest(sentences), axis=0)  # (TOP, K + 1)
    first, mean = best[0], best.mean(axis=0)
    own = [first, mean, passage, first - first[:-1].max(), passage - passage[:-1].max()]
    shared = [first[-1], mean[-1], passage[-1], np.log(max(characters, 1)), *kinds]
    return np.hstack([np.column_stack(own)[:-1], np.tile(shared, (len(passage) - 1, 1))])


def sentence_shares(mix: Floats) -> tuple[float, ...]:
    """What a point of each of the `TOP` strongest sentences adds to the raw score, strongest first."""
    each = float(mix[1]) / TOP
    return (float(mix[0]) + each, *(each,) * (TOP - 1))


def mixed(columns: Floats, mix: Floats, prior: Floats) -> Floats:
    """(…, K) raw scores: the columns of `mixture` weighed, and each clause's own bias."""
    raw: Floats = (columns * mix).sum(axis=-1) + prior
    return raw
