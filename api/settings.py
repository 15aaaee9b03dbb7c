"""How a service is set up. Plain values; who makes them is `python -m api` or a test."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """`inline` is the longest text, in characters, that is analysed without leaving the event loop."""

    body_limit: int = 4 * 1024 * 1024
    inline: int = 2000
    threads: int = 4
