"""From labelled examples to a candidate bundle: fit, choose thresholds, write it all down.

Deterministic: the same examples, scheme and lists give the same weights and the same version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import bundle, card, lexicon, scoring, taxonomy
from .corpus import Example
from .fit import Fitted, fit, fit_calibration
from .model import Model
from .scoring import Floats, Layer, Weights
from .shelf import Item, shelve

FALSE_FLAGS = {"suspect": 0.07, "review": 0.11}  # of texts in which no reader found anything, out of fold
PRECISION = {"suspect": 0.50, "review": 0.30}  # of a clause, out of fold, once the passage passes the gate
LEAST = 0.15  # probability below which no clause is shown but a leading one, whatever the precision above it
_FEWEST = 10  # findings that a precision is worth stating for
_READ_TWICE = 200  # examples read twice from which on they alone say what is clean and what is right


def train(examples: Sequence[Example], scheme: str, lists: Mapping[str, str]) -> Model:
    """A model of the taxonomy in TOML text `scheme`, with the word lists `lists`.

    Raises `CorpusError` where the examples and the scheme do not fit.
    """
    chart = taxonomy.parse(scheme)
    kinds = tuple(sorted({example.kind for example in examples}))
    items = shelve(examples, chart, lexicon.parse(lists))
    fitted = fit(items, kinds)
    calibration = calibrate(fitted, items)
    raw = scoring.calibrated(fitted.raw, fitted.gate, calibration)
    gate, thresholds = choose(raw, fitted.gate, items)
    manifest = {
        "version": _version(examples, scheme, lists),
        "taxonomy": chart.id,
        "kinds": list(kinds),
        "gate": gate,
        "thresholds": {clause.id: row for clause, row in zip(chart.clauses, thresholds, strict=True)},
        "trained_on": {"examples": len(items), "labelled": int(sum(item.labelled[-1] for item in items))},
    }
    weights = replace(fitted.weights, calibration=calibration)
    files = {**_files(weights, scheme, lists), "CARD.md": b""}
    files["CARD.md"] = card.write(manifest, chart, items, raw, fitted.gate).encode()
    return Model.of(manifest, files)


def calibrate(fitted: Fitted, items: Sequence[Item]) -> Floats:
    """(3,) weights of a clause's raw score and the gate, and a bias, that make their sum the logit of being right.

    A clause is right where any reader of the example gave or would defend it, as a finding is scored on
    texts that two have labelled. Fitted, out of fold, on the leading clauses of those read twice, if they are many.
    """
    twice = _read_twice(items)
    leading = np.argsort(-fitted.raw[twice], axis=1)[:, : scoring.LEADERS]
    raw = np.take_along_axis(fitted.raw[twice], leading, axis=1)
    gate = np.repeat(fitted.gate[twice], leading.shape[1])
    right = np.take_along_axis(np.array([items[at].right for at in twice]), leading, axis=1)
    return fit_calibration(np.column_stack([raw.ravel(), gate]), right.ravel())


def choose(
    raw: Floats, gate: Floats, items: Sequence[Item]
) -> tuple[dict[str, float], list[dict[str, float]]]:
    """Thresholds as probabilities: one a level for the gate, two a clause in the order of the scheme.

    `raw` (examples, K) and `gate` (examples,) are out of fold. A passage passes where no more than
    `FALSE_FLAGS` of the clean examples do; of its clauses the leading one is then shown, and others from
    the lowest score on at which they are right as often as `PRECISION` says, but none below `LEAST`.
    """
    clean = [at for at in _read_twice(items) if not items[at].right.any()]
    right = np.array([item.right for item in items])
    gates: dict[str, float] = {}
    table: list[dict[str, float]] = [{} for _ in range(raw.shape[1])]
    for level in ("review", "suspect"):
        least = float(np.quantile(gate[clean], 1 - FALSE_FLAGS[level]))
        gates[level], passed = _share(least), gate >= least
        for k, row in enumerate(table):
            row[level] = max(LEAST, _share(_least(raw[passed, k], right[passed, k], PRECISION[level])))
    return gates, table


def _read_twice(items: Sequence[Item]) -> list[int]:
    """The examples that say best what is right: those read twice, or, where they are few, all."""
    twice = [at for at, item in enumerate(items) if item.example.second is not None]
    one_sided = len({bool(items[at].right.any()) for at in twice}) < 2
    return list(range(len(items))) if one_sided or len(twice) < _READ_TWICE else twice


def _least(raw: Floats, right: NDArray[np.bool_], precision: float) -> float:
    """The lowest raw score from which on precision holds; where too few show it, the precision's own logit."""
    order = np.argsort(-raw, kind="stable")
    held = np.cumsum(right[order]) / np.arange(1, len(order) + 1) >= precision
    enough = np.flatnonzero(held & (np.arange(len(order)) + 1 >= _FEWEST))
    return float(raw[order][enough[-1]]) if len(enough) else float(np.log(precision / (1 - precision)))


def _share(raw: float) -> float:
    share = float(scoring.probability(np.array(raw)))
    return round(min(max(share, 1e-6), 1 - 1e-6), 6)


def _version(examples: Sequence[Example], scheme: str, lists: Mapping[str, str]) -> str:
    digest = hashlib.sha256(scheme.encode())
    for part in (*map(repr, examples), *(f"{name}\n{text}" for name, text in sorted(lists.items()))):
        digest.update(part.encode())
    return f"{taxonomy.parse(scheme).id}-{digest.hexdigest()[:8]}"


def _files(weights: Weights, scheme: str, lists: Mapping[str, str]) -> dict[str, bytes]:
    arrays: dict[str, NDArray[Any]] = {name: getattr(weights, name) for name in scoring.HEAD}
    for name in ("sentence", "passage", "kind"):
        layer: Layer = getattr(weights, name)
        arrays |= {f"{name}_idf": layer.idf, f"{name}_coef": layer.coef, f"{name}_bias": layer.bias}
    return {
        "weights.npz": bundle.pack(arrays),
        "vocabulary.txt": "".join(f"{name}\n" for name in weights.vocabulary).encode(),
        "taxonomy.toml": scheme.encode(),
        **lexicon.pack(lists),
    }
