"""An evaluation as a table for people and as plain data for programs."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from . import evaluate
from .evaluate import Pair, Rate

_FIGURES: dict[str, Callable[[Sequence[Pair]], Rate]] = {
    "有问题的被提示": evaluate.recall_of_anything,
    "无问题的被误提示": evaluate.false_flags,
    "类 micro-F1": lambda pairs: evaluate.micro_f1(pairs, by_category=True),
    "款 micro-F1": lambda pairs: evaluate.micro_f1(pairs, by_category=False),
    "首位命中": lambda pairs: evaluate.top(pairs, 1),
    "前三命中": lambda pairs: evaluate.top(pairs, 3),
    "依据落在标注处": evaluate.evidence_on_span,
}


def as_dict(pairs: Sequence[Pair]) -> dict[str, Any]:
    """All figures as plain data; a figure without cases is null."""
    return {
        "documents": len(pairs),
        "figures": {name: _plain(figure(pairs)) for name, figure in _FIGURES.items()},
        "calibration_error": _number(evaluate.calibration_error(pairs)),
        "clauses": {
            clause: dict(zip(("precision", "recall", "f1", "n"), row, strict=True))
            for clause, row in evaluate.per_clause(pairs).items()
        },
        "confusion": [[*pair, n] for pair, n in evaluate.confusion(pairs).items()],
    }


def as_text(pairs: Sequence[Pair]) -> str:
    """The table: figures with intervals, then by register and kind, by clause, confusions, worst errors."""
    blocks = [_figures("全部", pairs)]
    blocks += [_figures(f"文体 {name}", group) for name, group in _by(pairs, lambda pair: pair.gold.register)]
    blocks += [_figures(f"性质 {name}", group) for name, group in _by(pairs, lambda pair: pair.gold.kind)]
    blocks += ["\n".join(_clauses(pairs)), "\n".join(_confusions(pairs)), "\n".join(_worst(pairs))]
    return "\n\n".join(block for block in blocks if block)


def against(pairs: Sequence[Pair], others: Sequence[Pair]) -> str:
    """The documents whose suspected clauses differ between two models, `others` being the older."""
    flipped = [(new, old) for new, old in zip(pairs, others, strict=True) if new.suspected != old.suspected]
    rows = [f"  {new.gold.id}: {_said(old)} → {_said(new)}（标注 {_said_gold(new)}）" for new, old in flipped]
    return "\n".join(
        [f"与 {others[0].analysis.model if others else '另一模型'} 相比，{len(flipped)} 篇不同", *rows]
    )


def _figures(title: str, pairs: Sequence[Pair]) -> str:
    rows = [f"  {name}\t{_shown(figure(pairs))}" for name, figure in _FIGURES.items()]
    calibration = _number(evaluate.calibration_error(pairs))
    rows.append(f"  校准误差 ECE\t{'—' if calibration is None else f'{calibration:.3f}'}")
    return "\n".join([f"{title}（{len(pairs)} 篇）", *rows])


def _by(pairs: Sequence[Pair], key: Callable[[Pair], str]) -> Iterator[tuple[str, list[Pair]]]:
    groups: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[key(pair)].append(pair)
    groups.pop("", None)
    return iter(sorted(groups.items()) if len(groups) > 1 else [])


def _clauses(pairs: Sequence[Pair]) -> Iterator[str]:
    yield "各款\t精确\t召回\tF1\tn"
    for clause, (precision, recall, f1, n) in evaluate.per_clause(pairs).items():
        yield f"  {clause}\t{precision:.2f}\t{recall:.2f}\t{f1:.2f}\t{n}"


def _confusions(pairs: Sequence[Pair]) -> list[str]:
    rows = [f"  {a} → {b}\t{n}" for (a, b), n in list(evaluate.confusion(pairs).items())[:10]]
    return ["易混（应为 → 误为）", *rows] if rows else []


def _worst(pairs: Sequence[Pair]) -> list[str]:
    """The most confident false flags and the documents missed by most, by id only."""
    wrong = [(f.score, p) for p in pairs if p.gold.clean for f in p.analysis.findings[:1] if p.suspected]
    missed = [(p.analysis.ranked[0][1], p) for p in pairs if p.gold.must and not p.suspected]
    rows = [
        f"  误提示 {p.gold.id}\t{p.suspected[0]}\t{s:.2f}" for s, p in sorted(wrong, key=lambda e: -e[0])[:5]
    ]
    rows += [
        f"  漏提示 {p.gold.id}\t{p.gold.must[0]}\t{s:.2f}" for s, p in sorted(missed, key=lambda e: e[0])[:5]
    ]
    return ["最大的错误", *rows] if rows else []


def _said(pair: Pair) -> str:
    return "、".join(pair.suspected) or "无"


def _said_gold(pair: Pair) -> str:
    return "、".join(pair.gold.must) or "无"


def _shown(rate: Rate) -> str:
    return "—" if not rate.n else f"{rate.value:.3f} [{rate.low:.3f}, {rate.high:.3f}] n={rate.n}"


def _plain(rate: Rate) -> dict[str, float | int] | None:
    return {"value": rate.value, "low": rate.low, "high": rate.high, "n": rate.n} if rate.n else None


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
