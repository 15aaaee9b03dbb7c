"""The inspector's page: rendered here, complete without JavaScript."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from classifier import Document, Model, render
from classifier.findings import LEVEL_NAMES, Analysis, Finding
from classifier.taxonomy import Clause, Taxonomy

from . import problems
from .work import run

router = APIRouter(include_in_schema=False)

_PALETTE = 6  # the style sheet's colours; a scheme of more categories uses them again
_ENCODED = 9  # bytes that a Chinese character takes in a form, percent-encoded
_DOCS_POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of evidence, and the mark that it begins in."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """A finding as the page shows it."""

    number: int
    shade: int
    clause: Clause
    finding: Finding
    level: str
    meaning: str
    percent: str
    quotes: list[Quote]
    row: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of the text, and the cards it belongs to, strongest first."""

    id: str
    text: str
    cards: list[Card]


@dataclass(frozen=True, slots=True)
class Result:
    text: str
    analysis: Analysis
    marks: list[Mark]
    cards: list[Card]
    rows: str

    @property
    def summary(self) -> str:
        """How many clauses of each level: 疑似 3 款、待核 2 款."""
        counts = Counter(card.level for card in self.cards)
        return "、".join(f"{level} {counts[level]} 款" for level in LEVEL_NAMES.values() if counts[level])


@router.get("/")
async def home(request: Request, sample: str = "") -> HTMLResponse:
    """The empty box, or the box with our invented letter in it."""
    return HTMLResponse(_page(request, text=_sample() if sample else ""))


@router.post("/")
async def analysed(request: Request) -> HTMLResponse:
    """The box with its text, and below it what was found."""
    body, model = await request.body(), request.app.state.model
    html = await run(request, len(body) // _ENCODED, lambda: _result_page(request, model, _text(body)))
    return HTMLResponse(html)


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """The OpenAPI pages, every part of them from this machine."""
    html = _templates(request).get_template("docs.html").render()
    return HTMLResponse(html, headers={"Content-Security-Policy": _DOCS_POLICY})


def problem_page(request: Request, message: str, request_id: str) -> str:
    """The empty page with what went wrong."""
    return _page(request, problem=message, request_id=request_id)


def seen(text: str) -> str:
    """The text as a browser shows it: forms turn line breaks into CRLF, and HTML cannot carry NUL."""
    return render.scrub(re.sub(r"\r\n?", "\n", text)).replace("\0", "\ufffd")


def _text(body: bytes) -> str:
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=8)
        text = seen(fields["text"][0])
    except (ValueError, KeyError):
        raise problems.ProblemError(problems.INVALID_FORM) from None
    if not text.strip():
        raise problems.ProblemError(problems.EMPTY_TEXT)
    return text


def _result_page(request: Request, model: Model, text: str) -> str:
    analysis = model.analyse(Document("", text))
    return _page(request, text=text, result=_result(analysis, text, model.taxonomy))


def _result(analysis: Analysis, text: str, taxonomy: Taxonomy) -> Result:
    rows = render.ledger_row(analysis, text, taxonomy)
    cards = [
        _card(number, finding, row, text, taxonomy)
        for number, (finding, row) in enumerate(
            zip(analysis.findings, rows.split("\n"), strict=False), start=1
        )
    ]
    return Result(text, analysis, _marks(analysis, text, cards), cards, rows)


def _card(number: int, finding: Finding, row: str, text: str, taxonomy: Taxonomy) -> Card:
    return Card(
        number=number,
        shade=render.category_index(finding.clause, taxonomy) % _PALETTE,
        clause=taxonomy.clause(finding.clause),
        finding=finding,
        level=LEVEL_NAMES[finding.level],
        meaning=render.LEVEL_MEANINGS[finding.level],
        percent=render.percent(finding.score),
        quotes=[Quote(f"t{span.start}", text[span.start : span.end]) for span in finding.evidence],
        row=row,
    )


def _marks(analysis: Analysis, text: str, cards: list[Card]) -> list[Mark]:
    by_clause = {card.clause.id: card for card in cards}
    return [
        Mark(
            id=f"t{piece.start}",
            text=piece.text,
            cards=[by_clause[clause] for clause in piece.clauses],
        )
        for piece in render.pieces(text, analysis)
    ]


def _page(
    request: Request, text: str = "", result: Result | None = None, problem: str = "", request_id: str = ""
) -> str:
    model: Model = request.app.state.model
    return (
        _templates(request)
        .get_template("page.html")
        .render(
            text=text,
            result=result,
            problem=problem,
            request_id=request_id,
            version=model.version,
            taxonomy=model.taxonomy,
            words=render,
        )
    )


def _templates(request: Request) -> Environment:
    templates: Environment = request.app.state.templates
    return templates


@cache
def _sample() -> str:
    return (Path(__file__).parent / "templates" / "sample.txt").read_text(encoding="utf-8").strip()
