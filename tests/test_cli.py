"""The program, as a person would run it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from classifier import home

GUILTY = "我们村的违建，镇政府推来推去没有人管，反映了五次电话也不接。"


def zuofeng(*arguments, stdin=b"", cwd=None, **environment):
    source = str(Path(__file__).parent.parent / "src")
    env = {**os.environ, "PYTHONPATH": source, "PYTHONIOENCODING": "utf-8", **environment}
    argv = [sys.executable, "-m", "classifier", *map(str, arguments)]
    return subprocess.run(argv, input=stdin, capture_output=True, check=False, cwd=cwd, env=env)


def test_a_pasted_text_is_answered_with_clause_wording_and_sentence():
    done = zuofeng("analyse", GUILTY)
    shown = done.stdout.decode()
    assert done.returncode == 0
    assert "不作为" in shown
    assert "推诿扯皮，不认真研究解决的" in shown
    assert "推来推去" in shown


def test_nothing_found_is_said_in_so_many_words():
    assert "未见所列情形" in zuofeng("analyse", "请问公积金怎么提取？需要带什么材料？").stdout.decode()


def test_the_scheme_itself_alleges_nothing():
    done = zuofeng("analyse", "--json", home.data() / "taxonomy" / "county-2022.toml")
    assert json.loads(done.stdout)["findings"] == []


def test_json_is_one_line_of_plain_data():
    answer = json.loads(zuofeng("analyse", "--json", "-", stdin=GUILTY.encode()).stdout)
    assert set(answer) - {"facts"} == {"id", "kind", "findings", "ranked", "model", "taxonomy"}


def test_a_gbk_file_and_gbk_on_stdin_are_read(tmp_path):
    (tmp_path / "信.txt").write_bytes(GUILTY.encode("gb18030"))
    one = zuofeng("analyse", "--json", tmp_path / "信.txt")
    other = zuofeng("analyse", "--json", stdin=GUILTY.encode("gb18030"))
    assert json.loads(one.stdout)["findings"] == json.loads(other.stdout)["findings"] != []


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        (["analyse", "   "], b"", "没有可读文字"),
        (["analyse"], b"\x00\x01\x02", "不是文本文件"),
        (["analyse", "letter.txt"], b"", "没有这个文件"),
        (["analyse", "--model", "/nowhere", "文"], b"", "模型包不完整"),
        (["tag", "缺.csv", "--out", "/nowhere/r.csv"], b"", "写不进去"),
        (["promote", "v0"], b"", "没有名为“v0”的模型包"),
        (["train", "缺.jsonl"], b"", "缺.jsonl"),
        (["evaluate", "缺.jsonl"], b"", "缺.jsonl"),
    ],
)
def test_what_is_wrong_is_said_in_chinese_on_stderr_with_exit_code_1(arguments, stdin, said):
    done = zuofeng(*arguments, stdin=stdin)
    assert done.returncode == 1
    assert said in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert done.stdout == b""


def test_wrong_usage_is_exit_code_2():
    assert zuofeng("tag", "a.csv").returncode == 2
    assert zuofeng("dance").returncode == 2


def test_an_archive_is_tagged_and_nothing_is_overwritten_without_force(tmp_path):
    source = tmp_path / "来信.csv"
    source.write_text(f"编号,信访内容\n0012,{GUILTY}\n0013,谢谢\n", encoding="gb18030")
    done = zuofeng("tag", source, "--out", tmp_path / "r.jsonl")
    assert done.returncode == 0
    assert "已读 2 条" in done.stderr.decode()
    assert [json.loads(line)["id"] for line in (tmp_path / "r.jsonl").read_text().splitlines()] == [
        "0012",
        "0013",
    ]
    again = zuofeng("tag", source, "--out", tmp_path / "r.jsonl")
    assert again.returncode == 1
    assert "--force" in again.stderr.decode()
    assert zuofeng("tag", source, "--out", tmp_path / "r.jsonl", "--force").returncode == 0


def test_an_archive_with_unread_rows_ends_with_exit_code_1(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "1", "text": "谢谢"}\noops\n')
    done = zuofeng("tag", tmp_path / "a.jsonl", "--out", tmp_path / "r.csv")
    assert done.returncode == 1
    assert "未读 1 条" in done.stderr.decode()


def test_an_archive_is_not_written_onto_itself(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "1", "text": "谢谢"}\n')
    done = zuofeng("tag", tmp_path / "a.jsonl", "--out", tmp_path / "a.jsonl", "--force")
    assert done.returncode == 1
    assert (tmp_path / "a.jsonl").read_text() == '{"id": "1", "text": "谢谢"}\n'


def test_training_evaluating_promoting_and_going_back_in_another_house(tmp_path):
    from conftest import TOWN, WORDS, town_examples

    words = tmp_path / "data" / "lexicon"
    words.mkdir(parents=True)
    for name, text in WORDS.items():
        (words / f"{name}.txt").write_text(text)
    (tmp_path / "data" / "town.toml").write_text(TOWN)
    corpus = tmp_path / "data" / "corpus.jsonl"
    with corpus.open("w") as file:
        for row in town_examples():
            labels = [{"clause": label.clause, "evidence": label.evidence} for label in row.labels]
            plain = {
                "id": row.id,
                "text": row.text,
                "kind": row.kind,
                "register": row.register,
                "labels": labels,
                "group": row.group,
            }
            file.write(json.dumps(plain) + "\n")
    here = {"ZUOFENG_HOME": str(tmp_path)}
    trained = zuofeng("train", corpus, "--taxonomy", tmp_path / "data" / "town.toml", **here)
    version = trained.stdout.decode().strip()
    assert version.startswith("town-service-")
    assert zuofeng("promote", version, **here).returncode == 0
    table = zuofeng("evaluate", corpus, **here).stdout.decode()
    assert "类 micro-F1" in table
    assert "喧哗/2" in table
    assert "没有更早的版本" in zuofeng("rollback", **here).stderr.decode()
    found = json.loads(zuofeng("analyse", "--json", "一号厅见闻。手机外放着歌没人管。", **here).stdout)
    assert [finding["clause"] for finding in found["findings"]] == ["喧哗/2"]


def test_a_reader_that_stops_early_is_no_error():
    command = f"{sys.executable} -m classifier analyse --json - | head -c 1"
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent / "src")}
    text = (GUILTY * 4000).encode()  # an answer larger than a pipe holds
    done = subprocess.run(["bash", "-c", command], input=text, capture_output=True, check=False, env=env)
    assert done.stdout == b"{"
    assert b"Traceback" not in done.stderr


def test_a_long_letter_as_an_argument_is_read_and_not_taken_for_a_file_name():
    done = zuofeng("analyse", "--json", GUILTY * 12)
    assert done.returncode == 0
    assert json.loads(done.stdout)["findings"]


@pytest.mark.parametrize("name", ["来信.txt", "./nofile.docx", "."])
def test_a_mistyped_file_name_or_a_folder_is_not_read_as_a_letter(name):
    done = zuofeng("analyse", name)
    assert done.returncode == 1
    assert "没有这个文件" in done.stderr.decode()


def test_a_full_disk_is_said_in_chinese_without_a_word_of_the_text():
    command = f"{sys.executable} -m classifier analyse {GUILTY} > /dev/full"
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent / "src")}
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, env=env)
    assert done.returncode == 1
    assert "读写失败" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_serve_shows_its_own_help_in_chinese():
    shown = zuofeng("serve", "--help", cwd=Path(__file__).parent.parent).stdout.decode()
    assert "--port" in shown
