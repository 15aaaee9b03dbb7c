"""Model bundles on disk: plain data, every byte under a digest, nothing that could run code.

A bundle is a folder: `manifest.json`, `weights.npz`, `vocabulary.txt`, `taxonomy.toml`, `lexicon/*.txt`,
`CARD.md`. The manifest lists the SHA-256 of every other file and, as `digest`, its own without that entry.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import BundleError

FORMAT = 2
MANIFEST = "manifest.json"
CURRENT = "CURRENT"
Arrays = Mapping[str, NDArray[Any]]


def write(folder: Path, manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """Write a whole bundle at once: it appears complete under its name, or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    listed = {name: _sha256(content) for name, content in sorted(files.items())}
    draft = Path(tempfile.mkdtemp(prefix=".bundle-", dir=folder.parent))
    try:
        for name, content in {
            **files,
            MANIFEST: _sealed({**manifest, "format": FORMAT, "files": listed}),
        }.items():
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            (draft / name).write_bytes(content)
        draft.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def read(folder: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest and the other files; raises `BundleError` where a byte differs, lacks or was added."""
    try:
        manifest = _opened((folder / MANIFEST).read_bytes())
        files = {name: (folder / name).read_bytes() for name in manifest["files"]}
        present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    except OSError as error:
        raise BundleError(f"{folder}：模型包不完整（{error.strerror}：{error.filename}）") from error
    if present != {MANIFEST, *files}:
        raise BundleError(f"{folder}：有清单之外的文件，请重新取得模型包")
    for name, content in files.items():
        if _sha256(content) != manifest["files"][name]:
            raise BundleError(f"{folder / name}：文件与清单不符，可能被改动或损坏，请重新取得模型包")
    return manifest, files


def pack(arrays: Arrays) -> bytes:
    """Arrays as the bytes of an `.npz` file."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def unpack(content: bytes) -> dict[str, NDArray[Any]]:
    """The arrays of an `.npz` file; anything that would need pickle is refused."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (ValueError, OSError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise BundleError(f"weights.npz 读不出来：{error}") from error


def current(models: Path) -> Path:
    """The folder of the bundle in use; raises `BundleError` if none is named."""
    return named(models, _history(models)[0])


def named(models: Path, version: str) -> Path:
    """The folder of a version; raises `BundleError` for a name that is none."""
    if not version or Path(version).name != version or not (models / version / MANIFEST).is_file():
        raise BundleError(f"{models}：没有名为“{version}”的模型包")
    return models / version


def use(models: Path, version: str) -> None:
    """Make a version the current one, in one step that a crash cannot split; the one before is remembered."""
    named(models, version)
    earlier = _history(models) if (models / CURRENT).is_file() else []
    _remember(models, [version, *(name for name in earlier if name != version)])


def go_back(models: Path) -> str:
    """Make the version before the current one; raises `BundleError` if there is none. Returns its name."""
    earlier = _history(models)[1:]
    if not earlier:
        raise BundleError(f"{models / CURRENT}：没有更早的版本可退回")
    named(models, earlier[0])
    _remember(models, earlier)
    return earlier[0]


def _history(models: Path) -> list[str]:
    try:
        names = (models / CURRENT).read_text(encoding="utf-8").split()
    except OSError as error:
        raise BundleError(
            f"{models / CURRENT}：还没有启用的模型，请先运行 zuofeng train 与 zuofeng promote"
        ) from error
    return names or [""]


def _remember(models: Path, names: list[str]) -> None:
    draft = models / f".{CURRENT}.{os.getpid()}"
    draft.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    draft.replace(models / CURRENT)


def _sealed(manifest: Mapping[str, Any]) -> bytes:
    return _dump({**manifest, "digest": _sha256(_dump(manifest))})


def _opened(content: bytes) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(content)
        digest = manifest.pop("digest")
        files = dict(manifest["files"])
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise BundleError(f"{MANIFEST} 不是模型包的清单") from error
    if digest != _sha256(_dump(manifest)) or content != _sealed(manifest):
        raise BundleError(f"{MANIFEST} 与自身的校验值不符，可能被改动或损坏")
    if not all(_inside(name) for name in files):
        raise BundleError(f"{MANIFEST} 列有模型包之外的文件")
    if manifest.get("format") != FORMAT:
        raise BundleError(f"模型包的格式是 {manifest.get('format')}，本程序只读格式 {FORMAT}")
    return manifest


def _inside(name: str) -> bool:
    path = Path(name)
    return not path.is_absolute() and ".." not in path.parts


def _dump(manifest: Mapping[str, Any]) -> bytes:
    return (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
