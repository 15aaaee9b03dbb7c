"""Rendering: whatever the text holds, it is tiled exactly and cannot do anything to its reader."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import Analysis, Evidence, Finding, home, render, taxonomy
from classifier.facts import Fact

SCHEME = taxonomy.load(home.data() / "taxonomy" / "county-2022.toml")
NASTY = "\x00\x07\x1b\x9b\x7f\t\n\r\u2028\u202e\u200b\ufeff\ud800=+-@\"<>&'𠮷办理"
CHARACTERS = st.one_of(st.sampled_from(NASTY), st.characters())
TEXTS = st.lists(CHARACTERS, max_size=40).map("".join)  # as an alphabet the nasty ones are hardly drawn
SPANS = st.lists(st.tuples(st.integers(-3, 70), st.integers(-3, 70)), min_size=1, max_size=5)
SPANS_BY_CLAUSE = st.dictionaries(st.sampled_from([c.id for c in SCHEME.clauses]), SPANS, max_size=5)
OUR_COLOURS = re.compile(r"\x1b\[(?:1;3[1-6]|0)m")


def analysis(spans: dict[str, list[tuple[int, int]]], thin: bool = False) -> Analysis:
    findings = tuple(
        Finding(clause, clause.split("/")[0], 0.93126, "suspect", 1.0, 0.0, 0.0, evidence(found))
        for clause, found in spans.items()
    )
    ranked = tuple((clause.id, 0.123456) for clause in SCHEME.clauses)
    return Analysis("件-1", "投诉举报", findings, ranked, "m-1", SCHEME.id, thin)


def evidence(spans: list[tuple[int, int]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(start, end, 0.123456) for start, end in spans)


def inside(text: str, spans: dict[str, list[tuple[int, int]]]) -> dict[str, list[tuple[int, int]]]:
    """The spans as a model gives them: folded into the text, and not empty."""
    return {c: [_folded(len(text), *span) for span in found] for c, found in spans.items() if text}


def _folded(length: int, start: int, end: int) -> tuple[int, int]:
    start %= length
    return start, start + 1 + end % (length - start)


@given(TEXTS, SPANS_BY_CLAUSE)
def test_pieces_tile_the_text_for_any_spans(text: str, spans: dict[str, list[tuple[int, int]]]) -> None:
    pieces = render.pieces(text, analysis(spans))
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text and text.startswith(piece.text, piece.start) for piece in pieces)


@given(TEXTS, SPANS_BY_CLAUSE)
def test_each_character_carries_the_clauses_whose_evidence_covers_it(
    text: str, spans: dict[str, list[tuple[int, int]]]
) -> None:
    carried = [piece.clauses for piece in render.pieces(text, analysis(spans)) for _ in piece.text]
    covers = [
        tuple(c for c, found in spans.items() if any(a <= i < b for a, b in found)) for i in range(len(text))
    ]
    assert carried == covers


def test_evidence_that_overlaps_is_cut_where_either_begins_or_ends() -> None:
    pieces = render.pieces("甲乙丙丁戊", analysis({"慢作为/4": [(0, 3)], "不作为/5": [(2, 4)]}))
    assert [(p.text, p.clauses, p.start) for p in pieces] == [
        ("甲乙", ("慢作为/4",), 0),
        ("丙", ("慢作为/4", "不作为/5"), 2),
        ("丁", ("不作为/5",), 3),
        ("戊", (), 4),
    ]


def test_the_json_form_is_the_line_that_tag_writes() -> None:
    assert render.as_dict(analysis({"慢作为/4": [(0, 2)]}), "未办结") == {
        "id": "件-1",
        "kind": "投诉举报",
        "findings": [
            {
                "clause": "慢作为/4",
                "category": "慢作为",
                "score": 0.9313,
                "level": "suspect",
                "evidence": [{"start": 0, "end": 2, "text": "未办", "weight": 0.1235}],
            }
        ],
        "ranked": [[f"慢作为/{n}", 0.1235] for n in range(1, 6)],
        "model": "m-1",
        "taxonomy": "county-2022",
    }


def test_thin_is_said_only_when_it_is_true() -> None:
    assert render.as_dict(analysis({}, thin=True), "嗯")["thin"] is True
    assert "thin" not in render.as_dict(analysis({}), "嗯")


@given(TEXTS, SPANS_BY_CLAUSE)
def test_the_json_form_can_be_written_in_utf_8(text: str, spans: dict[str, list[tuple[int, int]]]) -> None:
    line = render.as_dict(analysis(inside(text, spans)), text)
    assert json.loads(json.dumps(line, ensure_ascii=False).encode()) == line


@pytest.mark.parametrize("colour", [False, True])
@given(text=TEXTS, spans=SPANS_BY_CLAUSE)
def test_nothing_in_the_text_reaches_the_terminal_as_a_command(
    colour: bool, text: str, spans: dict[str, list[tuple[int, int]]]
) -> None:
    shown = render.as_text(analysis(inside(text, spans)), text, SCHEME, colour)
    commands = {c for c in OUR_COLOURS.sub("", shown) if unicodedata.category(c) in ("Cc", "Cf", "Cs")}
    assert commands <= {"\n"}
    assert colour or "\x1b" not in shown


def test_the_terminal_shows_sentence_clause_wording_probability_and_level() -> None:
    shown = render.as_text(analysis({"慢作为/4": [(0, 5)]}), "未按时办结\x1b[2J", SCHEME, False)
    assert "  未按时办结 [1]\n" in shown
    assert "[1] 慢作为第4款　超时办结\n    疑似　可能性 93%" in shown
    assert f"条款原文：{SCHEME.clause('慢作为/4').text}" in shown
    assert "只作提示，由人核实决定" in shown


def test_nothing_found_is_said_calmly_and_thin_text_as_thin() -> None:
    nothing = render.as_text(analysis({}), "谢谢。", SCHEME, False)
    thin = render.as_text(analysis({}, thin=True), "嗯", SCHEME, False)
    assert "未见所列情形" in nothing
    assert "不表示没有问题" in nothing
    assert "资料不足" in thin
    assert "未见所列情形" not in thin


@given(TEXTS, SPANS_BY_CLAUSE)
def test_a_ledger_row_has_five_harmless_cells_a_finding(
    text: str, spans: dict[str, list[tuple[int, int]]]
) -> None:
    spans = inside(text, spans)
    rows = [row.split("\t") for row in render.ledger_row(analysis(spans), text, SCHEME).split("\n") if spans]
    assert [len(row) for row in rows] == [len(render.LEDGER_COLUMNS)] * len(spans)
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", '"'))]
    assert not [c for cell in cells for c in cell if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]


def test_a_ledger_row_reads_as_a_clerk_would_type_it() -> None:
    row = render.ledger_row(analysis({"慢作为/4": [(0, 3), (4, 10)]}), "=未按\n逾\t期没办。", SCHEME)
    assert row == "慢作为\t第4款 超时办结\t疑似\t93%\t'=未按 逾 期没办。"


@pytest.mark.parametrize(
    ("kind", "amount", "said"),
    [
        ("asked", 5, "反映次数 5 次"),
        ("elapsed", 730, "所说时长 约 730 天"),
        ("limit", 28, "所说期限 约 28 天"),
        ("between", 192, "首末日期相隔 192 天"),
    ],
)
def test_a_figure_says_whether_it_is_exact(kind, amount, said) -> None:
    assert render.figure(Fact(kind, 0, 4, amount)) == said


def test_a_long_stretch_between_two_dates_is_shown_by_its_ends() -> None:
    text = "2019年3月2日" + "等了很久，" * 20 + "2019年9月10日"
    shown = render.figure_words(Fact("between", 0, len(text), 192), text)
    assert shown.startswith("2019年3月2日")
    assert shown.endswith("2019年9月10日")
    assert len(shown) < 40


def test_figures_stand_in_the_json_form_with_their_words_only_where_there_are_any() -> None:
    text = "跑了五次"
    with_figures = replace(analysis({}), facts=(Fact("asked", 0, 4, 5),))
    given = [{"kind": "asked", "start": 0, "end": 4, "text": "跑了五次", "amount": 5}]
    assert render.as_dict(with_figures, text)["facts"] == given
    assert "facts" not in render.as_dict(analysis({}), text)
    assert "反映次数 5 次　跑了五次" in render.as_text(with_figures, text, SCHEME, colour=False)


def test_nobody_is_told_that_something_is_certain() -> None:
    assert [render.percent(score) for score in (0.0001, 0.426, 0.9999)] == ["1%", "43%", "99%"]
