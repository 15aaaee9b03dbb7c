"""Everything that can go wrong, in one shape: a stable code, a Chinese message, a request id.

Nothing here ever holds what the caller sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException


@dataclass(frozen=True, slots=True)
class Problem:
    status: int
    code: str
    message: str


NOT_FOUND = Problem(404, "not_found", "没有这个地址；接口清单见 /docs。")
METHOD_NOT_ALLOWED = Problem(405, "method_not_allowed", "这个地址不接受该请求方法；接口清单见 /docs。")
TOO_LARGE = Problem(413, "too_large", "内容过长，超出了一次能接收的上限；请分段提交。")
UNREADABLE = Problem(400, "unreadable_body", "请求内容读不出来；请用 UTF-8 编码的 JSON。")
INVALID_JSON = Problem(400, "invalid_json", "请求内容不是有效的 JSON；请检查引号、逗号和括号。")
INVALID_FORM = Problem(400, "invalid_form", "表单内容读不出来；请回到页面重新粘贴。")
MISSING_TEXT = Problem(
    422, "missing_text", '缺少 text；请以 application/json 提交，例如 {"text": "要研判的文字"}。'
)
EMPTY_TEXT = Problem(422, "empty_text", "文字为空；请填入要研判的文字。")
INVALID_REQUEST = Problem(422, "invalid_request", "请求字段不合要求：text 和 id 须为字符串，id 最长 200 字。")
INTERNAL = Problem(
    500, "internal_error", "服务内部出错，没有得出结果；请重试，仍不行请把请求编号告诉管理员。"
)


class ProblemError(HTTPException):
    """A problem on its way to the caller."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.status, problem.code)
        self.problem = problem


def body(problem: Problem, request_id: str) -> dict[str, Any]:
    return {"error": {"code": problem.code, "message": problem.message, "request_id": request_id}}
