"""The scheme as data: categories (类) and their clauses (款), read from TOML.

Nothing in this package names a category or a clause; another county's TOML file,
plus text labelled with its ids, is another classifier.
"""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import TaxonomyError


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. `id` is `category/number`; `text` is the scheme's own wording, `title` ours."""

    id: str
    category: str
    number: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Category:
    id: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the wording comes from."""

    document: str
    issuer: str
    date: datetime.date


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of rectification, both days included."""

    title: str
    start: datetime.date
    end: datetime.date


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A whole scheme. Order is the order of the file, and is the order of a model's outputs."""

    id: str
    title: str
    source: Source
    stages: tuple[Stage, ...]
    categories: tuple[Category, ...]

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return tuple(clause for category in self.categories for clause in category.clauses)

    def clause(self, clause_id: str) -> Clause:
        """The clause of that id; raises `TaxonomyError` if the scheme has none."""
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise TaxonomyError(f"条款“{clause_id}”不在《{self.title}》中")


def load(path: Path) -> Taxonomy:
    """Read a taxonomy file; raises `TaxonomyError` naming the file and what is wrong."""
    try:
        return parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TaxonomyError(f"{path}：读不到条款文件（{error.strerror}）") from error
    except (UnicodeDecodeError, TaxonomyError) as error:
        raise TaxonomyError(f"{path}：{error}") from error


def parse(toml: str) -> Taxonomy:
    """Read a taxonomy from TOML text; raises `TaxonomyError`."""
    try:
        return _taxonomy(tomllib.loads(toml))
    except tomllib.TOMLDecodeError as error:
        raise TaxonomyError(f"不是有效的 TOML：{error}") from error
    except KeyError as error:
        raise TaxonomyError(f"缺少字段 {error.args[0]}") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise TaxonomyError(f"字段类型不对：{error}") from error


def _taxonomy(table: dict[str, Any]) -> Taxonomy:
    taxonomy = Taxonomy(
        id=str(table["id"]),
        title=str(table["title"]),
        source=Source(**table["source"]),
        stages=tuple(Stage(**stage) for stage in table.get("stage", ())),
        categories=tuple(_category(entry) for entry in table["category"]),
    )
    _refuse_repeats([clause.id for clause in taxonomy.clauses])
    return taxonomy


def _category(table: dict[str, Any]) -> Category:
    name = str(table["id"])
    if not name or "/" in name:
        raise TaxonomyError(f"类名“{name}”为空或含有“/”")
    return Category(name, tuple(_clause(name, entry) for entry in table["clause"]))


def _clause(category: str, table: dict[str, Any]) -> Clause:
    number = int(table["number"])
    return Clause(f"{category}/{number}", category, number, str(table["title"]), str(table["text"]))


def _refuse_repeats(ids: list[str]) -> None:
    if not ids:
        raise TaxonomyError("没有任何条款")
    for clause_id in ids:
        if ids.count(clause_id) > 1:
            raise TaxonomyError(f"条款“{clause_id}”出现了两次")
