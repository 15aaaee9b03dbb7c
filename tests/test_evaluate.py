"""The arithmetic of an evaluation, on cases small enough to count by hand."""

import json
import math

import pytest

from classifier import CorpusError, evaluate, report
from classifier.evaluate import Gold, Pair
from classifier.findings import Analysis, Evidence, Finding


def pair(must, may, said, ranked=(), name="d", evidence=None, spans=((0, 3),)):
    found = tuple(
        Finding(
            clause,
            clause.split("/")[0],
            score,
            "suspect",
            0.0,
            0.0,
            0.0,
            tuple(Evidence(a, b, 1.0) for a, b in spans),
        )
        for clause, score in said
    )
    analysis = Analysis(name, "投诉", found, tuple((clause, 0.5) for clause in ranked), "m", "t")
    return Pair(Gold(name, "一二三四五六", tuple(must), tuple(may), evidence), analysis)


PAIRS = [
    pair(["甲/1"], [], [("甲/1", 0.9)], ["甲/1"], evidence={"甲/1": ((2, 5),)}),
    pair(["甲/2"], ["乙/1"], [("乙/1", 0.8)], ["乙/1", "甲/2"]),
    pair(["乙/1"], [], [], ["甲/1", "甲/2", "丙/1", "乙/1"]),
    pair([], [], [("甲/1", 0.6)]),
    pair([], [], []),
    pair([], ["甲/1"], []),
]


def test_recall_of_anything_counts_documents_with_a_certain_label():
    rate = evaluate.recall_of_anything(PAIRS)
    assert (rate.value, rate.n) == (2 / 3, 3)


def test_false_flags_count_clean_negatives_only():
    rate = evaluate.false_flags(PAIRS)
    assert (rate.value, rate.n) == (0.5, 2)


def test_a_defensible_clause_is_right_but_not_owed():
    """By clause: 2 of 3 predictions right, 1 of 3 certain labels found: P 2/3, R 1/3, F1 4/9."""
    assert math.isclose(evaluate.micro_f1(PAIRS, by_category=False).value, 4 / 9)


def test_categories_are_counted_once_a_document():
    same = [pair(["甲/1", "甲/2"], [], [("甲/2", 0.9), ("甲/3", 0.8)])]
    assert evaluate.micro_f1(same, by_category=True).value == 1.0


def test_top_k_asks_the_ranking():
    assert evaluate.top(PAIRS, 1).value == 2 / 3
    assert evaluate.top(PAIRS, 4).value == 1.0


def test_evidence_is_on_the_span_where_they_overlap():
    assert evaluate.evidence_on_span(PAIRS).value == 1.0
    assert (
        evaluate.evidence_on_span([pair(["甲/1"], [], [("甲/1", 0.9)], evidence={"甲/1": ((3, 5),)})]).value
        == 0.0
    )


def test_the_interval_holds_the_figure_and_is_the_same_each_time():
    rate = evaluate.micro_f1(PAIRS, by_category=True)
    assert rate.low <= rate.value <= rate.high
    assert rate == evaluate.micro_f1(PAIRS, by_category=True)


def test_calibration_is_zero_where_the_score_is_the_share_right():
    right, wrong = pair(["甲/1"], [], [("甲/1", 0.75)]), pair(["乙/1"], [], [("甲/1", 0.75)])
    assert math.isclose(evaluate.calibration_error([right, right, right, wrong]), 0.0, abs_tol=1e-12)
    assert math.isclose(evaluate.calibration_error([wrong]), 0.75)


def test_figures_without_cases_are_missing_and_not_zero():
    assert math.isnan(evaluate.false_flags([]).value)
    assert report.as_dict([])["figures"]["无问题的被误提示"] is None
    assert "—" in report.as_text([])


def test_a_confusion_names_the_missed_and_the_wrong_clause():
    assert evaluate.confusion([pair(["甲/1"], [], [("乙/1", 0.9)])]) == {("甲/1", "乙/1"): 1}


def test_two_models_are_compared_by_the_documents_that_flipped():
    old, new = pair(["甲/1"], [], [], name="d7"), pair(["甲/1"], [], [("甲/1", 0.9)], name="d7")
    assert "d7: 无 → 甲/1" in report.against([new], [old])


def test_gold_and_corpus_rows_are_both_read(tmp_path):
    gold = {"id": "1", "text": "没人管", "must": ["甲/1"], "may": [], "evidence": {"甲/1": [[0, 3]]}}
    row = {
        "id": "2",
        "text": "一直没人管",
        "labels": [{"clause": "甲/1", "evidence": "没人管"}],
        "register": "来信",
    }
    (tmp_path / "g.jsonl").write_text(json.dumps(gold) + "\n" + json.dumps(row) + "\n")
    first, second = evaluate.read(tmp_path / "g.jsonl")
    assert first.evidence == {"甲/1": ((0, 3),)}
    assert (second.must, second.evidence, second.register) == (("甲/1",), {"甲/1": ((2, 5),)}, "来信")


def test_a_row_that_is_neither_is_named_with_its_line(tmp_path):
    (tmp_path / "g.jsonl").write_text('{"id": "1"}\n')
    with pytest.raises(CorpusError, match=r"g\.jsonl:1: "):
        evaluate.read(tmp_path / "g.jsonl")


def test_what_a_second_reader_gave_may_be_found_in_a_row_of_the_corpus(tmp_path):
    row = {"id": "1", "text": "没人管", "labels": [{"clause": "a/1", "evidence": "没人管"}]}
    path = tmp_path / "corpus.jsonl"
    path.write_text(json.dumps({**row, "second": ["a/1", "a/2"], "defensible": ["b/1"]}, ensure_ascii=False))
    (gold,) = evaluate.read(path)
    assert (gold.must, gold.may) == (("a/1",), ("a/2", "b/1"))


ONE, OTHER, NONE = frozenset({"a/1"}), frozenset({"a/2"}), frozenset()


def test_two_readers_who_say_the_same_agree_wholly():
    readings = [ONE, NONE, OTHER, NONE]
    assert evaluate.kappa(readings, readings).value == 1
    assert evaluate.agreement(readings, readings).value == 1


def test_kappa_is_zero_where_two_readers_agree_as_often_as_chance_would():
    assert abs(evaluate.kappa([ONE, ONE, NONE, NONE], [ONE, NONE, ONE, NONE]).value) < 1e-12


def test_agreement_on_clauses_counts_what_both_gave_twice():
    rate = evaluate.agreement([ONE, ONE | OTHER, NONE], [ONE, ONE, OTHER])
    assert abs(rate.value - 2 * 2 / (3 + 3)) < 1e-12
    assert rate.n == 3
