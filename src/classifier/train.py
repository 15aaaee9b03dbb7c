"""From labelled examples to a candidate bundle: fit, choose thresholds, write it all down.

Deterministic: the same examples, scheme and lists give the same weights and the same version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import bundle, card, lexicon, taxonomy
from .corpus import Example
from .fit import fit
from .model import Model
from .scoring import Floats, Layer, Weights, probability
from .shelf import shelve
from .taxonomy import Taxonomy

FALSE_FLAGS = {"suspect": 0.12, "review": 0.25}  # of unlabelled examples, borderline ones too, out of fold
PRECISION = {"suspect": 0.50, "review": 0.30}  # of a clause, out of fold, once the document passes
_FEWEST = 10  # findings that a precision is worth stating for


def train(examples: Sequence[Example], scheme: str, lists: Mapping[str, str]) -> Model:
    """A model of the taxonomy in TOML text `scheme`, with the word lists `lists`.

    Raises `CorpusError` where the examples and the scheme do not fit.
    """
    chart = taxonomy.parse(scheme)
    kinds = tuple(sorted({example.kind for example in examples}))
    items = shelve(examples, chart, lexicon.parse(lists))
    fitted = fit(items, kinds)
    gate, thresholds = choose(fitted.held_out, np.array([item.labelled for item in items]), chart)
    manifest = {
        "version": _version(examples, scheme, lists),
        "taxonomy": chart.id,
        "kinds": list(kinds),
        "gate": gate,
        "thresholds": thresholds,
        "trained_on": {"examples": len(items), "labelled": int(sum(item.labelled[-1] for item in items))},
    }
    files = {**_files(fitted.weights, scheme, lists), "CARD.md": b""}
    files["CARD.md"] = card.write(manifest, chart, items, fitted.held_out).encode()
    return Model.of(manifest, files)


def choose(
    raw: Floats, labelled: NDArray[np.bool_], chart: Taxonomy
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Thresholds as probabilities: one a level for the document, two a clause.

    `raw` is (examples, K), out of fold; `labelled` (examples, K + 1). A document passes where its
    strongest clause does so for no more than `FALSE_FLAGS` of the unlabelled; that clause is then shown,
    and others from the lowest score on at which they are right as often as `PRECISION` says.
    """
    strongest = raw.max(axis=1)
    gate: dict[str, float] = {}
    table: dict[str, dict[str, float]] = {clause.id: {} for clause in chart.clauses}
    for level in ("review", "suspect"):
        least = float(np.quantile(strongest[~labelled[:, -1]], 1 - FALSE_FLAGS[level]))
        gate[level] = _share(least)
        passed = strongest >= least
        for k, clause in enumerate(chart.clauses):
            table[clause.id][level] = _share(_least(raw[passed, k], labelled[passed, k], level, least))
    return gate, table


def _least(raw: Floats, right: NDArray[np.bool_], level: str, least: float) -> float:
    """The lowest raw score from which on precision holds: the document's own threshold, or down to 1 below it."""
    order = np.argsort(-raw, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    held = np.flatnonzero((precision >= PRECISION[level]) & (np.arange(len(order)) + 1 >= _FEWEST))
    found = float(raw[order][held[-1]]) if len(held) else least
    return min(max(found, least - 1.0), least)


def _share(raw: float) -> float:
    return round(float(probability(np.array(raw))), 6)


def _version(examples: Sequence[Example], scheme: str, lists: Mapping[str, str]) -> str:
    digest = hashlib.sha256(scheme.encode())
    for part in (*map(repr, examples), *(f"{name}\n{text}" for name, text in sorted(lists.items()))):
        digest.update(part.encode())
    return f"{taxonomy.parse(scheme).id}-{digest.hexdigest()[:8]}"


def _files(weights: Weights, scheme: str, lists: Mapping[str, str]) -> dict[str, bytes]:
    arrays: dict[str, NDArray[Any]] = {"mix": weights.mix, "prior": weights.prior}
    for name in ("sentence", "passage", "kind"):
        layer: Layer = getattr(weights, name)
        arrays |= {f"{name}_idf": layer.idf, f"{name}_coef": layer.coef, f"{name}_bias": layer.bias}
    return {
        "weights.npz": bundle.pack(arrays),
        "vocabulary.txt": "".join(f"{name}\n" for name in weights.vocabulary).encode(),
        "taxonomy.toml": scheme.encode(),
        **lexicon.pack(lists),
    }
