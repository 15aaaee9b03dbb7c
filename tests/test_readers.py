"""Archives in."""

import gzip
import json

import pytest

from classifier import Document, InputError, readers
from classifier.readers import Columns, Unread


def rows(path, **columns):
    return list(readers.read(path, Columns(**columns)))


def said(path, **columns):
    return [(row.id, row.text if isinstance(row, Document) else row.reason) for row in rows(path, **columns)]


def test_jsonl_gives_id_and_text(tmp_path):
    (tmp_path / "a.jsonl").write_text(
        '{"id": "7", "text": "没人管"}\n\n{"text": "没有编号"}\n', encoding="utf-8"
    )
    assert said(tmp_path / "a.jsonl") == [("7", "没人管"), ("a.jsonl:3", "没有编号")]


def test_gzipped_jsonl_is_read_like_plain(tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress('{"id": "7", "text": "没人管"}\n'.encode()))
    assert said(tmp_path / "a.jsonl.gz") == [("7", "没人管")]


def test_several_text_columns_are_joined_and_empty_ones_left_out(tmp_path):
    (tmp_path / "a.jsonl").write_text(
        '{"id": "1", "title": "路灯", "text": "坏了"}\n{"id": "2", "title": "", "text": "坏了"}\n'
    )
    assert said(tmp_path / "a.jsonl", text=("title", "text")) == [("1", "路灯。坏了"), ("2", "坏了")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{oops", "不是有效的 JSON"),
        ("[1, 2]", "不是 JSON 对象"),
        ('{"id": "9", "text": 5}', "不是文字"),
        ('{"id": "9", "text": "  "}', "没有可读文字"),
        ('{"id": "9", "body": "x"}', "--text-column"),
        ("[" * 100_000, "不是有效的 JSON"),
    ],
)
def test_a_bad_line_is_a_row_with_its_place_and_the_rest_goes_on(tmp_path, line, reason):
    (tmp_path / "a.jsonl").write_text(line + '\n{"id": "10", "text": "没人管"}\n')
    bad, good = rows(tmp_path / "a.jsonl")
    assert isinstance(bad, Unread)
    assert bad.place == "a.jsonl:1"
    assert reason in bad.reason
    assert good == Document("10", "没人管", {"place": "a.jsonl:2"})


def test_a_lone_surrogate_in_json_is_a_character_like_others(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "1", "text": "没人\\ud800管"}\n')
    assert said(tmp_path / "a.jsonl") == [("1", "没人\ud800管")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_in_every_encoding_and_with_every_delimiter(tmp_path, encoding, delimiter):
    lines = [["编号", "信访内容"], ["0012", "街道一直没有回复"]]
    (tmp_path / "a.csv").write_text("\n".join(delimiter.join(line) for line in lines), encoding=encoding)
    assert said(tmp_path / "a.csv") == [("0012", "街道一直没有回复")]


def test_a_short_gbk_file_is_not_taken_for_anything_else(tmp_path):
    (tmp_path / "a.csv").write_bytes("内容\n没人管\n".encode("gbk"))
    assert said(tmp_path / "a.csv") == [("a.csv:2", "没人管")]


def test_a_cell_may_hold_line_breaks_and_quotes(tmp_path):
    (tmp_path / "a.csv").write_text('编号,内容\n1,"第一行\n第二行说""没人管"""\n2,好\n')
    assert said(tmp_path / "a.csv") == [("1", '第一行\n第二行说"没人管"'), ("2", "好")]


def test_a_row_with_too_few_cells_is_unread_and_the_rest_goes_on(tmp_path):
    (tmp_path / "a.csv").write_text("编号,日期,内容\n1,今天\n2,今天,没人管\n")
    assert said(tmp_path / "a.csv") == [("1", "没有可读文字"), ("2", "没人管")]


def test_a_csv_without_a_text_column_is_refused_with_the_columns_it_has(tmp_path):
    (tmp_path / "a.csv").write_text("姓名,电话\n甲,1\n")
    with pytest.raises(
        InputError, match=r"a\.csv：找不到文本列，请用 --text-column 指定；现有的列：姓名、电话"
    ):
        rows(tmp_path / "a.csv")


def test_a_named_column_that_is_missing_is_named(tmp_path):
    (tmp_path / "a.csv").write_text("标题,内容\n甲,乙\n")
    with pytest.raises(InputError, match="找不到正文"):
        rows(tmp_path / "a.csv", text=("标题", "正文"))


def test_another_kind_of_file_is_refused_with_the_kinds_that_can_be_read(tmp_path):
    with pytest.raises(InputError, match=r"\.jsonl、"):
        rows(tmp_path / "a.doc")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "a.csv").write_bytes(bytes(range(256)) * 4)
    with pytest.raises(InputError, match="不是文本文件"):
        rows(tmp_path / "a.csv")


def test_ten_thousand_rows_are_read_as_they_are_asked_for(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"id": str(n), "text": "没人管"}) + "\n" for n in range(10_000)))
    found = readers.read(path)
    assert [next(found).id for _ in range(3)] == ["0", "1", "2"]


def test_an_unclosed_quote_is_told_with_the_number_of_lines_it_swallowed(tmp_path):
    rows_after = "".join(f"{n},镇政府没人管\n" for n in range(2, 500))
    (tmp_path / "a.csv").write_text(f'id,text\n0,好\n1,"谢谢\n{rows_after}')
    good, bad = rows(tmp_path / "a.csv")
    assert good.id == "0"
    assert bad.place == "a.csv:3"
    assert "连同后面共 499 行没有读" in bad.reason


def test_two_columns_of_one_name_and_a_missing_id_column_are_refused(tmp_path):
    (tmp_path / "a.csv").write_text("text,text\n甲,乙\n")
    with pytest.raises(InputError, match="两列都叫"):
        rows(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text("text\n甲\n")
    with pytest.raises(InputError, match="找不到工单号"):
        rows(tmp_path / "b.csv", id="工单号")


def test_blank_lines_and_excel_s_separator_line_before_the_header_are_passed_over(tmp_path):
    (tmp_path / "a.csv").write_text("\nsep=;\n编号;内容\n1;没人管\n")
    assert said(tmp_path / "a.csv") == [("1", "没人管")]


def test_a_number_too_long_for_python_is_a_bad_line_like_others(tmp_path):
    (tmp_path / "a.jsonl").write_text(
        '{"id": ' + "9" * 5000 + ', "text": "x"}\n{"id": "2", "text": "没人管"}\n'
    )
    assert [type(row) for row in rows(tmp_path / "a.jsonl")] == [Unread, Document]
