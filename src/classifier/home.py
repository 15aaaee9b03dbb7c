"""Where the files that are not code lie: beside the checkout, or inside the installed package."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """The folder that holds `data/` and `models/`: `ZUOFENG_HOME`, the checkout, or the package's own."""
    named = os.environ.get("ZUOFENG_HOME")
    if named:
        return Path(named)
    checkout = _PACKAGE.parent.parent
    return checkout if (checkout / "pyproject.toml").is_file() else _PACKAGE / "shipped"


def data() -> Path:
    return root() / "data"


def lexicon() -> Path:
    return data() / "lexicon"


def models() -> Path:
    return root() / "models"
