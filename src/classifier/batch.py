"""Tagging an archive: rows in, lines out, in order, in constant memory; the result appears whole or not at all."""

from __future__ import annotations

import csv
import functools
import json
import os
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from joblib import Parallel, delayed

from . import render
from .errors import InputError, OutputError
from .findings import LEVEL_NAMES
from .model import Model
from .readers import Columns, Row, Unread, read
from .taxonomy import Taxonomy

_CHUNK = 64  # rows that travel to a worker at once
Line = dict[str, Any]
CSV_HEADER = ("编号", "位置", "陈述性质", "问题类别", "条款", "级别", "可能性", "依据原句", "备注", "原文")


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of an archive: rows read, rows with a finding, rows that could not be read."""

    rows: int = 0
    flagged: int = 0
    unread: int = 0

    def plus(self, line: Line) -> Tally:
        return Tally(
            self.rows + 1, self.flagged + bool(line.get("findings")), self.unread + ("error" in line)
        )


@dataclass(frozen=True, slots=True)
class Job:
    """What to do with each row. `model` is a bundle's folder, so that a worker process can load it."""

    model: Path
    columns: Columns = field(default_factory=Columns)
    with_text: bool = False


def tag(
    paths: Sequence[Path],
    out: Path,
    job: Job,
    workers: int = 1,
    seen: Callable[[Tally], None] = lambda tally: None,
) -> Tally:
    """Tag the archives into `out` (`.jsonl` or `.csv`); `seen` is told the tally after every row.

    Raises `OutputError` for a place that cannot be written; unreadable files and rows become error rows.
    """
    writer = {".jsonl": _write_jsonl, ".csv": _write_csv}.get(out.suffix.lower())
    if writer is None:
        raise OutputError(f"{out}：结果文件请以 .jsonl 或 .csv 结尾")
    if out.is_dir():
        raise OutputError(f"{out}：已有同名的文件夹")
    tally = Tally()
    with _whole(out) as file:
        for line in writer(file, tagged(rows(paths, job.columns), job, workers), _model(job.model).taxonomy):
            tally = tally.plus(line)
            seen(tally)
    return tally


def rows(paths: Iterable[Path], columns: Columns) -> Iterator[Row]:
    """The rows of all archives; a file that cannot be read is one `Unread` row, and the rest goes on."""
    for path in paths:
        try:
            yield from read(path, columns)
        except (InputError, OSError, EOFError, UnicodeError, zlib.error) as error:
            reason = str(error) if isinstance(error, InputError) else f"{path}：读到一半中断，文件可能不完整"
            yield Unread(path.name, path.name, reason)


def tagged(found: Iterable[Row], job: Job, workers: int = 1) -> Iterator[Line]:
    """A line a row, in order; with several workers the lines are the same to the bit."""
    chunks = _chunks(found)
    if workers == 1:
        return chain.from_iterable(_lines(chunk, job) for chunk in chunks)
    run = Parallel(
        n_jobs=workers, return_as="generator", pre_dispatch="3*n_jobs", batch_size=1, max_nbytes=None
    )
    return chain.from_iterable(run(delayed(_lines)(chunk, job) for chunk in chunks))


def _chunks(found: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(found)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def _lines(chunk: Sequence[Row], job: Job) -> list[Line]:
    model = _model(job.model)
    return [_line(row, model, job.with_text) for row in chunk]


@functools.lru_cache(maxsize=1)
def _model(folder: Path) -> Model:
    return Model.load(folder)


def _line(row: Row, model: Model, with_text: bool) -> Line:
    if isinstance(row, Unread):
        return {"id": row.id, "place": row.place, "error": row.reason}
    analysis = model.analyse(row)
    line = render.as_dict(analysis, row.text) | {"place": row.meta["place"]}
    return line | {"text": row.text} if with_text else line


class _whole:
    """A text file that is there under its name only once it is complete and on the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> IO[str]:
        try:
            handle, self._draft = tempfile.mkstemp(prefix=f".{self._path.name}.", dir=self._path.parent)
        except OSError as error:
            raise OutputError(f"{self._path}：写不进去（{error.strerror}）") from error
        self._file = os.fdopen(handle, "w", encoding="utf-8", newline="", errors="backslashreplace")
        return self._file

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if kind is None:
                self._keep()
        except OSError as failed:
            raise OutputError(f"{self._path}：写不进去（{failed.strerror}）") from failed
        finally:
            with suppress(OSError):
                self._file.close()
            with suppress(FileNotFoundError):
                Path(self._draft).unlink()

    def _keep(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        Path(self._draft).chmod(0o644)
        Path(self._draft).replace(self._path)


def _write_jsonl(file: IO[str], lines: Iterable[Line], chart: Taxonomy) -> Iterator[Line]:
    for line in lines:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        yield line


def _write_csv(file: IO[str], lines: Iterable[Line], chart: Taxonomy) -> Iterator[Line]:
    file.write("\ufeff")
    writer = csv.writer(file)
    writer.writerow(CSV_HEADER)
    for line in lines:
        writer.writerow([render.cell(value) for value in _cells(line, chart)])
        yield line


def _cells(line: Line, chart: Taxonomy) -> tuple[str, ...]:
    found = line.get("findings", [])
    named = [f"{entry['clause']} {chart.clause(entry['clause']).title}" for entry in found]
    return (
        line["id"],
        line["place"],
        line.get("kind", ""),
        "；".join(dict.fromkeys(entry["category"] for entry in found)),
        "；".join(named),
        "；".join(LEVEL_NAMES[entry["level"]] for entry in found),
        "；".join(render.percent(entry["score"]) for entry in found),
        "；".join(dict.fromkeys(item["text"] for entry in found for item in entry["evidence"])),
        line.get("error", render.THIN if line.get("thin") else ""),
        line.get("text", ""),
    )
