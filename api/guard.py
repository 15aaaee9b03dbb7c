"""The outermost layer: a request id, the body limit, security headers, and logs without text.

It is plain ASGI so that nothing an endpoint raises gets past it: the server would log the
exception's message, and that may hold document text.
"""

from __future__ import annotations

import logging
import time
import traceback
import uuid
from collections.abc import MutableMapping

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import problems
from .answers import answer

_log = logging.getLogger("api")
_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_STATIC = ("/static/", "/docs/assets/")


class Guard:
    """Wraps the whole app."""

    def __init__(self, app: ASGIApp, body_limit: int) -> None:
        self._app = app
        self._limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        scope["request_id"] = uuid.uuid4().hex
        await _Exchange(self._app, self._limit, scope, receive, send).run()


class _Exchange:
    """One request and its answer."""

    def __init__(self, app: ASGIApp, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        self._app, self._limit, self._scope = app, limit, scope
        self._receive, self._send = receive, send
        self._read = 0
        self._status = 0

    async def run(self) -> None:
        began = time.perf_counter()
        try:
            await self._answer()
        except ClientDisconnect:
            pass
        except Exception as error:
            _log.error("%s %s", self._scope["request_id"], _where(error))
            await self._refuse(problems.INTERNAL)
        self._record(time.perf_counter() - began)

    async def _answer(self) -> None:
        declared = Headers(scope=self._scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > self._limit:
            await self._refuse(problems.TOO_LARGE)
        else:
            await self._app(self._scope, self._counted, self._headed)

    async def _counted(self) -> Message:
        """`receive`, until the body grows too large: a chunked one declares no length."""
        message = await self._receive()
        self._read += len(message.get("body", b""))
        if self._read > self._limit:
            raise problems.ProblemError(problems.TOO_LARGE)
        return message

    async def _headed(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            _add_headers(MutableHeaders(scope=message), self._scope)
        await self._send(message)

    async def _refuse(self, problem: problems.Problem) -> None:
        if not self._status:
            response = answer(Request(self._scope), problem)
            await response(self._scope, self._receive, self._headed)

    def _record(self, seconds: float) -> None:
        """Names the route, not the path, which a caller may have put words into."""
        route = getattr(self._scope.get("route"), "path", None) or "-"
        parts = (self._scope["request_id"], _method(self._scope), route, self._status)
        _log.info("%s %s %s %s %.1f ms", *parts, seconds * 1000)


def _add_headers(headers: MutableHeaders, scope: MutableMapping[str, object]) -> None:
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if str(scope["path"]).startswith(_STATIC):
        headers["Cache-Control"] = "no-cache"
    headers["X-Request-Id"] = str(scope["request_id"])


def _method(scope: Scope) -> str:
    method: str = scope["method"]
    return method if method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS") else "-"


def _where(error: Exception) -> str:
    """The kind of an exception and the lines it passed, without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}"
