"""One HTTP request to its reply: within time, repeated where that helps, never redirected."""

from __future__ import annotations

import email.utils
import http.client
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from typing import Any

from metalocal.graph.access import Access, Digest
from metalocal.graph.failures import (
    bad_request,
    no_answer,
    not_reachable,
    refused,
    tls_failure,
    too_slow,
)
from metalocal.graph.records import GraphError

TRIES = 3
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
QUICK_SECONDS = 5.0
"""A refusal that took longer is no passing crowd but a limit; asking again would cost as much."""
_PASSING = (429, 502, 503, 504)
_CHUNK = 65_536


@dataclass(frozen=True)
class Reply:
    """What came back with a status of 200 to 299."""

    content_type: str
    body: bytes


class Exchange:
    """Sends requests to one server: `sleep` waits between two tries, `sends` is what they hold."""

    def __init__(
        self,
        url: str,
        access: Access,
        sleep: Callable[[float], None] = time.sleep,
        *,
        sends: str = "query",
    ) -> None:
        self.url, self.access, self._sleep, self._sends = url, access, sleep, sends
        self._opener = _opener(access)
        self._digest = Digest(url, access)

    def send(self, request: urllib.request.Request) -> Reply:
        """The reply to a request that may be sent twice.

        Raises:
            QueryError: 400, in the server's own words.
            GraphError: any other failure, one sentence for each kind.
        """
        for tried in range(1, TRIES + 1):
            started = time.monotonic()
            try:
                self._authorise(request)
                return self._once(request)
            except _PassingError as error:
                slow = time.monotonic() - started > QUICK_SECONDS
                wait = _wait_seconds(error.retry_after, tried)
                if tried == TRIES or slow or wait > LONGEST_WAIT_SECONDS:
                    raise error.told from error.__cause__
            self._sleep(wait)
        raise AssertionError("the last try either gives a reply or raises")

    def _once(self, request: urllib.request.Request) -> Reply:
        deadline = time.monotonic() + self.access.answer_seconds
        try:
            with self._opened(request) as response:
                body = _read(response, deadline)
                return Reply(response.headers.get_content_type(), body)
        except urllib.error.HTTPError as error:
            raise self._of_status(error) from error
        except ssl.SSLError as error:
            raise tls_failure(self.url, error) from error
        except urllib.error.URLError as error:
            raise self._unreached(error.reason) from error
        except TimeoutError as error:
            raise too_slow(self.url, self.access.answer_seconds) from error
        except (http.client.HTTPException, OSError) as error:
            raise _PassingError(no_answer(self.url, error)) from error

    def _opened(self, request: urllib.request.Request) -> Any:
        return self._opener.open(request, timeout=self.access.connect_seconds)

    def _authorise(self, request: urllib.request.Request) -> None:
        """Add who we are; a digest challenge is fetched first, by a request without a body.

        With a body, the server would refuse and hang up before it had read all of that.
        """
        header = self.access.header()
        if self.access.scheme == "digest":
            if self._digest.needs_challenge:
                self._fetch_challenge(request.full_url)
            header = self._digest.header(request)
        for name, value in header.items():
            request.add_unredirected_header(name, value)

    def _fetch_challenge(self, url: str) -> None:
        bare = urllib.request.Request(url, method="HEAD")  # noqa: S310  (http or https: `access_to`)
        try:
            self._opened(bare).close()
        except urllib.error.HTTPError as error:
            with error:
                self._digest.learn(error.headers.get("WWW-Authenticate", ""))
        except OSError as error:
            raise self._unreached(getattr(error, "reason", error)) from error

    def _unreached(self, reason: object) -> Exception:
        if isinstance(reason, ssl.SSLError):
            return tls_failure(self.url, reason)
        if isinstance(reason, TimeoutError):
            seconds = self.access.connect_seconds
            return _PassingError(not_reachable(self.url, f"no connection in {seconds:g} s"))
        if isinstance(reason, ConnectionResetError | BrokenPipeError):
            return _PassingError(no_answer(self.url, reason))
        return _PassingError(not_reachable(self.url, str(reason)))

    def _of_status(self, error: urllib.error.HTTPError) -> Exception:
        with error:
            try:
                body = error.read(_CHUNK)
            except (OSError, http.client.HTTPException):
                body = b""
        if error.code == 400:
            return bad_request(self.url, self._sends, body)
        headers = error.headers or Message()
        told = refused(self.url, error.code, headers.get("Location", ""), body)
        if error.code == 401 and "stale=true" in headers.get("WWW-Authenticate", "").lower():
            self._digest.forget()
            return _PassingError(told)
        if error.code in _PASSING:
            return _PassingError(told, headers.get("Retry-After", ""))
        return told


class _PassingError(Exception):
    """A failure that may have gone when asked again; `told` is what a person reads otherwise."""

    def __init__(self, told: GraphError, retry_after: str = "") -> None:
        super().__init__(str(told))
        self.told, self.retry_after = told, retry_after


def _wait_seconds(retry_after: str, tried: int) -> float:
    """Seconds to wait: what the server asks for, in seconds or as a date, else twice the last."""
    backoff = FIRST_WAIT_SECONDS * 2.0 ** (tried - 1)
    if retry_after.strip().isdigit():
        return max(backoff, float(retry_after))
    try:
        moment = email.utils.parsedate_to_datetime(retry_after).timestamp()
    except (ValueError, TypeError):
        return backoff
    return max(backoff, moment - time.time())


def _read(response: Any, deadline: float) -> bytes:
    """The whole body; a server that sends a byte now and then does not hold us past the deadline.

    Raises:
        TimeoutError: the deadline passed.
        http.client.IncompleteRead: the body ended before its announced length.
    """
    found = bytearray()
    while chunk := response.read1(_CHUNK):
        found += chunk
        if time.monotonic() > deadline:
            raise TimeoutError
    if response.length:
        raise http.client.IncompleteRead(bytes(found), response.length)
    return bytes(found)


def _opener(access: Access) -> urllib.request.OpenerDirector:
    """What opens http and https and nothing else; it follows no redirect, so no secret wanders."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        _http(access.answer_seconds),
        _https(access.answer_seconds),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _http(answer_seconds: float) -> urllib.request.HTTPHandler:
    class Connection(http.client.HTTPConnection):
        """Waits for the connection as told, and for each piece of the answer longer."""

        def connect(self) -> None:
            super().connect()
            self.sock.settimeout(answer_seconds)

    class Handler(urllib.request.HTTPHandler):
        def http_open(self, request: urllib.request.Request) -> Any:
            return self.do_open(Connection, request)

    return Handler()


def _https(answer_seconds: float) -> urllib.request.HTTPSHandler:
    class Connection(http.client.HTTPSConnection):
        """As for http; the handshake counts as connecting."""

        def connect(self) -> None:
            super().connect()
            self.sock.settimeout(answer_seconds)

    class Handler(urllib.request.HTTPSHandler):
        def https_open(self, request: urllib.request.Request) -> Any:
            context = ssl.create_default_context()
            return self.do_open(Connection, request, context=context)

    return Handler()
