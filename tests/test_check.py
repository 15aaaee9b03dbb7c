"""What `zuofeng check` complains of."""

import json

from conftest import TOWN

from classifier import home, taxonomy
from classifier.check import check

BASE = {"kind": "投诉", "register": "来信", "field": "", "author": "written"}
CHART = taxonomy.parse(TOWN)


def problems(tmp_path, *rows, fewest=0):
    path = tmp_path / "c.jsonl"
    path.write_text("\n".join(json.dumps(BASE | row, ensure_ascii=False) for row in rows))
    words = tmp_path / "words"
    words.mkdir(exist_ok=True)
    (words / "late.txt").write_text("迟到\n")
    return list(check([path], CHART, words, fewest))


LATE = {
    "id": "1",
    "text": "窗口的人今天又迟到了，等了半小时",
    "labels": [{"clause": "迟到/1", "evidence": "又迟到了"}],
    "group": "1",
}
CALM = {"id": "2", "text": "请问周末大厅开不开门，我想来交材料", "labels": [], "group": "2"}


def test_a_sound_corpus_has_no_problems(tmp_path):
    assert problems(tmp_path, LATE, CALM) == []


def test_evidence_that_is_not_in_the_text_is_named_with_its_line(tmp_path):
    wrong = {**LATE, "labels": [{"clause": "迟到/1", "evidence": "早就走了"}]}
    (problem,) = problems(tmp_path, CALM, wrong)
    assert problem.endswith("c.jsonl:2: 迟到/1 的依据不是原文中的字句")


def test_a_clause_that_does_not_exist_is_named(tmp_path):
    assert any(
        "早退/1" in p
        for p in problems(tmp_path, CALM, {**LATE, "labels": [{"clause": "早退/1", "evidence": "又迟到了"}]})
    )


def test_a_clause_that_only_a_second_reader_gave_must_exist_too(tmp_path):
    assert any("早退/2" in p for p in problems(tmp_path, LATE, {**CALM, "second": ["早退/2"]}))
    assert problems(tmp_path, LATE, {**CALM, "second": [], "defensible": ["喧哗/1"]}) == []


def test_a_near_duplicate_outside_its_group_is_named_and_inside_is_not(tmp_path):
    twin = {**LATE, "id": "3", "text": LATE["text"] + "啊", "group": "3"}
    assert any("几乎相同" in p for p in problems(tmp_path, LATE, CALM, twin))
    assert problems(tmp_path, LATE, CALM, {**twin, "group": "1"}) == []


def test_personal_data_is_named_by_kind_and_not_repeated(tmp_path):
    number = "1380013" + "8000"
    (problem,) = problems(tmp_path, LATE, {**CALM, "text": f"请打{number}找我，谢谢大家的帮助"})
    assert "手机号" in problem
    assert number not in problem


def test_one_id_used_twice_is_named(tmp_path):
    assert any(
        "编号 1 已用于" in p
        for p in problems(tmp_path, LATE, CALM, {**CALM, "id": "1", "text": "明天几点下班呢，想来办个证"})
    )


def test_too_few_passages_of_a_clause_are_counted(tmp_path):
    assert "town-service: 喧哗/1 只有 0 段，至少要 1 段" in problems(tmp_path, LATE, CALM, fewest=1)


def test_a_register_with_only_labelled_passages_is_named(tmp_path):
    assert problems(tmp_path, LATE) == ["语料: 文体“来信”只有有标签的段落"]


def test_a_line_that_cannot_be_read_is_a_problem_not_a_crash(tmp_path):
    (tmp_path / "c.jsonl").write_text("{\n")
    assert any("不是有效的 JSON" in p for p in check([tmp_path / "c.jsonl"], CHART, home.lexicon(), 0))


def test_the_corpus_that_ships_has_no_problems():
    chart = taxonomy.load(home.data() / "taxonomy" / "county-2022.toml")
    assert list(check([home.data() / "corpus"], chart, home.lexicon())) == []
