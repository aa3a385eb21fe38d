"""Token buckets, shares and addresses, each on its own."""

from __future__ import annotations

import asyncio

import pytest

from metalocal.endpoint.operations.addresses import (
    client_of,
    counted_as,
    is_local,
    is_within,
    shortened,
)
from metalocal.endpoint.operations.rates import CrowdedError, Shares, TokenBuckets


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_minutes_requests_are_taken_at_once_and_the_next_must_wait() -> None:
    buckets = TokenBuckets(60, Clock())
    assert [buckets.seconds_to_wait("a") for _ in range(61)] == [0] * 60 + [1]


def test_a_bucket_fills_evenly_and_never_over_its_brim() -> None:
    clock = Clock()
    buckets = TokenBuckets(60, clock)
    for _ in range(60):
        buckets.seconds_to_wait("a")
    clock.now = 2.5
    assert [buckets.seconds_to_wait("a") for _ in range(3)] == [0, 0, 1]
    clock.now = 10_000.0
    assert sum(buckets.seconds_to_wait("a") == 0 for _ in range(100)) == 60


def test_a_slow_rate_tells_how_long_to_wait() -> None:
    buckets = TokenBuckets(2, Clock())
    assert [buckets.seconds_to_wait("a") for _ in range(3)] == [0, 0, 30]


def test_one_clients_haste_is_not_another_clients_wait() -> None:
    buckets = TokenBuckets(1, Clock())
    assert [buckets.seconds_to_wait(client) for client in "aab"] == [0, 60, 0]


def test_only_the_clients_seen_last_are_remembered() -> None:
    buckets = TokenBuckets(1, Clock(), most_clients=2)
    for client in "abc":
        buckets.seconds_to_wait(client)
    assert len(buckets) == 2
    assert [buckets.seconds_to_wait(client) for client in "bca"] == [60, 60, 0]


def test_the_second_query_of_a_client_waits_for_its_first_and_others_do_not() -> None:
    async def story() -> list[str]:
        shares, told, first_may_end = Shares(1, 5, 10.0), [], asyncio.Event()

        async def ask(client: str, name: str, until: asyncio.Event | None) -> None:
            async with shares.turn(client):
                told.append(name)
                if until:
                    await until.wait()

        first = asyncio.create_task(ask("a", "first of a", first_may_end))
        await asyncio.sleep(0)
        second = asyncio.create_task(ask("a", "second of a", None))
        await ask("b", "first of b", None)
        first_may_end.set()
        await asyncio.gather(first, second)
        assert len(shares) == 0
        return told

    assert asyncio.run(story()) == ["first of a", "first of b", "second of a"]


@pytest.mark.parametrize(("line", "seconds"), [(0, 10.0), (1, 0.01)])
def test_a_full_line_and_a_wait_too_long_are_refused(line: int, seconds: float) -> None:
    async def story() -> int:
        shares = Shares(1, line, seconds)
        async with shares.turn("a"):
            with pytest.raises(CrowdedError):
                async with shares.turn("a"):
                    pass
        return len(shares)

    assert asyncio.run(story()) == 0


def test_a_request_that_is_given_up_in_the_line_leaves_no_trace() -> None:
    async def story() -> int:
        shares = Shares(1, 5, 10.0)

        async def ask() -> None:
            async with shares.turn("a"):
                pass

        async with shares.turn("a"):
            waiting = asyncio.create_task(ask())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        return len(shares)

    assert asyncio.run(story()) == 0


@pytest.mark.parametrize(
    ("address", "counted", "kept"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.0"),
        ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.0"),
        ("2001:db8:a:b:1:2:3:4", "2001:db8:a:b::/64", "2001:db8:a::"),
        ("fe80::1%eth0", "fe80::/64", "fe80::"),
        ("testclient", "unknown", "unknown"),
        ("a\nb", "unknown", "unknown"),
    ],
)
def test_an_address_is_counted_by_network_and_kept_shortened(
    address: str, counted: str, kept: str
) -> None:
    assert (counted_as(address), shortened(address)) == (counted, kept)


@pytest.mark.parametrize(
    ("address", "headers", "local"),
    [
        ("127.0.0.1", [], True),
        ("::1", [], True),
        ("::ffff:127.0.0.1", [], True),
        ("10.0.0.1", [], False),
        ("127.0.0.1", [(b"x-forwarded-for", b"10.0.0.1")], False),
        ("127.0.0.1", [(b"forwarded", b"for=10.0.0.1")], False),
        ("unix", [], False),
    ],
)
def test_what_a_proxy_on_this_machine_passes_on_is_not_local(
    address: str, headers: list[tuple[bytes, bytes]], local: bool
) -> None:
    assert is_local({"client": (address, 1), "headers": headers}) is local


def test_a_request_without_an_address_is_from_nobody_known() -> None:
    assert client_of({"client": None}) == "unknown"


def test_monitors_are_addresses_within_their_networks() -> None:
    networks = ("10.1.0.0/16", "2001:db8::/32", "192.0.2.9")
    inside = ("10.1.2.3", "2001:db8::5", "192.0.2.9", "::ffff:10.1.2.3")
    assert all(is_within(address, networks) for address in inside)
    assert not any(is_within(address, networks) for address in ("10.2.0.1", "unknown", "::1"))
