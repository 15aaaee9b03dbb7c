"""Archives through."""

import csv
import gzip
import json
import os
import subprocess
import sys

import pytest

from classifier import OutputError, batch, bundle, home
from classifier.batch import Job, tag
from classifier.readers import Columns

GUILTY = "我们村的违建，镇政府推来推去没有人管，反映了五次电话也不接。"
CALM = "请问公积金怎么提取？需要带什么材料？"


@pytest.fixture
def job():
    return Job(bundle.current(home.models()))


def jsonl(path, *texts):
    path.write_text(
        "".join(json.dumps({"id": str(n), "text": t}) + "\n" for n, t in enumerate(texts)), encoding="utf-8"
    )
    return path


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_line_a_row_in_order_with_findings_evidence_and_versions(tmp_path, job, model):
    out = tmp_path / "r.jsonl"
    tally = tag([jsonl(tmp_path / "a.jsonl", GUILTY, CALM)], out, job)
    guilty, calm = lines(out)
    assert (tally.rows, tally.flagged, tally.unread) == (2, 1, 0)
    assert (guilty["id"], guilty["model"], guilty["taxonomy"]) == ("0", model.version, "county-2022")
    for finding in guilty["findings"]:
        assert all(GUILTY[e["start"] : e["end"]] == e["text"] for e in finding["evidence"])
    assert calm["findings"] == []
    assert len(calm["ranked"]) == 5
    assert "text" not in calm


def test_bad_rows_and_bad_files_become_error_rows_and_the_rest_goes_on(tmp_path, job):
    (tmp_path / "b.jsonl").write_text("oops\n")
    (tmp_path / "c.bin").write_bytes(b"\0\1")
    good = jsonl(tmp_path / "a.jsonl", GUILTY)
    out = tmp_path / "r.jsonl"
    tally = tag([tmp_path / "b.jsonl", tmp_path / "c.bin", tmp_path / "缺.csv", good], out, job)
    assert (tally.rows, tally.unread) == (4, 3)
    assert [line.get("error", "")[:9] for line in lines(out)][-1] == ""
    assert all(line["error"] and line["place"] for line in lines(out)[:3])


def test_a_truncated_archive_keeps_the_rows_before_the_break(tmp_path, job):
    whole = gzip.compress(jsonl(tmp_path / "a.jsonl", *[CALM + str(n) for n in range(3000)]).read_bytes())
    (tmp_path / "b.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    tally = tag([tmp_path / "b.jsonl.gz"], tmp_path / "r.jsonl", job)
    assert tally.unread == 1
    assert "error" in lines(tmp_path / "r.jsonl")[-1]


def test_a_gzip_file_with_any_byte_changed_never_stops_the_run(tmp_path, job):
    whole = gzip.compress(jsonl(tmp_path / "a.jsonl", CALM, CALM).read_bytes())
    for at in range(len(whole)):
        (tmp_path / "b.jsonl.gz").write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        list(batch.rows([tmp_path / "b.jsonl.gz"], Columns()))


def test_too_thin_a_text_is_marked_so_in_csv_and_the_original_comes_along_where_asked(tmp_path, job):
    tag([jsonl(tmp_path / "a.jsonl", "好")], tmp_path / "r.csv", Job(job.model, Columns(), with_text=True))
    assert (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()[1].endswith("资料不足,好")


def test_a_folder_in_the_place_of_the_result_is_refused_before_anything_is_read(tmp_path, job):
    (tmp_path / "r.csv").mkdir()
    with pytest.raises(OutputError, match="同名的文件夹"):
        tag([], tmp_path / "r.csv", job)


def test_several_workers_write_the_same_bytes_as_one(tmp_path, job):
    """Law 5."""
    source = jsonl(tmp_path / "a.jsonl", *[f"{GUILTY}第{n}封。{CALM}" for n in range(300)])
    tag([source], tmp_path / "one.jsonl", job)
    tag([source], tmp_path / "two.jsonl", job, workers=2)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


def test_csv_opens_in_a_spreadsheet_and_no_cell_is_a_formula(tmp_path, job):
    source = tmp_path / "a.jsonl"
    source.write_text(json.dumps({"id": "=HYPERLINK(1)", "text": "=1+1" + GUILTY}) + "\n")
    tag([source], tmp_path / "r.csv", job)
    content = (tmp_path / "r.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    header, row = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    assert tuple(header) == batch.CSV_HEADER
    assert row[0] == "'=HYPERLINK(1)"
    assert not [cell for cell in row if cell[:1] in ("=", "+", "-", "@")]


def test_the_text_itself_comes_along_only_where_asked(tmp_path, job):
    source = jsonl(tmp_path / "a.jsonl", CALM)
    tag([source], tmp_path / "r.jsonl", Job(job.model, Columns(), with_text=True))
    assert lines(tmp_path / "r.jsonl")[0]["text"] == CALM


def test_a_lone_surrogate_goes_through_and_comes_out_as_json(tmp_path, job):
    (tmp_path / "a.jsonl").write_text('{"id": "\\ud800", "text": "\\ud800' + GUILTY + '"}\n')
    tag([tmp_path / "a.jsonl"], tmp_path / "r.jsonl", job)
    assert lines(tmp_path / "r.jsonl")[0]["findings"]


def test_a_result_of_another_kind_or_in_no_folder_is_refused(tmp_path, job):
    with pytest.raises(OutputError, match=r"\.jsonl 或 \.csv"):
        tag([], tmp_path / "r.txt", job)
    with pytest.raises(OutputError, match="写不进去"):
        tag([], tmp_path / "缺" / "r.csv", job)


def test_a_run_that_breaks_leaves_no_result_and_no_draft(tmp_path, job):
    def stop(tally):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tag([jsonl(tmp_path / "a.jsonl", CALM)], tmp_path / "r.jsonl", job, seen=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


def test_memory_does_not_grow_with_the_archive(tmp_path, job):
    """Peak memory of 6,000 rows is within 20 MB of that of 600."""
    code = (
        "import sys, resource; from pathlib import Path; from classifier.batch import Job, tag;"
        "tag([Path(sys.argv[1])], Path(sys.argv[2]), Job(Path(sys.argv[3])));"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )

    def peak(count):
        source = jsonl(tmp_path / f"{count}.jsonl", *[f"{CALM}{n}" * 3 for n in range(count)])
        argv = [sys.executable, "-c", code, str(source), str(tmp_path / f"{count}.out.jsonl"), str(job.model)]
        return int(subprocess.run(argv, check=True, capture_output=True, env=os.environ).stdout)

    assert peak(6000) - peak(600) < 20_000
