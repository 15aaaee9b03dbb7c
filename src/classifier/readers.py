"""Archives in: JSONL (also gzipped) and CSV, row by row in constant memory. What cannot be read becomes a row too."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .errors import InputError
from .text import Document

TEXT_COLUMNS = (
    "text", "文本", "正文", "内容", "信访内容", "反映内容", "诉求内容", "投诉内容", "留言内容", "留言详情",
    "来信内容", "工单内容", "问题描述", "问题详情", "主要内容", "问题摘要", "举报内容", "事项内容", "content",
)  # fmt: skip
ID_COLUMNS = ("id", "编号", "信访编号", "工单编号", "留言编号", "原编号", "序号", "信访件编号")
_BLOCK = 1 << 20
_FIELD = 16 << 20  # characters: a longer cell is an unclosed quotation mark
_BROKEN = (OSError, EOFError, zlib.error)  # what a damaged file, plain or gzipped, raises while it is read


@dataclass(frozen=True, slots=True)
class Unread:
    """A row, or a whole file, that could not be read: where it stands, and why, in Chinese."""

    id: str
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns to read. `text` are joined with a full stop where several; empty means by name."""

    text: tuple[str, ...] = ()
    id: str = ""


Row = Document | Unread


def read(path: Path, columns: Columns | None = None) -> Iterator[Row]:
    """The rows of an archive, in order, by what the file's name ends in.

    Raises `InputError` at once where the file as a whole cannot be read or has no text column.
    """
    name = path.name.lower().removesuffix(".gz")
    reader = {".jsonl": _jsonl, ".csv": _csv, ".tsv": _csv}.get(Path(name).suffix)
    if reader is None:
        raise InputError(f"{path}：不支持这种文件，请转成 .jsonl、.jsonl.gz、.csv 或 .tsv")
    try:
        return reader(path, columns or Columns(), encoding(path))
    except (*_BROKEN, csv.Error) as error:
        raise InputError(
            f"{path}：文件打不开或已损坏（{getattr(error, 'strerror', None) or error}）"
        ) from error


def read_text(path: Path) -> str:
    """A plain text file in UTF-8, UTF-16 with BOM or GB18030; raises `InputError` if it is no text."""
    try:
        with _open(path) as file:
            return _decoded(file.read(), encoding(path), path)
    except _BROKEN as error:
        raise InputError(f"{path}：文件打不开（{getattr(error, 'strerror', None) or error}）") from error


def decode(content: bytes) -> str:
    """Bytes as text, by the same rules; raises `InputError`."""
    return _decoded(content, _encoding(lambda: io.BytesIO(content), "输入"), "输入")


def encoding(path: Path) -> str:
    """BOM, else strict UTF-8, else GB18030; raises `InputError` for a file that is none of them."""
    return _encoding(lambda: _open(path), str(path))


def _encoding(opened: Any, name: str) -> str:
    with opened() as file:
        start = file.read(4)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for candidate in ("utf-8", "gb18030"):
        if _is_valid(opened, candidate):
            return candidate
    raise InputError(f"{name}：不是文本文件（既非 UTF-8，也非 GB18030），请另存为 UTF-8 后再试")


def _is_valid(opened: Any, candidate: str) -> bool:
    decoder = codecs.getincrementaldecoder(candidate)()
    with opened() as file:
        try:
            while block := file.read(_BLOCK):
                if "\0" in decoder.decode(block):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _open(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")  # type: ignore[return-value]


def _decoded(content: bytes, encoding: str, name: object) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"{name}：文件不完整或编码混乱，请另存为 UTF-8 后再试") from error


def _jsonl(path: Path, columns: Columns, encoding: str) -> Iterator[Row]:
    return _jsonl_rows(path, columns, encoding)


def _jsonl_rows(path: Path, columns: Columns, encoding: str) -> Iterator[Row]:
    with _open(path) as raw:
        for number, line in enumerate(io.TextIOWrapper(raw, encoding=encoding, newline="\n"), start=1):
            if line.strip():
                yield _from_json(line, columns, f"{path.name}:{number}")


