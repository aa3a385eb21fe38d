"""A client's address -> what it is counted as, what the log keeps of it, what it may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any

UNKNOWN = "unknown"
_FORWARDED = frozenset((b"x-forwarded-for", b"forwarded", b"x-real-ip"))
_REMEMBERED = 1024  # to read an address takes longer than all else that is done with it


def client_of(scope: Mapping[str, Any]) -> str:
    """Address of the client of an ASGI scope; "unknown" where there is none."""
    client = scope.get("client")
    return str(client[0]) if client else UNKNOWN


@lru_cache(_REMEMBERED)
def counted_as(address: str) -> str:
    """What a client's requests are counted under: an IPv4 address, an IPv6 network of 64 bits.

    Who has one IPv6 address has 2 ** 64 of them.

    >>> counted_as("2001:db8:1:2:3:4:5:6")
    '2001:db8:1:2::/64'
    >>> counted_as("::ffff:192.0.2.7")
    '192.0.2.7'
    """
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(_network(parsed, 64))
    return UNKNOWN if parsed is None else str(parsed)


@lru_cache(_REMEMBERED)
def shortened(address: str) -> str:
    """An address as the log keeps it: IPv4 without its last byte, IPv6 its first 48 bits.

    >>> shortened("192.0.2.7"), shortened("2001:db8:1:2:3:4:5:6"), shortened("x")
    ('192.0.2.0', '2001:db8:1::', 'unknown')
    """
    parsed = _parsed(address)
    if parsed is None:
        return UNKNOWN
    return str(_network(parsed, 48 if isinstance(parsed, IPv6Address) else 24).network_address)


def is_local(scope: Mapping[str, Any]) -> bool:
    """Whether the client is a program on this machine that came without a proxy.

    A proxy on this machine comes from loopback, too, and what it passes on is not local.
    """
    parsed = _parsed(client_of(scope))
    if parsed is None or not parsed.is_loopback:
        return False
    return _FORWARDED.isdisjoint(name for name, _ in scope["headers"])


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Whether an address lies in one of the networks."""
    parsed = _parsed(address)
    return parsed is not None and any(
        parsed in ip_network(network, strict=False) for network in networks
    )


@lru_cache(_REMEMBERED)
def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed


def _network(address: IPv4Address | IPv6Address, bits: int) -> IPv4Network | IPv6Network:
    return ip_network(f"{address}/{bits}", strict=False)
