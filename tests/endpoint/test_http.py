"""Bytes on a socket that are no good HTTP: an end in bounded time, and others are served on."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn

from metalocal.endpoint import Limits, Sources
from metalocal.endpoint.connections import LONGEST_HEAD, Connection, http_options
from metalocal.server import create_app

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint

HOST = b"Host: 127.0.0.1\r\n"
ASK = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n" + HOST
POST = b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: application/sparql-query\r\n"
PATIENCE = 10.0


class Hasty(Connection):
    """A connection whose times are over soon."""

    head_seconds = 0.3
    answer_seconds = 0.3
    farewell_seconds = 0.1


@contextmanager
def serving(app: object, connection: type[Connection]) -> Iterator[tuple[str, int]]:
    options = http_options() | {"http": connection, "timeout_keep_alive": 0.2}
    config = uvicorn.Config(app, log_level="critical", access_log=False, **options)  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = listening.getsockname()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield address
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def hasty(graph_file: Path) -> Iterator[tuple[str, int]]:
    """An endpoint that gives nobody time."""
    app = create_app(Sources(graph_file), Limits(seconds=1.0, workers=1))
    with serving(app, Hasty) as address:
        assert "200 OK" in sent(address, ASK + b"Connection: close\r\n\r\n")
        yield address


def sent(address: tuple[str, int], request: bytes) -> str:
    """All that comes back until the server ends the connection."""
    with socket.create_connection(address, timeout=PATIENCE) as connection:
        with suppress(ConnectionError):  # it was refused before all had gone out
            connection.sendall(request)
        return received(connection)


def received(connection: socket.socket) -> str:
    parts = []
    with suppress(ConnectionResetError):
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts).decode("latin-1")


def statuses(answer: str) -> list[int]:
    return [int(piece[:3]) for piece in answer.split("HTTP/1.1 ")[1:]]


NO_REQUESTS = {
    "a line of anything": b"BLAH\r\n\r\n",
    "no version": b"GET /sparql?query=ASK%7B%7D\r\n\r\n",
    "HTTP/1.1 without Host": b"GET / HTTP/1.1\r\n\r\n",
    "two Hosts": ASK + b"Host: attacker.example\r\n\r\n",
    "an unknown transfer coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK{}",
    "a negative length": POST + b"Content-Length: -5\r\n\r\nASK{}",
    "a length with a sign": POST + b"Content-Length: +5\r\n\r\nASK{}",
    "a length in 26 digits": POST + b"Content-Length: " + b"9" * 26 + b"\r\n\r\nASK{}",
    "a chunk without size": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nASK{}\r\n0\r\n\r\n",
    "NUL in a header": ASK + b"X-A: a\0b\r\n\r\n",
    "NUL in the URL": b"GET /sparql?query=ASK\0{} HTTP/1.1\r\n" + HOST + b"\r\n",
    "a blank in a header's name": ASK + b"X A: b\r\n\r\n",
    "a blank before the colon": ASK + b"Content-Length : 5\r\n\r\nASK{}",
    "a lone carriage return": ASK + b"X-A: a\rX-B: b\r\n\r\n",
    "bytes past ASCII in the URL": b"GET /sparql?query=\xc3\xa9 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a greeting of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200,
}


@pytest.mark.parametrize("request_", NO_REQUESTS.values(), ids=NO_REQUESTS.keys())
def test_what_is_no_request_is_told_so_and_ends(hasty: tuple[str, int], request_: bytes) -> None:
    answer = sent(hasty, request_)
    assert statuses(answer) == [400]
    assert "This is no HTTP request that can be read" in answer
    assert "X-Content-Type-Options: nosniff" in answer


def test_a_greeting_of_http_2_is_answered_and_ends(hasty: tuple[str, int]) -> None:
    assert statuses(sent(hasty, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))[0] in (400, 421)


def test_nothing_is_smuggled_behind_a_request_with_two_kinds_of_length(
    hasty: tuple[str, int],
) -> None:
    two = b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = sent(hasty, POST + two + b"0\r\n\r\n" + ASK + b"\r\n")
    assert statuses(answer) == [400]


def test_no_part_of_an_answer_waits_for_the_one_before(graph_file: Path) -> None:
    at_once: list[int] = []

    class Watched(Connection):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            connection = transport.get_extra_info("socket")
            at_once.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    with serving(create_app(Sources(graph_file), Limits(workers=1)), Watched) as address:
        sent(address, ASK + b"Connection: close\r\n\r\n")
    assert at_once == [1]


def test_a_target_that_is_a_whole_address_is_taken(hasty: tuple[str, int]) -> None:
    target = b"GET http://localhost:8000/sparql?query=ASK%7B%7D HTTP/1.1\r\n"
    answer = sent(hasty, target + HOST + b"Connection: close\r\n\r\n")
    assert statuses(answer) == [200]
    assert '"boolean":true' in answer


def test_a_whole_address_of_another_host_is_not_ours(hasty: tuple[str, int]) -> None:
    target = b"GET http://elsewhere.example/sparql?query=ASK%7B%7D HTTP/1.1\r\n"
    assert statuses(sent(hasty, target + HOST + b"Connection: close\r\n\r\n")) == [421]


@pytest.mark.parametrize("upgrade", [b"h2c", b"websocket"])
def test_no_other_protocol_is_changed_to(hasty: tuple[str, int], upgrade: bytes) -> None:
    headers = b"Connection: Upgrade\r\nUpgrade: " + upgrade + b"\r\n\r\n"
    assert statuses(sent(hasty, ASK + headers)) == [200]


def test_requests_in_one_packet_are_answered_in_their_order(hasty: tuple[str, int]) -> None:
    other = ASK.replace(b"ASK%7B%7D", b"ASK%7B")
    answer = sent(hasty, ASK + b"\r\n" + other + b"\r\n" + ASK + b"Connection: close\r\n\r\n")
    assert statuses(answer) == [200, 400, 200]


def test_a_client_that_asks_before_it_sends_is_told_to_go_on(hasty: tuple[str, int]) -> None:
    head = b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n"
    assert statuses(sent(hasty, POST + head + b"ASK{}")) == [100, 200]


@pytest.mark.parametrize("method", [b"TRACE", b"FOO", b"CONNECT", b"DELETE", b"PATCH"])
def test_other_methods_are_refused(hasty: tuple[str, int], method: bytes) -> None:
    answer = sent(hasty, method + b" /sparql HTTP/1.1\r\n" + HOST + b"\r\n")
    assert statuses(answer)[0] in (400, 405)


def long_url(length: int) -> bytes:
    return b"GET /sparql?query=ASK%7B%7D%23" + b"a" * length + b" HTTP/1.1\r\n" + HOST


@pytest.mark.parametrize(
    ("length", "status"), [(5_000, 200), (60_000, 200), (70_000, 414), (200_000, 414)]
)
def test_a_url_that_is_too_long_is_told_to_come_by_post(
    hasty: tuple[str, int], length: int, status: int
) -> None:
    answer = sent(hasty, long_url(length) + b"Connection: close\r\n\r\n")
    assert statuses(answer) == [status]
    assert status == 200 or "send the query by POST" in answer


@pytest.mark.parametrize(
    "headers", [b"".join(b"X-%d: 1234567\r\n" % n for n in range(10_000)), b"X: " + b"a" * 900_000]
)
def test_headers_that_are_too_large_are_refused(hasty: tuple[str, int], headers: bytes) -> None:
    answer = sent(hasty, ASK + headers + b"\r\n")
    assert statuses(answer) == [431]
    assert f"longer than {LONGEST_HEAD} bytes" in answer


def test_a_body_announced_as_too_long_is_refused_before_it_is_sent(
    hasty: tuple[str, int],
) -> None:
    answer = sent(hasty, POST + b"Content-Length: 999999999999\r\n\r\nASK{}")
    assert statuses(answer) == [413]
    assert "The query is longer than 100000 characters" in answer


def test_a_body_that_grows_without_end_is_refused(hasty: tuple[str, int]) -> None:
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    answer = sent(hasty, POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 40)
    assert statuses(answer) == [413]


def test_a_compressed_body_is_refused_in_words(hasty: tuple[str, int]) -> None:
    head = b"Content-Encoding: gzip\r\nContent-Length: 5\r\nConnection: close\r\n\r\n"
    answer = sent(hasty, POST + head + b"\x1f\x8b\x08\0\0")
    assert statuses(answer) == [415]
    assert "send it as it is" in answer


@pytest.mark.parametrize("begun", [b"GET", ASK, ASK + b"X-A: b", b"GET /\r\n"], ids=repr)
def test_half_a_head_is_not_waited_for(hasty: tuple[str, int], begun: bytes) -> None:
    answer = sent(hasty, begun)
    assert statuses(answer) == [408]
    assert "send first line and headers at once" in answer


def test_a_connection_without_a_word_ends(hasty: tuple[str, int]) -> None:
    assert sent(hasty, b"") == ""


def test_a_connection_kept_alive_ends_when_nothing_follows(hasty: tuple[str, int]) -> None:
    assert statuses(sent(hasty, ASK + b"\r\n")) == [200]


def test_half_a_body_is_not_waited_for(hasty: tuple[str, int]) -> None:
    answer = sent(hasty, POST + b"Content-Length: 50\r\n\r\nASK{}")
    assert statuses(answer) == [408]
    assert "not complete within 1 seconds" in answer


def test_a_refused_request_whose_body_never_ends_is_cut(hasty: tuple[str, int]) -> None:
    head = b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: text/plain\r\n"
    answer = sent(hasty, head + b"Transfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\n")
    assert statuses(answer) == [415]


def test_nonsense_after_an_early_answer_ends_without_a_second_one(
    hasty: tuple[str, int],
) -> None:
    head = b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: text/plain\r\n"
    with socket.create_connection(hasty, timeout=PATIENCE) as connection:
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        first = connection.recv(65_536).decode()
        connection.sendall(b"zz\r\n")
        assert statuses(first + received(connection)) == [415]


def test_slow_clients_do_not_keep_others_waiting(hasty: tuple[str, int]) -> None:
    slow = [socket.create_connection(hasty, timeout=PATIENCE) for _ in range(50)]
    for connection in slow:
        connection.sendall(ASK + b"X-A: ")
    assert statuses(sent(hasty, ASK + b"Connection: close\r\n\r\n")) == [200]
    assert [statuses(received(connection)) for connection in slow] == [[408]] * 50
    for connection in slow:
        connection.close()


def test_a_head_that_drips_has_no_more_time_than_one_that_stands_still(
    hasty: tuple[str, int],
) -> None:
    with socket.create_connection(hasty, timeout=0.05) as connection:
        connection.sendall(ASK)
        for _ in range(200):
            try:
                if connection.recv(1_000):
                    return
            except TimeoutError:
                connection.sendall(b"X-A: b\r\n")
    pytest.fail("after 200 drips the server was still waiting")


def test_a_client_that_leaves_in_the_middle_of_its_body_harms_nobody(
    hasty: tuple[str, int],
) -> None:
    for _ in range(20):
        with socket.create_connection(hasty) as connection:
            connection.sendall(POST + b"Content-Length: 50\r\n\r\nASK{}")
    assert statuses(sent(hasty, ASK + b"Connection: close\r\n\r\n")) == [200]


def test_a_client_that_does_not_take_its_answer_is_cut() -> None:
    taken = threading.Event()

    async def large(scope: dict[str, object], receive: object, send: object) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
            await send({"type": "http.response.body", "body": b"x" * 50_000_000})  # type: ignore[operator]
            taken.set()

    with serving(large, Hasty) as address, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.settimeout(PATIENCE)
        connection.connect(address)
        connection.sendall(ASK + b"\r\n")
        assert taken.wait(PATIENCE)
        threading.Event().wait(0.6)
        assert len(received(connection)) < 50_000_000


def test_a_query_of_the_longest_kind_arrives_by_post(endpoint: Endpoint) -> None:
    query = "ASK { } #" + "é" * 99_990
    answer = endpoint.client.post("/sparql", data={"query": query})
    assert answer.json()["boolean"] is True


def test_the_server_answers_on_after_all_this(hasty: tuple[str, int]) -> None:
    answer = httpx.get(f"http://{hasty[0]}:{hasty[1]}/sparql?query=ASK%7B%7D", trust_env=False)
    assert answer.json()["boolean"] is True
