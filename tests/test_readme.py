"""The README's code and commands are run as they stand; its two languages name the same commands."""

import gzip
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from conftest import on_ci

from classifier import bundle, home

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ELSEWHERE = ("make ", "zuofeng train", "zuofeng serve")  # .ci/run, test_train.py, and the server below


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def commands() -> list[str]:
    lines = [
        line.removeprefix("$ ")
        for block in blocks("console")
        for line in block.splitlines()
        if line.startswith("$ ")
    ]
    return [re.sub(r"\s+# .*", "", line) for line in lines]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    version = bundle.current(home.models()).name
    command = command.replace("zuofeng", f"{sys.executable} -m classifier").replace("VERSION", version)
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    return subprocess.run(command, shell=True, cwd=folder, env=env, capture_output=True, check=False)


@pytest.fixture
def folder(tmp_path):
    """What the commands speak of: a letter, two archives, labelled text."""
    (tmp_path / "letter.txt").write_text("反映了五次，镇政府推来推去没有人管。", encoding="gb18030")
    (tmp_path / "letters.csv").write_text("id,title,text\n1,违建没人管,镇政府推来推去\n", encoding="utf-8")
    row = json.dumps({"id": "2", "title": "咨询", "text": "公积金怎么提取？"})
    (tmp_path / "more.jsonl.gz").write_bytes(gzip.compress(row.encode()))
    gold = {"id": "3", "text": "镇政府推来推去没有人管", "must": ["不作为/5"], "may": [], "evidence": {}}
    (tmp_path / "labelled.jsonl").write_text(json.dumps(gold))
    return tmp_path


def test_the_python_of_the_readme_runs(capsys):
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), {})
    assert "推来推去" in capsys.readouterr().out


@pytest.mark.parametrize(
    "command",
    [c for c in commands() if not c.startswith((*ELSEWHERE, "curl"))],
    ids=lambda command: command[:40],
)
def test_the_commands_of_the_readme_run(command, folder):
    done = run(command, folder)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout or done.stderr


@pytest.mark.skipif(not shutil.which("curl") and not on_ci(), reason="no curl")
def test_the_http_call_of_the_readme_is_answered(folder):
    (command,) = [c for c in commands() if c.startswith("curl")]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    server = subprocess.Popen(
        [sys.executable, "-m", "api", "--port", str(port)], env=env, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        assert json.loads(run(command.replace("8000", str(port)), folder).stdout)["findings"]
    finally:
        server.terminate()
        server.wait(timeout=10)


def wait_for(url: str) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not become ready")


def test_both_readmes_show_the_same_picture_and_the_two_commands():
    chinese = (ROOT / "README.zh.md").read_text(encoding="utf-8")
    for text in (README, chinese):
        assert "docs/page.png" in text
        assert "$ make run" in text
        assert "$ make test" in text
    assert (ROOT / "docs" / "page.png").stat().st_size < 400_000


@pytest.mark.parametrize(
    "path", [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "data" / "README.md"], ids=str
)
def test_every_file_that_a_document_links_to_is_there(path):
    links = re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []
