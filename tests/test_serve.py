"""Starting the service: it says where it listens, or why it cannot."""

from __future__ import annotations

import socket

import pytest

from api.__main__ import main


def test_a_port_in_use_is_said_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 1
    assert f"端口 {port} 已被占用" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--model", "/nowhere/at/all"], "无法启动"),
        (["--host", "203.0.113.7"], "不能监听地址 203.0.113.7"),
    ],
)
def test_a_service_that_cannot_start_says_why(
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("uvicorn.Server.run", _closed)
    assert main(arguments) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("port", ["99999", "-1", "八千"])
def test_a_port_that_is_none_is_wrong_usage(
    port: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uvicorn.Server.run", _closed)
    with pytest.raises(SystemExit, match="2"):
        main([f"--port={port}"])
    assert "端口应为 0 到 65535 的整数" in capsys.readouterr().err


def _closed(_server: object, sockets: list[socket.socket]) -> None:
    for each in sockets:
        each.close()


@pytest.mark.parametrize(("host", "warned"), [("127.0.0.1", False), ("0.0.0.0", True)])
def test_listening_beyond_this_machine_is_warned_of(
    host: str, warned: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uvicorn.Server.run", _closed)
    assert main(["--host", host, "--port", "0"]) == 0
    said = capsys.readouterr().err
    assert ("没有登录和密钥" in said) == warned
    assert f"已启动：http://{host}:" in said
