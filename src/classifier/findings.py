"""What an analysis says: findings with their evidence. Suggestions for a person, never a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .facts import Fact

Level = Literal["suspect", "review"]
LEVELS: tuple[Level, ...] = ("suspect", "review")  # the stronger first
LEVEL_NAMES: dict[Level, str] = {"suspect": "疑似", "review": "待核"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span [start, end) of the original text, in code points, and its share of the raw score.

    A sentence has its strongest words in `words`; a word has none.
    """

    start: int
    end: int
    weight: float
    words: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A clause that the text may touch.

    `score` is a calibrated probability in (0, 1). `raw` is its logit, and linear:
    `raw` = sum of the evidence's weights + `rest` + `bias`. Evidence stands in the order of the text.
    """

    clause: str
    category: str
    score: float
    level: Level
    raw: float
    bias: float
    rest: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """All findings of one document, strongest first, with the versions that made them.

    `ranked` holds the most probable clauses whether or not they reach a threshold.
    `thin` says that the text is too short to say anything of (资料不足). `facts` are the first figures of a
    text in which something was found, their spans in the original.
    """

    id: str
    kind: str
    findings: tuple[Finding, ...]
    ranked: tuple[tuple[str, float], ...]
    model: str
    taxonomy: str
    thin: bool = False
    facts: tuple[Fact, ...] = ()

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories found, strongest first."""
        return tuple(dict.fromkeys(finding.category for finding in self.findings))
