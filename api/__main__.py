"""`python -m api`, which is also `zuofeng serve`: load the model, then listen."""

from __future__ import annotations

import argparse
import errno
import ipaddress
import logging
import socket
import sys
from pathlib import Path

import uvicorn

from classifier import Document, Model, ZuofengError

from .app import create_app

_FIRST_WORDS = "先读一句，词典就此装好，第一位来人不必等。"
_NO_SIGN_IN = (
    "注意：正在监听 {host}，不只是本机。本服务目前没有登录和密钥，能连到这个端口的人都能使用；"
    "请只在可信的网络内这样做。"
)


def main(argv: list[str] | None = None) -> int:
    """Serve until told to stop; 0 after a normal stop, 1 if it cannot start."""
    options = _parser().parse_args(argv)
    try:
        model = Model.load(options.model)
        model.analyse(Document("", _FIRST_WORDS))
        listener = _listen(options.host, options.port)
    except (ZuofengError, _CannotListen) as error:
        print(f"无法启动：{error}", file=sys.stderr)
        return 1
    _greet(listener)
    return _serve(model, listener)


class _CannotListen(Exception):
    """Says why, in Chinese."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zuofeng serve", description="启动网页和 HTTP 接口。")
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="地址", help="监听地址（默认只限本机 127.0.0.1）"
    )
    parser.add_argument(
        "--port", type=_port, default=8000, metavar="端口", help="监听端口（默认 8000；0 为任选）"
    )
    parser.add_argument(
        "--model", type=Path, default=None, metavar="目录", help="模型目录（默认为启用中的模型）"
    )
    return parser


def _port(words: str) -> int:
    if not words.isdecimal() or int(words) > 65535:
        raise argparse.ArgumentTypeError("端口应为 0 到 65535 的整数")
    return int(words)


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, before anything else is started, so that a port in use is said plainly."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, proto)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        raise _CannotListen(_why_not(error, host, port)) from error
    return listener


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"端口 {port} 已被占用；请换一个端口（--port），或先停止占用它的程序。"
    if error.errno == errno.EACCES:
        return f"没有权限使用端口 {port}；请用 1024 以上的端口。"
    return f"不能监听地址 {host}；请检查 --host 是否为本机的地址。"


def _greet(listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    if not ipaddress.ip_address(host).is_loopback:
        print(_NO_SIGN_IN.format(host=host), file=sys.stderr)
    print(f"已启动：http://{shown}:{port}/　按 Ctrl+C 停止。", file=sys.stderr, flush=True)


def _serve(model: Model, listener: socket.socket) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # uvicorn's own access log prints query strings; ours names the route only.
    config = uvicorn.Config(create_app(model), log_config=None, log_level="warning", access_log=False)
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        print("已停止。", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
