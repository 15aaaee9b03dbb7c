"""Reads complaints, petitions and inspection reports; points at the clauses of a scheme they may touch."""

from .errors import (
    BundleError,
    CorpusError,
    InputError,
    LexiconError,
    OutputError,
    TaxonomyError,
    ZuofengError,
)
from .findings import Analysis, Evidence, Finding
from .model import Model
from .taxonomy import Category, Clause, Taxonomy
from .text import Document

__version__ = "0.1.0"

__all__ = [
    "Analysis",
    "BundleError",
    "Category",
    "Clause",
    "CorpusError",
    "Document",
    "Evidence",
    "Finding",
    "InputError",
    "LexiconError",
    "Model",
    "OutputError",
    "Taxonomy",
    "TaxonomyError",
    "ZuofengError",
]
