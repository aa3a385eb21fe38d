"""A TCP connection -> requests, each within bounds of its own before any route sees it.

The server alone waits for ever for the rest of a request's head, and for a client that does not
take its answer; what it cannot read it answers without a word of help.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from metalocal.endpoint.whole_answers import HeadWithBody

LONGEST_HEAD = 131_072
"""Bytes of a request's first line and headers, cookies and all."""

_ENDS_OF_HEAD = (b"\r\n\r\n", b"\n\n")
_HEADERS = (
    "Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\nCache-Control: no-store\r\nConnection: close\r\n"
    "Access-Control-Allow-Origin: *\r\n"
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
)
_TOO_LATE = (
    "408 Request Timeout",
    "The request was not complete in time; send first line and headers at once.",
)
_URL_TOO_LONG = (
    "414 URI Too Long",
    "The URL is too long; send the query by POST, as application/sparql-query.",
)
_HEAD_TOO_LARGE = (
    "431 Request Header Fields Too Large",
    f"The headers are longer than {LONGEST_HEAD} bytes together; send fewer.",
)
_UNREADABLE = (
    "400 Bad Request",
    "This is no HTTP request that can be read; check its first line, Host, lengths and signs.",
)


class Connection(H11Protocol):
    """The server's own connection, with a time and a size for a head and a time for an answer.

    A connection without a request in it ends after `head_seconds`; one whose client does not take
    its answer within `answer_seconds` is cut. One that was refused has `farewell_seconds` to read
    why.
    """

    head_seconds = 15.0
    answer_seconds = 300.0
    farewell_seconds = 1.0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._deadline: asyncio.TimerHandle | None = None
        self._head = bytearray()
        self._is_refused = False
        self._reads_leftovers = False
        self._begun: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Give the first request its time; send each part of an answer at once.

        Else its body would wait for the client to acknowledge its head, 40 ms with many clients.
        The event loop sees to that only for sockets it made itself.
        """
        together = HeadWithBody(transport, self._begins_an_answer)
        super().connection_made(cast("asyncio.Transport", together))
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._allow(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time that was given."""
        self._clear_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless this head has grown too large."""
        if self._is_refused:
            return
        self._reads_leftovers = self._is_draining()
        if self._is_answering():
            super().data_received(data)
            return
        if not self._reads_leftovers:
            if self._deadline is None:
                self._allow(self.head_seconds)
            self._head += data[: LONGEST_HEAD + 1]
            if self._head_bytes() > LONGEST_HEAD:
                has_line = b"\n" in self._head[:LONGEST_HEAD]
                self._refuse(_HEAD_TOO_LARGE if has_line else _URL_TOO_LONG)
                return
        super().data_received(data)
        if self._is_answering():
            self._head.clear()
            self._close_after_two_lengths()
            if not self.flow.write_paused:
                self._clear_deadline()

    def on_response_complete(self) -> None:
        """Give the rest of a body nobody read, or the next request, its time."""
        super().on_response_complete()
        if self._is_draining():
            self._allow(self.head_seconds)

    def pause_writing(self) -> None:
        """Give the client its time to take what was written."""
        super().pause_writing()
        self._allow(self.answer_seconds)

    def resume_writing(self) -> None:
        """The client took it."""
        super().resume_writing()
        self._clear_deadline()

    def send_400_response(self, msg: str) -> None:
        """Say in words that this is no request; `msg` is the server's own."""
        del msg
        self._refuse(_UNREADABLE)

    def _close_after_two_lengths(self) -> None:
        """Let nothing follow a request that tells its length in two ways.

        A proxy in front may have seen its end elsewhere, and what follows would be smuggled in.
        """
        names = {name for name, _ in self.headers}
        if {b"content-length", b"transfer-encoding"} <= names:
            self.cycle.keep_alive = False

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _begins_an_answer(self) -> bool:
        """Whether what is written now is the first of its answer; said once for each."""
        begins = self.cycle is not None and self.cycle.response_started
        if not begins or self.cycle is self._begun:
            return False
        self._begun = self.cycle
        return True

    def _is_draining(self) -> bool:
        """Whether the answer has gone out while the body is still coming in."""
        complete = self.cycle is not None and self.cycle.response_complete
        return complete and self.conn.their_state is h11.SEND_BODY

    def _head_bytes(self) -> int:
        ends = [self._head.find(end) for end in _ENDS_OF_HEAD]
        return min((end for end in ends if end >= 0), default=len(self._head))

    def _allow(self, seconds: float) -> None:
        self._clear_deadline()
        self._deadline = self.loop.call_later(seconds, self._give_up)

    def _clear_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        elif self._head:
            self._refuse(_TOO_LATE)
        else:
            self.transport.close()

    def _refuse(self, why: tuple[str, str]) -> None:
        """Answer in words and close; only close where another answer is under way or out."""
        status, text = why
        begun = self._is_answering() and self.cycle.response_started
        self._is_refused = True
        if begun or self._reads_leftovers:
            self.transport.close()
            return
        body = f"{text}\n".encode()
        head = f"HTTP/1.1 {status}\r\n{_HEADERS}Content-Length: {len(body)}\r\n\r\n"
        self.transport.write(head.encode("ascii") + body)
        # What is still coming in is read and dropped: to close at once would reset the connection,
        # and the answer might be lost with it.
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._clear_deadline()
        self._deadline = self.loop.call_later(self.farewell_seconds, self.transport.close)


def http_options() -> dict[str, Any]:
    """Options of the HTTP server that go with `Connection`; no WebSockets, no HTTP/2."""
    return {
        "http": Connection,
        "ws": "none",
        "h11_max_incomplete_event_size": LONGEST_HEAD * 2,
        "proxy_headers": False,  # operations.layers believes those of trusted proxies
    }
