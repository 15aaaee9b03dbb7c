"""Labelled examples: JSONL in, JSONL out, one schema.

`{"id", "text", "kind", "register", "field", "labels": [{"clause", "evidence"}], "author", "group"}`;
`group` ties examples that must not be split between training and test. Some were read a second time,
blind: `second` holds the clauses that reader gave, `defensible` those they would not quarrel with.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .errors import CorpusError


@dataclass(frozen=True, slots=True)
class Label:
    """A clause, and the exact words of the text that carry it."""

    clause: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled passage. No labels is the commonest case. `source` is where a re-written one comes from.

    `second` is None where nobody read it a second time.
    """

    id: str
    text: str
    kind: str
    register: str
    labels: tuple[Label, ...] = ()
    field: str = ""
    author: str = "written"
    group: str = ""
    source: str = ""
    second: tuple[str, ...] | None = None
    defensible: tuple[str, ...] = ()

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses, the most salient first."""
        return tuple(dict.fromkeys(label.clause for label in self.labels))

    @property
    def right(self) -> frozenset[str]:
        """The clauses that any of its readers gave or would defend."""
        return frozenset((*self.clauses, *(self.second or ()), *self.defensible))


def read(paths: Iterable[Path]) -> list[Example]:
    """All examples of the files, folders meaning their `*.jsonl`; raises `CorpusError` with file and line."""
    return [example for path in _files(paths) for _, example in lines(path)]


def lines(path: Path) -> Iterator[tuple[int, Example]]:
    """The examples of one file with their line numbers from 1; raises `CorpusError`."""
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, _example(line, f"{path}:{number}")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}：读不到语料（{error}）") from error


def _files(paths: Iterable[Path]) -> list[Path]:
    files = [file for path in paths for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]
    if not files:
        raise CorpusError("没有语料文件（*.jsonl）")
    return files


_LISTS = frozenset(("labels", "second", "defensible"))


def _example(line: str, place: str) -> Example:
    try:
        row: dict[str, Any] = json.loads(line)
        labels = tuple(Label(entry["clause"], entry["evidence"]) for entry in row.pop("labels"))
        second, defensible = _listed(row.pop("second", None)), _listed(row.pop("defensible", None))
        example = Example(labels=labels, second=second, defensible=defensible or (), **row)
        _refuse_other_than_text(example)
    except (json.JSONDecodeError, RecursionError) as error:
        raise CorpusError(f"{place}: 不是有效的 JSON") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise CorpusError(f"{place}: 字段缺失或多余：{error}") from error
    return example if example.group else _grouped(example)


def _refuse_other_than_text(example: Example) -> None:
    values = [getattr(example, name) for name in example.__dataclass_fields__ if name not in _LISTS]
    quoted = [part for label in example.labels for part in (label.clause, label.evidence)]
    listed = [*quoted, *(example.second or ()), *example.defensible]
    if not all(isinstance(value, str) for value in [*values, *listed]):
        raise TypeError("应当都是文字")


def _listed(value: Any) -> tuple[str, ...] | None:
    if value is not None and not isinstance(value, list):
        raise TypeError("second 和 defensible 应当是列表")
    return None if value is None else tuple(value)


def _grouped(example: Example) -> Example:
    return replace(example, group=example.id)
