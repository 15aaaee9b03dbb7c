"""Labelled examples."""

import json

import pytest

from classifier import CorpusError, corpus

ROW = {
    "id": "a1",
    "text": "镇里一直没人管",
    "kind": "投诉举报",
    "register": "来信",
    "labels": [{"clause": "官僚作风/1", "evidence": "一直没人管"}],
}


def written(tmp_path, *rows):
    path = tmp_path / "一.jsonl"
    path.write_text(
        "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    )
    return path


def test_an_example_is_read_with_its_labels_and_is_its_own_group(tmp_path):
    (example,) = corpus.read([written(tmp_path, ROW)])
    assert example.clauses == ("官僚作风/1",)
    assert example.group == "a1"


def test_a_folder_means_all_its_files_in_order(tmp_path):
    written(tmp_path, ROW).rename(tmp_path / "二.jsonl")
    written(tmp_path, {**ROW, "id": "a0"})
    assert [example.id for example in corpus.read([tmp_path])] == ["a0", "a1"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "不是有效的 JSON"),
        ({"id": "a1"}, "labels"),
        ({**ROW, "colour": "red"}, "colour"),
        ({**ROW, "labels": [{"clause": "官僚作风/1"}]}, "evidence"),
        ("[1]", "字段缺失或多余"),
        ({**ROW, "second": "官僚作风/1"}, "应当是列表"),
        ({**ROW, "second": [1]}, "应当都是文字"),
        ({**ROW, "labels": [{"clause": 1, "evidence": "没人管"}]}, "应当都是文字"),
    ],
)
def test_a_bad_line_is_named_with_file_and_number(tmp_path, line, said):
    with pytest.raises(CorpusError, match=r"一\.jsonl:2: ") as caught:
        corpus.read([written(tmp_path, ROW, line)])
    assert said in str(caught.value)


def test_what_a_second_reader_gave_counts_as_right_beside_the_labels(tmp_path):
    (example,) = corpus.read([written(tmp_path, {**ROW, "second": [], "defensible": ["慢作为/4"]})])
    assert example.second == ()
    assert example.right == {*example.clauses, "慢作为/4"}


def test_a_passage_that_nobody_read_twice_says_so(tmp_path):
    (example,) = corpus.read([written(tmp_path, ROW)])
    assert example.second is None


def test_nothing_to_read_is_said(tmp_path):
    with pytest.raises(CorpusError, match="没有语料文件"):
        corpus.read([tmp_path])


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CorpusError, match=r"缺\.jsonl"):
        corpus.read([tmp_path / "缺.jsonl"])
