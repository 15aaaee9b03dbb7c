"""Fitting: the layers on examples, the mixture on scores that were made without the example's group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from . import scoring
from .errors import CorpusError
from .scoring import Floats, Layer, Weights
from .shelf import Bools, Item

FOLDS = 4
FEWEST = 3  # sentences that a feature of sentences must stand in
FEWEST_GRAMS = 6  # passages that a feature of passages alone must stand in
PENALTY = {"sentence": 0.3, "passage": 1.0, "kind": 0.3, "mix": 1.0, "gate": 1.0, "calibration": 1.0}
NEVER = -2.0  # the bias of a column with too few examples to learn from

Rows = NDArray[np.int64]
Fold = tuple[Rows, Rows]


@dataclass(frozen=True, slots=True)
class Table:
    """All examples as numbers. `sentences` (S, N) and `passages` (P, N) hold a one where a row has a feature.

    `ends` (P + 1,) says which sentences are an example's: those from its own entry up to the next.
    """

    names: NDArray[np.str_]
    sentences: sparse.csr_array
    passages: sparse.csr_array
    ends: Rows
    carried: Bools  # (S, K + 1)
    labelled: Bools  # (P, K + 1)
    of_kind: Bools  # (P, J)
    characters: Rows


@dataclass(frozen=True, slots=True)
class Fitted:
    """The weights; and of each example what weights without its group gave it: raw scores (P, K), gate (P,)."""

    weights: Weights
    raw: Floats
    gate: Floats


@dataclass(frozen=True, slots=True)
class Head:
    """What turns mixture columns into raw scores and the gate."""

    mix: Floats
    prior: Floats
    gate: Floats

    def judge(self, columns: Floats) -> tuple[Floats, Floats]:
        """(…, K) raw scores and (…) gates of (…, K, M) columns."""
        raw = scoring.mixed(columns, self.mix, self.prior)
        return raw, scoring.gated(scoring.gate_columns(columns, raw), self.gate)


def fit(items: Sequence[Item], kinds: Sequence[str]) -> Fitted:
    """Weights for the clauses of the items and for `kinds`, and honest scores of the items themselves."""
    folds = _folds(items)
    table = tabulate(items, kinds)
    columns = _columns_out_of_fold(table, folds)
    raw, gate = np.zeros(columns.shape[:2]), np.zeros(len(items))
    for kept, held in folds:
        raw[held], gate[held] = fit_head(columns[kept], table.labelled[kept]).judge(columns[held])
    head = fit_head(columns, table.labelled)
    layers = fit_layers(table, np.arange(len(items)))
    return Fitted(replace(layers, mix=head.mix, prior=head.prior, gate=head.gate), raw, gate)


def _folds(items: Sequence[Item]) -> list[Fold]:
    groups = [item.example.group for item in items]
    if len(set(groups)) < FOLDS:
        raise CorpusError(f"样本只有 {len(set(groups))} 组，至少要 {FOLDS} 组才能训练")
    folds = list(GroupKFold(FOLDS).split(groups, groups=groups))
    said = np.array([item.labelled[-1] for item in items])
    if any(said[kept].all() or not said[kept].any() for kept, _ in folds):
        raise CorpusError("样本里有标签的和没有标签的都要有，而且要分在不同的组里")
    return folds


def tabulate(items: Sequence[Item], kinds: Sequence[str]) -> Table:
    """The items as one table; features that are too rare to count in any part of it are left out."""
    sentences = [names for item in items for names in item.sentences]
    bags = [item.bag for item in items]
    counter = CountVectorizer(analyzer=list, binary=True, min_df=FEWEST).fit([*sentences, *bags])
    return Table(
        names=counter.get_feature_names_out(),
        sentences=sparse.csr_array(counter.transform(sentences), dtype=np.float64),
        passages=sparse.csr_array(counter.transform(bags), dtype=np.float64),
        ends=np.cumsum([0, *(len(item.sentences) for item in items)]),
        carried=np.vstack([item.carried for item in items]),
        labelled=np.array([item.labelled for item in items]),
        of_kind=np.array([[item.example.kind == kind for kind in kinds] for item in items]),
        characters=np.array([item.characters for item in items]),
    )


def _columns_out_of_fold(table: Table, folds: Iterable[Fold]) -> Floats:
    found = [(held, columns(table, held, fit_layers(table, kept))) for kept, held in folds]
    order = np.argsort(np.concatenate([held for held, _ in found]))
    made: Floats = np.concatenate([part for _, part in found])[order]
    return made


def columns(table: Table, rows: Rows, weights: Weights) -> Floats:
    """(rows, K, M) mixture columns of some of the examples, each taken as one passage."""
    known = _places(table, weights.vocabulary)
    own = _sentences_of(table, rows)
    sentences = _scores(table.sentences[own], known, weights.sentence)
    passages, kinds = (
        _scores(table.passages[rows], known, layer) for layer in (weights.passage, weights.kind)
    )
    ends = np.cumsum(np.diff(table.ends)[rows])[:-1]
    return np.array(
        [
            scoring.mixture(part, passage, scoring.share_of_kinds(kind), int(characters))
            for part, passage, kind, characters in zip(
                np.split(sentences, ends), passages, kinds, table.characters[rows], strict=True
            )
        ]
    )


def _sentences_of(table: Table, rows: Rows) -> Rows:
    return np.concatenate([np.arange(table.ends[at], table.ends[at + 1]) for at in rows])


def _places(table: Table, vocabulary: Iterable[str]) -> Rows:
    return np.searchsorted(table.names, np.array(list(vocabulary), dtype=table.names.dtype))


def _scores(present: sparse.csr_array, known: Rows, layer: Layer) -> Floats:
    matrix = weighed(present[:, known[: len(layer.idf)]], layer.idf)
    scores: Floats = matrix @ layer.coef.astype(np.float64) + layer.bias
    return scores


def fit_layers(table: Table, rows: Rows) -> Weights:
    """The three layers, fitted on some of the examples; what comes after them is left empty."""
    sentences, passages = table.sentences[_sentences_of(table, rows)], table.passages[rows]
    of_sentences = _frequent(sentences, FEWEST)
    of_passages = _frequent(passages, FEWEST_GRAMS) & ~of_sentences
    known = np.concatenate([np.flatnonzero(of_sentences), np.flatnonzero(of_passages)])
    first, bags = sentences[:, known[: of_sentences.sum()]], passages[:, known]
    empty = np.zeros(0)
    return Weights(
        vocabulary={name: i for i, name in enumerate(table.names[known].tolist())},
        sentence=_layer(first, table.carried[_sentences_of(table, rows)], PENALTY["sentence"]),
        passage=_layer(bags, table.labelled[rows], PENALTY["passage"]),
        kind=_layer(bags, table.of_kind[rows], PENALTY["kind"]),
        mix=empty,
        prior=empty,
        gate=empty,
        calibration=empty,
    )


def _frequent(present: sparse.csr_array, fewest: int) -> Bools:
    frequent: Bools = np.asarray(present.sum(axis=0)).ravel() >= fewest
    return frequent


def _layer(present: sparse.csr_array, targets: Bools, c: float) -> Layer:
    idf = np.log((1 + present.shape[0]) / (1 + np.asarray(present.sum(axis=0)).ravel())) + 1
    matrix = weighed(present, idf)
    # processes, since threads would share liblinear's random numbers
    fitted = Parallel(n_jobs=-1, max_nbytes=None)(
        delayed(_column)(matrix, targets[:, column], c) for column in range(targets.shape[1])
    )
    coef = np.array([weights for weights, _ in fitted], dtype=np.float32).T
    return Layer(idf, np.ascontiguousarray(coef), np.array([bias for _, bias in fitted]))


def weighed(present: sparse.csr_array, idf: Floats) -> sparse.csr_array:
    """Presence times idf, each row at Euclidean length 1; empty rows stay empty."""
    matrix = sparse.csr_array(present @ sparse.diags_array(idf))
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scaled = sparse.csr_array(sparse.diags_array(1 / np.maximum(norms, 1e-12)) @ matrix)
    scaled.sort_indices()
    return scaled


def _column(matrix: sparse.csr_array, target: Bools, c: float) -> tuple[Floats, float]:
    """A linear support vector machine: as good here as logistic regression, and many times faster to fit."""
    if target.sum() < 2 or target.all():
        return np.zeros(matrix.shape[1]), NEVER
    fitted = LinearSVC(C=c, random_state=0).fit(matrix, target)
    return fitted.coef_[0], float(fitted.intercept_[0])


def fit_head(columns: Floats, labelled: Bools) -> Head:
    """The mixture on (examples, K, M) columns, and the gate on what the mixture makes of them.

    `labelled` is (examples, K + 1), the last column for "anything at all".
    """
    mix, prior = _fit_mixture(columns, labelled[:, :-1])
    gate = scoring.gate_columns(columns, scoring.mixed(columns, mix, prior))
    return Head(mix, prior, _fit_one(gate, labelled[:, -1], PENALTY["gate"]))


def fit_calibration(table: Floats, right: Bools) -> Floats:
    """(width + 1,) weights and bias that make (rows, width) scores the logit of being right."""
    return _fit_one(table, right, PENALTY["calibration"])


def _fit_one(table: Floats, target: Bools, c: float) -> Floats:
    """(width + 1,) weights of one logistic regression, its bias last."""
    fitted = LogisticRegression(C=c, max_iter=5000, tol=1e-8).fit(table, target)
    return np.append(fitted.coef_[0], fitted.intercept_[0])


def _fit_mixture(columns: Floats, labelled: Bools) -> tuple[Floats, Floats]:
    """The mixture's weights (M,), shared by all clauses, and each clause's bias (K,)."""
    examples, clauses, width = columns.shape
    table = np.hstack([columns.reshape(-1, width), np.tile(np.eye(clauses), (examples, 1))])
    fitted = LogisticRegression(C=PENALTY["mix"], max_iter=5000, tol=1e-8).fit(table, labelled.ravel())
    return fitted.coef_[0, :width], fitted.coef_[0, width:] + fitted.intercept_[0]
