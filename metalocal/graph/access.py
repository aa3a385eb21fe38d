"""Environment and address to how a server is reached: credentials, proxies, time."""

from __future__ import annotations

import base64
import os
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from metalocal.graph.records import QueryError

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 60.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Access:
    """How one server is reached.

    `connect_seconds` bounds the wait for a connection, `answer_seconds` that for a whole answer.
    `scheme` is basic, digest or bearer, or empty without credentials; for bearer `secret` is the
    token. The secret stands in no representation.
    """

    answer_seconds: float = ANSWER_SECONDS
    connect_seconds: float = CONNECT_SECONDS
    scheme: str = ""
    user: str = ""
    secret: str = ""

    def __repr__(self) -> str:
        return f"Access(scheme={self.scheme!r}, answer_seconds={self.answer_seconds})"

    def header(self) -> dict[str, str]:
        """The Authorization header that needs no challenge; digest does."""
        if self.scheme == "bearer":
            return {"Authorization": f"Bearer {self.secret}"}
        if self.scheme == "basic":
            pair = base64.b64encode(f"{self.user}:{self.secret}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        return {}


class Digest:
    """Answers to the challenges of one server, by user and password (RFC 7616, as urllib does)."""

    def __init__(self, url: str, access: Access) -> None:
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, url, access.user, access.secret)
        self._handler = urllib.request.AbstractDigestAuthHandler(passwords)
        self._challenge: dict[str, str] | None = None

    @property
    def needs_challenge(self) -> bool:
        """Whether no challenge is known that could be answered."""
        return self._challenge is None

    def learn(self, header: str) -> None:
        """Take the challenge in a WWW-Authenticate header; any other header is as none."""
        scheme, _, rest = header.partition(" ")
        if scheme.lower() == "digest":
            pairs = urllib.request.parse_http_list(rest)
            self._challenge = urllib.request.parse_keqv_list([pair for pair in pairs if pair])

    def forget(self) -> None:
        """Take the challenge as spent."""
        self._challenge = None

    def header(self, request: urllib.request.Request) -> dict[str, str]:
        """The Authorization header of one request; none without a challenge we can answer."""
        if self._challenge is None:
            return {}
        found = self._handler.get_authorization(request, self._challenge)
        return {"Authorization": f"Digest {found}"} if found else {}


def access_to(
    url: str,
    environment: Mapping[str, str] | None = None,
    *,
    answer_seconds: float | None = None,
) -> Access:
    """How `url` is reached, by METALOCAL_USER, _PASSWORD, _TOKEN, _AUTH, _TIMEOUT and _ALLOW_HTTP.

    Raises:
        QueryError: the address or a variable cannot be used; the message holds no secret.
    """
    given = os.environ if environment is None else environment
    _check_address(url)
    seconds = answer_seconds or _seconds(given.get("METALOCAL_TIMEOUT", ""))
    scheme, user, secret = _credentials(given)
    if scheme and _in_clear(url) and given.get("METALOCAL_ALLOW_HTTP") != "1":
        raise QueryError(
            f"{url}: credentials would go over plain http, where others can read them; use https, "
            "unset METALOCAL_USER and METALOCAL_TOKEN, or, on a network you trust, set "
            "METALOCAL_ALLOW_HTTP=1"
        )
    return Access(seconds, min(CONNECT_SECONDS, seconds), scheme, user, secret)


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        port_is_right = parts.port is None or parts.port > 0
    except ValueError:
        raise QueryError("this address cannot be read; write https://host/path") from None
    if parts.username is not None or parts.password is not None:
        raise QueryError(
            f"an address for {parts.hostname} holds a user or a password, which would stand in "
            "logs; put them into METALOCAL_USER and METALOCAL_PASSWORD"
        )
    bare = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_right or not bare:
        raise QueryError(f"{url!r} is no address of a server; write https://host/path")
    if parts.fragment:
        raise QueryError(f"{url}: leave out #{parts.fragment}, which is never sent to a server")


def _in_clear(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname not in _LOOPBACK


def _seconds(text: str) -> float:
    if not text:
        return ANSWER_SECONDS
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 86_400:
        raise QueryError(f"METALOCAL_TIMEOUT is {text!r}; give seconds from 0.1 to 86400")
    return seconds


def _credentials(given: Mapping[str, str]) -> tuple[str, str, str]:
    user, token = given.get("METALOCAL_USER", ""), given.get("METALOCAL_TOKEN", "")
    scheme = given.get("METALOCAL_AUTH", "basic")
    if user and token:
        raise QueryError("METALOCAL_USER and METALOCAL_TOKEN are both set; keep one")
    if scheme not in ("basic", "digest"):
        raise QueryError(f"METALOCAL_AUTH is {scheme!r}; write basic or digest")
    secret = token or given.get("METALOCAL_PASSWORD", "")
    if any(character in user + secret for character in "\r\n") or not token.isascii():
        raise QueryError("METALOCAL_USER, _PASSWORD or _TOKEN holds what no header can; mend it")
    if token:
        return "bearer", "", token
    return (scheme, user, secret) if user else ("", "", "")
