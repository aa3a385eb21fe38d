"""What one endpoint may spend, who may ask it how much, and under which names it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
ANY_HOST = ("*",)
_HOST_NAME = re.compile(r"\*|\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Sources:
    """The files an endpoint serves: the built graph, and the folders of queries and ontology."""

    graph_file: Path
    queries: Path | None = None
    ontology: Path | None = None


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


@dataclass(frozen=True)
class Front:
    """Who may ask, how much, and what is told and kept of it.

    `allowed_hosts` are Host names without port, `("*",)` for any. `trusted_proxies` (addresses or
    networks) are believed in X-Forwarded-For and X-Forwarded-Proto, nobody else is. `monitors`
    (networks, besides this machine itself) may read /metrics and /health/ready. `public_url` is
    the address that clients know, empty where they come directly. `requests_per_minute` and
    `at_once` hold for one client, 0 for no limit; a client on this machine has neither.
    """

    allowed_hosts: tuple[str, ...] = LOOPBACK_NAMES
    trusted_proxies: tuple[str, ...] = ()
    monitors: tuple[str, ...] = ()
    public_url: str = ""
    requests_per_minute: int = 600
    at_once: int = 1
    log_queries: bool = False
    log_addresses: bool = False

    def __post_init__(self) -> None:
        for name in self.allowed_hosts:
            if not _HOST_NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no host name; give names without port, or *")
        for network in (*self.trusted_proxies, *self.monitors):
            _check_network(network)
        for setting in ("requests_per_minute", "at_once"):
            if getattr(self, setting) < 0:
                raise ValueError(f"Front.{setting} must not be below 0")
        if self.public_url:
            _check_public_url(self.public_url)


@dataclass(frozen=True)
class Listening:
    """Where one server listens and how it ends.

    Told to end, it still answers for `notice_seconds` while /health/ready says that it drains,
    then takes no new connection and gives running queries `drain_seconds`.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    connections: int = 1000
    drain_seconds: float = 10.0
    notice_seconds: float = 0.0


def _check_network(text: str) -> None:
    try:
        ip_network(text, strict=False)
    except ValueError:
        message = f"{text!r} is neither an address nor a network such as 10.1.0.0/16"
        raise ValueError(message) from None


def _check_public_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname)
        whole = whole and (parts.port is None or parts.port > 0)
    except ValueError:
        whole = False
    if not whole or parts.query or parts.fragment or "@" in parts.netloc or not url.isascii():
        raise ValueError(
            f"{url!r} is no address of an endpoint; give one such as https://evidence.example.org "
            "or https://example.org/metalocal"
        )


def names_answered_to(host: str, public_url: str = "") -> tuple[str, ...]:
    """Host names accepted when bound to `host`: loopback names and the public one, else any.

    A page on a foreign site can point its own name at 127.0.0.1 (DNS rebinding) and would then
    read the local endpoint as its own origin; its Host header gives it away.

    >>> names_answered_to("127.0.0.1", "https://evidence.example.org/metalocal")
    ('localhost', '127.0.0.1', '[::1]', 'evidence.example.org')
    """
    loopback = host in ("localhost", "::1") or host.startswith("127.")
    if not loopback:
        return ANY_HOST
    found = _HOST_NAME.match(public_url.partition("://")[2])
    return (*LOOPBACK_NAMES, found[0]) if found else LOOPBACK_NAMES
