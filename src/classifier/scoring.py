"""From features to raw scores: linear all the way, with names for every number on it.

A sentence's score for a clause is linear in its features, so is a passage's in the features of all its
sentences, and the raw score of a clause is linear in the strongest sentences, the passage and the kind
of the document. Whether a passage says anything at all is a question of its own, the gate's, and linear in
the same. With x a feature's presence, idf its weight and |·| the Euclidean norm:

    score = Σ coef[f] · idf[f] · x[f] / |idf · x| + bias

which is scikit-learn's `TfidfTransformer` on binary counts followed by `LinearSVC`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

TOP = 3  # sentences that a clause's raw score can rest on
MISSING = -2.0  # the score of a sentence that is not there
COLUMNS = ("strongest sentence", "mean of the strongest", "passage", "sentence's lead", "passage's lead")
_SHARPNESS = 3.0
LEADERS = 3  # clauses whose scores the gate looks at
HEAD = ("mix", "prior", "gate", "calibration")  # the parts of `Weights` above its layers


@dataclass(frozen=True, slots=True)
class Layer:
    """One linear layer over the first F features of the vocabulary, with C columns."""

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
    """All numbers of a model over K clauses, J kinds and a vocabulary that begins with the sentences' features.

    `sentence` and `passage` have K + 1 columns, the last for "anything at all"; `kind` has J.
    `mix` has one number for each column of `mixture`, `prior` one for each clause; `gate` one for each
    column of `gate_columns`, and its bias last. `calibration` weighs raw score and gate, its bias last.
    """

    vocabulary: Mapping[str, int]
    sentence: Layer
    passage: Layer
    kind: Layer
    mix: Floats
    prior: Floats
    gate: Floats
    calibration: Floats

    def ids(self, names: Iterable[str]) -> Ids:
        """The ids of the known features among `names`, ascending."""
        known = (self.vocabulary.get(name) for name in names)
        return np.array(sorted(i for i in known if i is not None), dtype=np.int64)


def probability(raw: Floats) -> Floats:
    """The logistic function; stable at both ends."""
    upper = 1 / (1 + np.exp(-np.abs(raw)))
    share: Floats = np.where(raw >= 0, upper, 1 - upper)
    return share


def share_of_kinds(scores: Floats) -> Floats:
    """(J,) scores of the kinds as shares that add up to 1 (softmax, sharpened: a margin of 1 is all but certain)."""
    powers = np.exp(_SHARPNESS * (scores - scores.max()))
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


def gate_columns(columns: Floats, raw: Floats) -> Floats:
    """(…, G) columns that the gate is linear in: what all clauses share, and the highest scores of any clause.

    `columns` is (…, K, M) as of `mixture`, `raw` (…, K).
    """
    highest = [_highest(values) for values in (raw, columns[..., 0], columns[..., 2])]
    return np.concatenate([columns[..., 0, len(COLUMNS) :], *highest], axis=-1)


def _highest(values: Floats) -> Floats:
    """(…, LEADERS) the highest of (…, K), highest first; where there are fewer, the lowest stands in."""
    order: Floats = -np.sort(-values, axis=-1)
    return order[..., np.minimum(np.arange(LEADERS), order.shape[-1] - 1)]


def gated(columns: Floats, gate: Floats) -> Floats:
    """(…) raw scores of "anything at all": the columns of `gate_columns` weighed, and the bias."""
    raw: Floats = (columns * gate[:-1]).sum(axis=-1) + gate[-1]
    return raw


def calibrated(raw: Floats, gate: Floats, calibration: Floats) -> Floats:
    """(…, K) the logits that are shown, from (…, K) raw scores and (…) gates."""
    shown: Floats = calibration[0] * raw + (calibration[1] * gate + calibration[2])[..., None]
    return shown


def sentence_shares(mix: Floats, scale: float) -> tuple[float, ...]:
    """What a point of each of the `TOP` strongest sentences adds to `scale` times the raw score, strongest first."""
    each = scale * float(mix[1]) / TOP
    return (scale * float(mix[0]) + each, *(each,) * (TOP - 1))


def mixed(columns: Floats, mix: Floats, prior: Floats) -> Floats:
    """(…, K) raw scores: the columns of `mixture` weighed, and each clause's own bias."""
    raw: Floats = (columns * mix).sum(axis=-1) + prior
    return raw
