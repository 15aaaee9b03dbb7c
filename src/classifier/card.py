"""The model card, written from figures that were measured while training; what is missing shows as missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .scoring import Floats
from .shelf import Item
from .taxonomy import Taxonomy

_FRAME = """# 模型卡 {version}

## 用途
读投诉、信访、检查材料，提示文字**可能涉及**《{title}》的哪些条款，并标出原句。只作提示，由人核实决定。

## 不得用于
给人打分或排名；推断写信人是谁；提出处分建议；代替核查；作为认定事实的依据。

## 训练语料
{examples} 段，全部为自行撰写，其中有标签 {labelled} 段。语料说明见 data/README.md。

## 留出成绩（按组五折，自写语料）
自写语料上的成绩只说明模型学到了语料，不说明在真实来信上的表现；真实来信上的成绩由 `zuofeng evaluate` 另行给出。

| 项目 | 数值 | n |
|---|---|---|
| 疑似级：有标签的被提示比例 | {recall:.3f} | {labelled} |
| 疑似级：无标签的被误提示比例 | {flagged:.3f} | {unlabelled} |

## 门槛（概率）
文档门槛：疑似 {gate_suspect:.2f}，待核 {gate_review:.2f}。

| 条款 | 疑似 | 待核 | 语料段数 |
|---|---|---|---|
{thresholds}

## 已知不足
- 语料由少数作者撰写，方言、行业用语和新的事由覆盖有限。
- 反讽、双关、只靠常识才能看出的失职，常常看不出来。
- 物业、开发商、国企等与机关混在一句里时，可能认错行为主体。
- 语料中段数少于 80 的条款，提示不稳。
"""


def write(manifest: Mapping[str, Any], chart: Taxonomy, items: Sequence[Item], held_out: Floats) -> str:
    """The card in Markdown, from the out-of-fold scores (examples, K) of the training itself."""
    flagged, labelled = _flagged(manifest, chart, held_out), np.array([item.labelled[-1] for item in items])
    return _FRAME.format(
        version=manifest["version"],
        title=chart.title,
        examples=len(items),
        labelled=int(labelled.sum()),
        unlabelled=int((~labelled).sum()),
        recall=float(flagged[labelled].mean()) if labelled.any() else float("nan"),
        flagged=float(flagged[~labelled].mean()) if (~labelled).any() else float("nan"),
        gate_suspect=manifest["gate"]["suspect"],
        gate_review=manifest["gate"]["review"],
        thresholds="\n".join(_rows(manifest, chart, items)),
    )


def _flagged(manifest: Mapping[str, Any], chart: Taxonomy, raw: Floats) -> NDArray[np.bool_]:
    least = np.array([manifest["thresholds"][clause.id]["suspect"] for clause in chart.clauses])
    gate = np.log(manifest["gate"]["suspect"] / (1 - manifest["gate"]["suspect"]))
    passed: NDArray[np.bool_] = (raw.max(axis=1) >= gate) & (raw >= np.log(least / (1 - least))).any(axis=1)
    return passed


def _rows(manifest: Mapping[str, Any], chart: Taxonomy, items: Sequence[Item]) -> list[str]:
    seen = Counter(clause for item in items for clause in item.example.clauses)
    table = manifest["thresholds"]
    return [
        f"| {c.id} {c.title} | {table[c.id]['suspect']:.2f} | {table[c.id]['review']:.2f} | {seen[c.id]} |"
        for c in chart.clauses
    ]
