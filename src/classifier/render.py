"""An analysis as people and programs read it: marked pieces, plain data, terminal text, ledger rows."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .facts import KIND_NAMES, Fact
from .findings import LEVEL_NAMES, Analysis, Evidence, Finding
from .taxonomy import Taxonomy

NOTHING_FOUND = "未见所列情形"
NOTHING_FOUND_MEANS = "这只表示没有读到与所列条款相近的反映，不表示没有问题，请结合全文判断。"
THIN = "资料不足"
THIN_MEANS = "文字太少，看不出反映了什么。补充时间、单位、事情经过后可再试。"
SUGGESTS_ONLY = "本工具只作提示，由人核实决定。"
LEVEL_MEANINGS = {"suspect": "与条款较为吻合，建议优先核实", "review": "有一定迹象，请对照原文看是否需要核实"}
FIGURES = "文中数字"
LEDGER_COLUMNS = ("类别", "条款", "级别", "可能性", "依据原句")

_DIGITS = 4
_EDGE = 14  # characters: a date and a little more
_RANKED = 5
_COLOURS = ("33", "36", "35", "32", "34", "31")
_SURROGATE = re.compile("[\ud800-\udfff]")
_FORMULA = tuple('=+-@"')  # a leading quote makes spreadsheets swallow the cells after it


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the original text and the clauses, strongest first, whose evidence covers it."""

    text: str
    clauses: tuple[str, ...]
    start: int


def pieces(text: str, analysis: Analysis) -> list[Piece]:
    """Cut the text wherever evidence begins or ends; joined together the pieces are the text."""
    changes = _changes(text, analysis)
    cuts = sorted({0, len(text), *changes})
    covering: Counter[str] = Counter()
    found: list[Piece] = []
    for start, end in pairwise(cuts):
        covering.update(changes.get(start, {}))
        clauses = tuple(f.clause for f in analysis.findings if covering[f.clause] > 0)
        found.append(Piece(text[start:end], clauses, start))
    return found


def _changes(text: str, analysis: Analysis) -> dict[int, Counter[str]]:
    """At each cut, how many spans of evidence begin (+) or end (-) for each clause."""
    changes: dict[int, Counter[str]] = {}
    for finding in analysis.findings:
        for span in finding.evidence:
            start, end = max(span.start, 0), min(span.end, len(text))
            if start < end:
                changes.setdefault(start, Counter())[finding.clause] += 1
                changes.setdefault(end, Counter())[finding.clause] -= 1
    return changes


def percent(score: float) -> str:
    """A probability for people, who are never told 0 % or 100 %."""
    return f"{min(max(round(score * 100), 1), 99)}%"


def scrub(text: str) -> str:
    """The same length of text, with what cannot be encoded (lone surrogates) replaced."""
    return _SURROGATE.sub("\ufffd", text)


def as_dict(analysis: Analysis, text: str) -> dict[str, Any]:
    """The JSON form: one line of `zuofeng tag`, one answer of the service."""
    result: dict[str, Any] = {
        "id": scrub(analysis.id),
        "kind": analysis.kind,
        "findings": [_finding(finding, text) for finding in analysis.findings],
        "ranked": [[clause, round(score, _DIGITS)] for clause, score in analysis.ranked[:_RANKED]],
        "model": analysis.model,
        "taxonomy": analysis.taxonomy,
    }
    if analysis.facts:
        result["facts"] = [_fact(fact, text) for fact in analysis.facts]
    return {**result, "thin": True} if analysis.thin else result


def _fact(fact: Fact, text: str) -> dict[str, Any]:
    words = scrub(figure_words(fact, text))
    return {"kind": fact.kind, "start": fact.start, "end": fact.end, "text": words, "amount": fact.amount}


def figure_words(fact: Fact, text: str) -> str:
    """The words that give a figure; of a long stretch between two dates, both ends."""
    words = text[fact.start : fact.end]
    return words if len(words) <= 3 * _EDGE else f"{words[:_EDGE]}……{words[-_EDGE:]}"


def figure(fact: Fact) -> str:
    """What a figure says, for people: 反映次数 5 次, 所说期限 约 28 天, 首末日期相隔 192 天."""
    if fact.kind == "asked":
        return f"{KIND_NAMES[fact.kind]} {fact.amount} 次"
    return f"{KIND_NAMES[fact.kind]} {'' if fact.kind == 'between' else '约 '}{fact.amount} 天"


