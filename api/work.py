"""Where work is done: short texts in the event loop, long ones in a thread beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import to_thread
from fastapi import Request

T = TypeVar("T")


async def run(request: Request, length: int, work: Callable[[], T]) -> T:
    """The result of `work` on a text of `length` characters, without holding up other callers."""
    state = request.app.state
    if length <= state.settings.inline:
        return work()
    return await to_thread.run_sync(work, limiter=state.limiter)
