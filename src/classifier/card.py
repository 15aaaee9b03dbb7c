"""The model card, written from figures that were measured while training; what is missing shows as missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .scoring import Floats
from .shelf import Bools, Item
from .taxonomy import Taxonomy

_FRAME = """# 模型卡 {version}

## 用途
读投诉、信访、检查材料，提示文字**可能涉及**《{title}》的哪些条款，并标出原句。只作提示，由人核实决定。

## 不得用于
给人打分或排名；推断写信人是谁；提出处分建议；代替核查；作为认定事实的依据。

## 训练语料
{examples} 段，其中有标签 {labelled} 段，由第二人盲读过 {read_twice} 段。语料说明见 data/README.md。

## 留出成绩（按组分折，自写语料）
自写语料上的成绩只说明模型学到了语料，不说明在真实来信上的表现；真实来信上的成绩由 `zuofeng evaluate` 另行给出。

“疑似”一级在各文体上的提示比例。“两人都认为没有”的，是两位读者都没有标、也都不会替它辩护的。

| 文体 | 有标签的被提示 | n | 无标签的被提示 | n | 两人都认为没有的被提示 | n |
|---|---|---|---|---|---|---|
| 全部 {all}
{registers}

## 门槛（概率）
段落总门槛：疑似 {gate_suspect:.2f}，待核 {gate_review:.2f}。过了总门槛，最可能的一款总会列出，其余各款看下表。

| 条款 | 疑似 | 待核 | 单看得分：正确比例 | 单看得分：找到比例 | 语料段数 |
|---|---|---|---|---|---|
{thresholds}

## 已知不足
- 语料由少数作者撰写，方言、行业用语和新的事由覆盖有限。
- 反讽、双关、只靠常识才能看出的失职，常常看不出来。
- 物业、开发商、国企等与机关混在一句里时，可能认错行为主体。
- 语料中段数少于 80 的条款，提示不稳。
"""


def write(
    manifest: Mapping[str, Any], chart: Taxonomy, items: Sequence[Item], raw: Floats, gate: Floats
) -> str:
    """The card in Markdown, from the out-of-fold scores (examples, K) and gates (examples,) of the training itself."""
    flagged = gate >= np.log(manifest["gate"]["suspect"] / (1 - manifest["gate"]["suspect"]))
    labelled = np.array([item.labelled[-1] for item in items])
    clean = np.array([item.example.second is not None and not item.right.any() for item in items])
    return _FRAME.format(
        version=manifest["version"],
        title=chart.title,
        examples=len(items),
        labelled=int(labelled.sum()),
        read_twice=sum(item.example.second is not None for item in items),
        gate_suspect=manifest["gate"]["suspect"],
        gate_review=manifest["gate"]["review"],
        all=_shares(flagged, labelled, clean),
        registers="\n".join(_registers(items, flagged, labelled, clean)),
        thresholds="\n".join(_rows(manifest, chart, items, raw)),
    )


def _registers(items: Sequence[Item], flagged: Bools, labelled: Bools, clean: Bools) -> Iterator[str]:
    registers = np.array([item.example.register for item in items])
    for name, _ in Counter(registers.tolist()).most_common():
        own = registers == name
        yield f"| {name} {_shares(flagged[own], labelled[own], clean[own])}"


def _shares(flagged: Bools, labelled: Bools, clean: Bools) -> str:
    """Three cells: how many are flagged of the labelled, of the unlabelled, of those that two readers left clean."""
    cells = [f"{_share(flagged[rows])} | {int(rows.sum())}" for rows in (labelled, ~labelled, clean)]
    return f"| {' | '.join(cells)} |"


def _share(hits: Bools) -> str:
    return f"{hits.mean():.3f}" if len(hits) else "—"


def _rows(manifest: Mapping[str, Any], chart: Taxonomy, items: Sequence[Item], raw: Floats) -> Iterator[str]:
    """A row a clause: thresholds, out-of-fold precision and recall of the score alone, and n."""
    table = manifest["thresholds"]
    for k, clause in enumerate(chart.clauses):
        least = table[clause.id]["suspect"]
        shown = raw[:, k] >= np.log(least / (1 - least))
        own = np.array([item.labelled[k] for item in items])
        cells = (f"{least:.2f}", f"{table[clause.id]['review']:.2f}", _share(own[shown]), _share(shown[own]))
        yield f"| {clause.id} {clause.title} | {' | '.join(cells)} | {int(own.sum())} |"
