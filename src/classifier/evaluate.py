"""How right the findings are: counts, rates with intervals, calibration. Pure arithmetic on predictions.

A predicted clause counts as right if it is in `must` or `may`; recall is asked of `must` alone. A clean
negative has neither. Intervals are percentile bootstraps over documents (95 %, fixed seed).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import CorpusError
from .findings import Analysis

Floats = NDArray[np.float64]
_DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Gold:
    """What annotators say of a document: clauses all gave, clauses some would defend, spans that carry them."""

    id: str
    text: str
    must: tuple[str, ...]
    may: tuple[str, ...] = ()
    evidence: Mapping[str, tuple[tuple[int, int], ...]] | None = None
    register: str = ""
    kind: str = ""

    @property
    def clean(self) -> bool:
        return not self.must and not self.may


@dataclass(frozen=True, slots=True)
class Rate:
    """A figure with its 95 % interval and the number of cases it rests on; nan where there are none."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A document, what is known of it, and what was said of it at level 疑似."""

    gold: Gold
    analysis: Analysis

    @property
    def suspected(self) -> tuple[str, ...]:
        return tuple(finding.clause for finding in self.analysis.findings if finding.level == "suspect")


def read(path: Path) -> list[Gold]:
    """Labelled documents of a file: rows with `must` and `may`, or rows of a corpus with `labels`.

    Raises `CorpusError` naming file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}：读不到标注（{error}）") from error
    return [_gold(line, f"{path}:{number}") for number, line in enumerate(lines, start=1) if line.strip()]


def _gold(line: str, place: str) -> Gold:
    try:
        row: dict[str, Any] = json.loads(line)
        if not isinstance(row["text"], str):
            raise TypeError("text")
        if "must" not in row:
            row["must"] = list(dict.fromkeys(label["clause"] for label in row["labels"]))
            row["may"] = [
                c
                for c in (*(row.get("second") or ()), *(row.get("defensible") or ()))
                if c not in row["must"]
            ]
            row["evidence"] = _quoted(row["text"], row["labels"])
        spans = {clause: tuple((a, b) for a, b in held) for clause, held in row.get("evidence", {}).items()}
        shown = row.get("register", ""), row.get("kind", "")
        return Gold(row["id"], row["text"], tuple(row["must"]), tuple(row["may"]), spans, *shown)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CorpusError(f"{place}: 不是标注行（要有 id、text、must、may，或 id、text、labels）") from error


def _quoted(text: str, labels: Sequence[Mapping[str, str]]) -> dict[str, list[tuple[int, int]]]:
    spans: dict[str, list[tuple[int, int]]] = {}
    for label in labels:
        at = text.find(label["evidence"])
        if at >= 0:
            spans.setdefault(label["clause"], []).append((at, at + len(label["evidence"])))
    return spans


def recall_of_anything(pairs: Sequence[Pair]) -> Rate:
    """Of the documents with a certain label, the share that is flagged."""
    return _share([bool(pair.suspected) for pair in pairs if pair.gold.must])


def false_flags(pairs: Sequence[Pair]) -> Rate:
    """Of the clean negatives, the share that is flagged."""
    return _share([bool(pair.suspected) for pair in pairs if pair.gold.clean])


def top(pairs: Sequence[Pair], k: int) -> Rate:
    """Of the documents with a certain label, the share that has a right clause among the first k ranked."""
    hits = []
    for pair in pairs:
        if pair.gold.must:
            right = {*pair.gold.must, *pair.gold.may}
            hits.append(any(clause in right for clause, _ in pair.analysis.ranked[:k]))
    return _share(hits)


def evidence_on_span(pairs: Sequence[Pair]) -> Rate:
    """Of the right findings whose words are annotated, the share with a sentence on an annotated span."""
    return _share([hit for pair in pairs for hit in _evidence_hits(pair)])


def _evidence_hits(pair: Pair) -> list[bool]:
    known = pair.gold.evidence or {}
    return [
        any(
            item.start < end and start < item.end
            for item in finding.evidence
            for start, end in known[finding.clause]
        )
        for finding in pair.analysis.findings
        if finding.clause in pair.gold.must and known.get(finding.clause)
    ]


def micro_f1(pairs: Sequence[Pair], by_category: bool) -> Rate:
    """Micro-averaged F1 over all clauses, or over all categories."""
    counts = np.array([_counts(pair, by_category) for pair in pairs], dtype=np.float64).reshape(-1, 4)
    return _bootstrap(counts, lambda rows: _f1(rows.sum(axis=0)))


def per_clause(pairs: Sequence[Pair]) -> dict[str, tuple[float, float, float, int]]:
    """{clause: (precision, recall, F1, n)}, n being the documents that certainly carry it."""
    clauses = sorted({clause for pair in pairs for clause in (*pair.gold.must, *pair.suspected)})
    return {clause: _of_clause(pairs, clause) for clause in clauses}


def confusion(pairs: Sequence[Pair]) -> dict[tuple[str, str], int]:
    """{(a missed clause, a wrong one found in its place): documents}, the commonest first."""
    seen: dict[tuple[str, str], int] = {}
    for pair in pairs:
        right = {*pair.gold.must, *pair.gold.may}
        for missed in set(pair.gold.must) - set(pair.suspected):
            for wrong in set(pair.suspected) - right:
                seen[missed, wrong] = seen.get((missed, wrong), 0) + 1
    return dict(sorted(seen.items(), key=lambda entry: (-entry[1], entry[0])))


def calibration_error(pairs: Sequence[Pair], bins: int = 10) -> float:
    """Expected calibration error of the shown probabilities: |share right - mean score| over equal bins."""
    shown = [
        (finding.score, finding.clause in {*pair.gold.must, *pair.gold.may})
        for pair in pairs
        for finding in pair.analysis.findings
    ]
    if not shown:
        return float("nan")
    score, right = np.array([s for s, _ in shown]), np.array([float(r) for _, r in shown])
    place = np.minimum((score * bins).astype(int), bins - 1)
    gaps = [abs((right - score)[place == at].sum()) for at in range(bins)]
    return float(sum(gaps) / len(shown))


def kappa(first: Sequence[frozenset[str]], second: Sequence[frozenset[str]]) -> Rate:
    """Cohen's kappa of two readers on "anything at all?", each text given by the clauses that they gave it."""
    said = np.array([(bool(a), bool(b)) for a, b in zip(first, second, strict=True)]).reshape(-1, 2)
    return _bootstrap(said.astype(np.float64), _kappa)


