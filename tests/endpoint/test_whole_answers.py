"""An answer's head goes out with its body, and never stays behind."""

from __future__ import annotations

import asyncio
import socket
from typing import Any, cast

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from uvicorn.server import ServerState

from metalocal.endpoint.connections import Connection, http_options
from metalocal.endpoint.whole_answers import HeadWithBody

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class Transport:
    """A transport that notes what it is told."""

    def __init__(self) -> None:
        self.done: list[object] = []
        self.socket: socket.socket | None = None

    def write(self, data: bytes) -> None:
        self.done.append(data)

    def close(self) -> None:
        self.done.append("closed")

    def get_write_buffer_size(self) -> int:
        return 7

    def get_extra_info(self, name: str) -> object:
        return self.socket if name == "socket" else None

    def is_closing(self) -> bool:
        return False

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


@pytest.fixture
def transport() -> Transport:
    return Transport()


def together(transport: Transport, *are_heads: bool) -> Any:
    """The transport wrapped; whether what is written first, second ... is a head."""
    told = iter([*are_heads, *[False] * 9])
    return HeadWithBody(cast("Any", transport), lambda: next(told))


def test_head_and_body_are_one_send(transport: Transport) -> None:
    answers = together(transport, True)
    answers.write(HEAD)
    assert not transport.done
    answers.write(b"rows")
    answers.write(b"")
    assert transport.done == [HEAD + b"rows", b""]


def test_the_head_of_an_answer_without_body_goes_out_too(transport: Transport) -> None:
    answers = together(transport, True)
    answers.write(HEAD)
    answers.write(b"")
    assert transport.done == [HEAD]


def test_a_large_body_is_not_copied(transport: Transport) -> None:
    answers, body = together(transport, True), b"x" * 100_000
    answers.write(HEAD)
    answers.write(body)
    assert transport.done == [HEAD, body]


def test_each_answer_of_a_connection_goes_out_by_itself(transport: Transport) -> None:
    answers = together(transport, True, False, True, False)
    for part in (HEAD, b"one", HEAD, b"two"):
        answers.write(part)
    assert transport.done == [HEAD + b"one", HEAD + b"two"]


def test_a_head_is_not_lost_when_the_connection_is_closed(transport: Transport) -> None:
    answers = together(transport, True)
    answers.write(HEAD)
    answers.close()
    assert transport.done == [HEAD, "closed"]


def test_the_transport_does_all_else_itself(transport: Transport) -> None:
    assert together(transport).get_write_buffer_size() == 7


def test_the_server_sends_each_of_two_answers_at_once(transport: Transport) -> None:
    async def ask() -> None:
        config = uvicorn.Config(PlainTextResponse("rows"), lifespan="off", **http_options())
        config.load()
        connection = Connection(config, ServerState(), {})
        connection.connection_made(cast("asyncio.Transport", transport))
        connection.data_received(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2)
        while len(transport.done) < 4:
            await asyncio.sleep(0)
        connection.connection_lost(None)

    with socket.socket() as transport.socket:
        asyncio.run(asyncio.wait_for(ask(), 20))
    first, end, second, _ = transport.done[:4]
    assert end == b""
    for answer in (first, second):
        assert isinstance(answer, bytes)
        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert answer.endswith(b"\r\n\r\nrows")
