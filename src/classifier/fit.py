"""Fitting: the layers on examples, the mixture on scores that were made without the example's group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from . import scoring
from .errors import CorpusError
from .scoring import Floats, Layer, Weights
from .shelf import Bools, Item

FOLDS = 5
FEWEST = 3  # sentences that a feature must stand in
PENALTY = {"sentence": 20.0, "passage": 300.0, "kind": 10.0, "mix": 1.0}  # scikit-learn's C
NEVER = -12.0  # the bias of a column with too few examples to learn from

Fold = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Fitted:
    """The weights, and the raw score (examples, K) that each example got from weights without its group."""

    weights: Weights
    held_out: Floats


def fit(items: Sequence[Item], kinds: Sequence[str]) -> Fitted:
    """Weights for the clauses of the items and for `kinds`, and honest scores of the items themselves."""
    folds = _folds(items)
    labelled = np.array([item.labelled[:-1] for item in items])
    columns = _columns_out_of_fold(items, kinds, folds)
    raw = np.zeros(columns.shape[:2])
    for kept, held in folds:
        mix, prior = fit_mixture(columns[kept], labelled[kept])
        raw[held] = scoring.mixed(columns[held], mix, prior)
    mix, prior = fit_mixture(columns, labelled)
    return Fitted(replace(fit_layers(items, kinds), mix=mix, prior=prior), raw)


def _folds(items: Sequence[Item]) -> list[Fold]:
    groups = [item.example.group for item in items]
    if len(set(groups)) < FOLDS:
        raise CorpusError(f"样本只有 {len(set(groups))} 组，至少要 {FOLDS} 组才能训练")
    return list(GroupKFold(FOLDS).split(groups, groups=groups))


def _columns_out_of_fold(items: Sequence[Item], kinds: Sequence[str], folds: Iterable[Fold]) -> Floats:
    found: dict[int, Floats] = {}
    for kept, held in folds:
        layers = fit_layers([items[at] for at in kept], kinds)
        found |= {int(at): columns(items[at], layers) for at in held}
    return np.array([found[at] for at in range(len(items))])


def columns(item: Item, weights: Weights) -> Floats:
    """(K, M) mixture columns of an example taken as one passage."""
    sentences = weights.sentence.scores([weights.ids(names) for names in item.sentences])
    ids = weights.ids(item.bag)
    kinds = scoring.share_of_kinds(weights.kind.scores([ids])[0])
    return scoring.mixture(sentences, weights.passage.scores([ids])[0], kinds, item.characters)


def fit_layers(items: Sequence[Item], kinds: Sequence[str]) -> Weights:
    """The three layers, fitted; the mixture is left empty."""
    sentences = [names for item in items for names in item.sentences]
    bags = [item.bag for item in items]
    known = vocabulary(sentences)
    of_kind = np.array([[item.example.kind == kind for kind in kinds] for item in items])
    return Weights(
        vocabulary=known,
        sentence=_layer(sentences, np.vstack([item.carried for item in items]), known, PENALTY["sentence"]),
        passage=_layer(bags, np.array([item.labelled for item in items]), known, PENALTY["passage"]),
        kind=_layer(bags, of_kind, known, PENALTY["kind"]),
        mix=np.zeros(0),
        prior=np.zeros(0),
    )


def vocabulary(sentences: Iterable[Iterable[str]]) -> dict[str, int]:
    """Ids, in alphabetical order, of the features that stand in at least `FEWEST` sentences."""
    seen = Counter(name for names in sentences for name in names)
    return {name: i for i, name in enumerate(sorted(name for name, n in seen.items() if n >= FEWEST))}


def _layer(rows: Sequence[Iterable[str]], targets: Bools, known: Mapping[str, int], c: float) -> Layer:
    present = presence(rows, known)
    idf = np.log((1 + present.shape[0]) / (1 + np.asarray(present.sum(axis=0)).ravel())) + 1
    matrix = weighed(present, idf)
    fitted = Parallel(n_jobs=-1, max_nbytes=None)(
        delayed(_column)(matrix, targets[:, column], c) for column in range(targets.shape[1])
    )
    coef = np.array([weights for weights, _ in fitted], dtype=np.float32).T
    return Layer(idf, np.ascontiguousarray(coef), np.array([bias for _, bias in fitted]))


def presence(rows: Sequence[Iterable[str]], known: Mapping[str, int]) -> sparse.csr_array:
    """(rows, F) ones where a row has a feature."""
    ids = [sorted(known[name] for name in names if name in known) for names in rows]
    indices = np.array([i for row in ids for i in row], dtype=np.int32)
    ends = np.cumsum([0, *map(len, ids)], dtype=np.int32)
    return sparse.csr_array((np.ones(len(indices)), indices, ends), shape=(len(ids), len(known)))


def weighed(present: sparse.csr_array, idf: Floats) -> sparse.csr_array:
    """Presence times idf, each row at Euclidean length 1; empty rows stay empty."""
    matrix = sparse.csr_array(present @ sparse.diags_array(idf))
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scaled = sparse.csr_array(sparse.diags_array(1 / np.maximum(norms, 1e-12)) @ matrix)
    scaled.sort_indices()
    return scaled


def _column(matrix: sparse.csr_array, target: Bools, c: float) -> tuple[Floats, float]:
    if target.sum() < 2 or target.all():
        return np.zeros(matrix.shape[1]), NEVER
    fitted = LogisticRegression(C=c, solver="liblinear", random_state=0).fit(matrix, target)
    return fitted.coef_[0], float(fitted.intercept_[0])


def fit_mixture(columns: Floats, labelled: Bools) -> tuple[Floats, Floats]:
    """The mixture's weights (M,), shared by all clauses, and each clause's bias (K,)."""
    examples, clauses, width = columns.shape
    table = np.hstack([columns.reshape(-1, width), np.tile(np.eye(clauses), (examples, 1))])
    fitted = LogisticRegression(C=PENALTY["mix"], max_iter=5000, tol=1e-8).fit(table, labelled.ravel())
    return fitted.coef_[0, :width], fitted.coef_[0, width:] + fitted.intercept_[0]