def _finding(finding: Finding, text: str) -> dict[str, Any]:
    return {
        "clause": finding.clause,
        "category": finding.category,
        "score": round(finding.score, _DIGITS),
        "level": finding.level,
        "evidence": [_evidence(span, text) for span in finding.evidence],
    }


def _evidence(span: Evidence, text: str) -> dict[str, Any]:
    words = scrub(text[span.start : span.end])
    return {"start": span.start, "end": span.end, "text": words, "weight": round(span.weight, _DIGITS)}


def as_text(analysis: Analysis, text: str, taxonomy: Taxonomy, colour: bool) -> str:
    """What a terminal shows. Nothing in the text can move the cursor or change the terminal."""
    lines = [f"陈述性质：{analysis.kind}"]
    if analysis.thin:
        lines += ["", f"{THIN}：{THIN_MEANS}"]
    elif not analysis.findings:
        lines += ["", f"{NOTHING_FOUND}。{NOTHING_FOUND_MEANS}"]
    if analysis.findings:
        lines += ["", "依据原句", *_marked_lines(text, analysis, taxonomy, colour)]
    for number, finding in enumerate(analysis.findings, start=1):
        lines += ["", *_finding_lines(number, finding, taxonomy, colour)]
    if analysis.facts:
        lines += ["", FIGURES, *(f"  {figure(f)}　{plain(figure_words(f, text))}" for f in analysis.facts)]
    lines += ["", f"{SUGGESTS_ONLY}模型 {analysis.model}，条款 {analysis.taxonomy}"]
    return "\n".join(lines) + "\n"


def _marked_lines(text: str, analysis: Analysis, taxonomy: Taxonomy, colour: bool) -> list[str]:
    numbers = {finding.clause: number for number, finding in enumerate(analysis.findings, start=1)}
    lines = []
    for piece in pieces(text, analysis):
        if piece.clauses and (words := plain(piece.text)):
            marks = "".join(f"[{numbers[clause]}]" for clause in piece.clauses)
            lines.append(f"  {_painted(words, piece.clauses[0], taxonomy, colour)} {marks}")
    return lines


def _finding_lines(number: int, finding: Finding, taxonomy: Taxonomy, colour: bool) -> list[str]:
    clause = taxonomy.clause(finding.clause)
    head = f"[{number}] {finding.category}第{clause.number}款　{clause.title}"
    return [
        _painted(head, finding.clause, taxonomy, colour),
        f"    {LEVEL_NAMES[finding.level]}　可能性 {percent(finding.score)}　{LEVEL_MEANINGS[finding.level]}",
        f"    条款原文：{clause.text}",
    ]


def _painted(words: str, clause_id: str, taxonomy: Taxonomy, colour: bool) -> str:
    if not colour:
        return words
    shade = _COLOURS[category_index(clause_id, taxonomy) % len(_COLOURS)]
    return f"\x1b[1;{shade}m{words}\x1b[0m"


def category_index(clause_id: str, taxonomy: Taxonomy) -> int:
    """The place of the clause's category in the scheme: what its colour is chosen by."""
    names = [category.id for category in taxonomy.categories]
    return names.index(taxonomy.clause(clause_id).category)


def ledger_row(analysis: Analysis, text: str, taxonomy: Taxonomy) -> str:
    """A tab-separated row of `LEDGER_COLUMNS` for each finding, to be pasted into a spreadsheet."""
    return "\n".join(_row(finding, text, taxonomy) for finding in analysis.findings)


def _row(finding: Finding, text: str, taxonomy: Taxonomy) -> str:
    clause = taxonomy.clause(finding.clause)
    sentences = " ".join(plain(text[span.start : span.end]) for span in finding.evidence)
    title = f"第{clause.number}款 {clause.title}"
    cells = (finding.category, title, LEVEL_NAMES[finding.level], percent(finding.score), sentences)
    return "\t".join(map(cell, cells))


def cell(words: str) -> str:
    """A spreadsheet's cell: one line, and never a formula."""
    words = plain(words)
    return f"'{words}" if words.startswith(_FORMULA) else words


def plain(text: str) -> str:
    """One line that no terminal or spreadsheet obeys: blanks for breaks, controls shown as U+FFFD."""
    return " ".join("".join(map(_plain, text)).split())


def _plain(char: str) -> str:
    if char.isspace():
        return " "
    group = unicodedata.category(char)
    if group in ("Cc", "Cs"):
        return "\ufffd"
    return "" if group == "Cf" else char
