"""Problems as answers: handlers for whatever goes wrong in the app or before it."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from . import pages
from .problems import (
    EMPTY_TEXT,
    INVALID_JSON,
    INVALID_REQUEST,
    METHOD_NOT_ALLOWED,
    MISSING_TEXT,
    NOT_FOUND,
    TOO_LARGE,
    UNREADABLE,
    Problem,
    ProblemError,
    body,
)

_BY_STATUS = {p.status: p for p in (NOT_FOUND, METHOD_NOT_ALLOWED, TOO_LARGE, UNREADABLE, INVALID_REQUEST)}


def install(app: FastAPI) -> None:
    """Have the app answer in this shape whatever goes wrong below the guard."""
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_validation)


def answer(request: Request, problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """The page for a person who posted the page's form, JSON for everybody else."""
    request_id: str = request.scope.get("request_id", "")
    if request.method == "POST" and request.url.path == "/":
        html = pages.problem_page(request, problem.message, request_id)
        return HTMLResponse(html, problem.status, headers)
    return JSONResponse(body(problem, request_id), problem.status, headers)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error, ProblemError):
        return answer(request, error.problem)
    known = _BY_STATUS.get(error.status_code)
    problem = known or Problem(error.status_code, "http_error", "请求没有完成；请检查地址和方法。")
    return answer(request, problem, dict(error.headers or {}))


async def _on_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return answer(request, _validation_problem(error))


def _validation_problem(error: RequestValidationError) -> Problem:
    """Chosen by kind and place alone: pydantic's own messages may hold the input."""
    kinds = {(details["type"], *details["loc"][:2]) for details in error.errors()}
    if any(kind[0] == "json_invalid" for kind in kinds):
        return INVALID_JSON
    if ("empty_text", "body", "text") in kinds:
        return EMPTY_TEXT
    if any(kind[:2] == ("missing", "body") or kind[1:] == ("body",) for kind in kinds):
        return MISSING_TEXT
    return INVALID_REQUEST