def agreement(first: Sequence[frozenset[str]], second: Sequence[frozenset[str]]) -> Rate:
    """Micro-averaged F1 of one reader's clauses against the other's; the same both ways round."""
    counts = [(len(a & b), len(b), len(a & b), len(a)) for a, b in zip(first, second, strict=True)]
    return _bootstrap(np.array(counts, dtype=np.float64).reshape(-1, 4), lambda rows: _f1(rows.sum(axis=0)))


def _kappa(said: Floats) -> float:
    agreed, shares = float((said[:, 0] == said[:, 1]).mean()), said.mean(axis=0)
    chance = float(shares.prod() + (1 - shares).prod())
    return (agreed - chance) / (1 - chance) if chance < 1 else float("nan")


def _counts(pair: Pair, by_category: bool) -> tuple[int, int, int, int]:
    """Right predictions, predictions, found certain labels, certain labels."""
    must, right, said = set(pair.gold.must), {*pair.gold.must, *pair.gold.may}, set(pair.suspected)
    if by_category:
        must, right, said = ({clause.split("/")[0] for clause in group} for group in (must, right, said))
    return len(said & right), len(said), len(said & must), len(must)


def _f1(sums: Floats) -> float:
    precision = sums[0] / sums[1] if sums[1] else 0.0
    recall = sums[2] / sums[3] if sums[3] else 0.0
    return float(2 * precision * recall / (precision + recall)) if precision + recall else 0.0


def _of_clause(pairs: Sequence[Pair], clause: str) -> tuple[float, float, float, int]:
    said = [pair for pair in pairs if clause in pair.suspected]
    held = [pair for pair in pairs if clause in pair.gold.must]
    right = sum(clause in {*pair.gold.must, *pair.gold.may} for pair in said)
    found = sum(clause in pair.suspected for pair in held)
    precision = right / len(said) if said else 0.0
    recall = found / len(held) if held else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return precision, recall, f1, len(held)


def _share(hits: Sequence[bool]) -> Rate:
    table = np.array(hits, dtype=np.float64).reshape(-1, 1)
    return _bootstrap(table, lambda rows: float(rows.mean()) if len(rows) else float("nan"))


def _bootstrap(rows: Floats, figure: Callable[[Floats], float]) -> Rate:
    if not len(rows):
        return Rate(float("nan"), float("nan"), float("nan"), 0)
    draws = np.random.default_rng(0).integers(0, len(rows), size=(_DRAWS, len(rows)))
    low, high = np.percentile([figure(rows[draw]) for draw in draws], (2.5, 97.5))
    return Rate(figure(rows), float(low), float(high), len(rows))
