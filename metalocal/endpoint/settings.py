"""What one endpoint may spend, and under which names it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
ANY_HOST = ("*",)


@dataclass(frozen=True)
class Sources:
    """The files an endpoint serves: the built graph, and the folder of named queries."""

    graph_file: Path
    queries: Path | None = None


@dataclass(frozen=True)
class Limits:
    """The bounds of one endpoint; a query past one of them is refused or ended, in words.

    `seconds` counts twice: once for the wait for a free worker, once for the query itself.
    `worker_memory_bytes` is on top of what the loaded graph takes, where the platform can hold a
    process to it (Linux can).
    """

    seconds: float = 20.0
    result_bytes: int = 50_000_000
    query_characters: int = 100_000
    workers: int = 2
    waiting: int = 32
    worker_memory_bytes: int = 4 * 1024**3

    def __post_init__(self) -> None:
        for name in ("seconds", "result_bytes", "query_characters", "workers"):
            if getattr(self, name) <= 0:
                raise ValueError(f"Limits.{name} is {getattr(self, name)}; it must be above 0")
        if self.waiting < 0:
            raise ValueError(f"Limits.waiting is {self.waiting}; it must not be below 0")


def names_answered_to(host: str) -> tuple[str, ...]:
    """Host names accepted when bound to `host`: loopback names for loopback, else any.

    A page on a foreign site can point its own name at 127.0.0.1 (DNS rebinding) and would then
    read the local endpoint as its own origin; its Host header gives it away.

    >>> names_answered_to("127.0.0.1")
    ('localhost', '127.0.0.1', '[::1]')
    """
    loopback = host in ("localhost", "::1") or host.startswith("127.")
    return LOOPBACK_NAMES if loopback else ANY_HOST