def _from_json(line: str, columns: Columns, place: str) -> Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return Unread(place, place, "这一行不是有效的 JSON，请检查引号和逗号")
    if not isinstance(row, dict):
        return Unread(place, place, '这一行不是 JSON 对象，应写成 {"id": …, "text": …}')
    cells = {str(key): value for key, value in row.items()}
    try:
        chosen = _text_columns(list(cells), columns)
    except InputError as error:
        return Unread(str(row.get("id", place)), place, str(error))
    return _row(cells, chosen, columns, place)


def _csv(path: Path, columns: Columns, encoding: str) -> Iterator[Row]:
    csv.field_size_limit(_FIELD)
    lines = _Lines(io.TextIOWrapper(_open(path), encoding=encoding, newline=""))
    try:
        first = lines.first()
        rows = csv.reader(lines, delimiter=max(",\t;", key=first.count))
        header = [cell.strip() for cell in next(rows, [])]
        chosen = _text_columns(header, columns)
    except InputError as error:
        lines.file.close()
        raise InputError(f"{path}：{error}") from error
    return _csv_rows(lines, rows, header, chosen, columns, path.name)


class _Lines:
    """The lines of a file, with their number and those of the row that is being read."""

    def __init__(self, file: io.TextIOWrapper) -> None:
        self.file = file
        self.number = 0
        self.row: list[str] = []
        self._kept = ""

    def first(self) -> str:
        """The first line that holds anything, left to be read; Excel's `sep=` line is passed over."""
        for line in self.file:
            if line.strip() and not line.lower().startswith("sep="):
                self._kept = line
                break
            self.number += 1
        return self._kept

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line, self._kept = self._kept or next(self.file), ""
        self.number += 1
        self.row.append(line)
        return line


def _csv_rows(
    lines: _Lines,
    rows: Iterator[list[str]],
    header: list[str],
    chosen: Sequence[str],
    columns: Columns,
    name: str,
) -> Iterator[Row]:
    with lines.file:
        while True:
            lines.row.clear()
            place = f"{name}:{lines.number + 1}"
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error:
                yield Unread(place, place, "这一行读不出来，可能缺一个引号")
                continue
            if len(lines.row) > 1 and _unclosed(lines.row):
                yield Unread(
                    place, place, f"这一行缺一个引号，连同后面共 {len(lines.row)} 行没有读，请补上引号再试"
                )
            elif cells:
                yield _row(dict(zip(header, cells, strict=False)), chosen, columns, place)


def _unclosed(lines: Iterable[str]) -> bool:
    """Whether a row that ran over several lines ended with the file, inside quotation marks."""
    return sum(line.count('"') for line in lines) % 2 == 1


def _text_columns(header: list[str], columns: Columns) -> Sequence[str]:
    wanted = columns.text or next(((name,) for name in TEXT_COLUMNS if name in header), ())
    missing = [name for name in (*wanted, columns.id) if name and name not in header]
    twice = [name for name in wanted if header.count(name) > 1]
    if twice:
        raise InputError(f"有两列都叫“{twice[0]}”，请先改名")
    if wanted and not missing:
        return wanted
    said = f"找不到{'、'.join(missing)}，请核对列名" if missing else "找不到文本列，请用 --text-column 指定"
    raise InputError(f"{said}；现有的列：{'、'.join(header) or '（无）'}")


def _row(cells: dict[str, Any], chosen: Sequence[str], columns: Columns, place: str) -> Row:
    key = columns.id or next((name for name in ID_COLUMNS if cells.get(name) not in (None, "")), "")
    name = str(cells.get(key) or place)
    parts = [cells.get(column) for column in chosen]
    if any(part is not None and not isinstance(part, str) for part in parts):
        return Unread(name, place, "文本列不是文字")
    text = "。".join(part.strip() for part in parts if isinstance(part, str) and part.strip())
    if not text:
        return Unread(name, place, "没有可读文字")
    return Document(name, text, {"place": place})
