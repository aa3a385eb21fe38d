"""Headers, methods, paths, the Host check, and refusals for programs and for people."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import pytest
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from metalocal.endpoint import Front, Limits, envelope
from metalocal.endpoint.envelope import Envelope, refused
from metalocal.endpoint.operations.logs import REQUEST_ID

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "access-control-allow-origin": "*",
    "vary": "Accept",
    "cache-control": "no-store",
}


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/sparql", 200),
        ("GET", "/sparql?query=ASK%7B%7D", 200),
        ("GET", "/sparql?query=%3Cscript%3E", 400),
        ("GET", "/nowhere", 404),
        ("DELETE", "/sparql", 405),
        ("OPTIONS", "/sparql", 204),
        ("POST", "/sparql", 415),
    ],
)
def test_every_answer_carries_the_security_headers(
    endpoint: Endpoint, method: str, url: str, status: int
) -> None:
    answer = endpoint.client.request(method, url)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_the_front_page_says_where_to_ask_and_what_this_is_not(endpoint: Endpoint) -> None:
    text = endpoint.client.get("/").text
    assert "/sparql" in text
    assert text.splitlines()[-1] == "metalocal informs; it does not advise."


def test_an_unknown_path_is_answered_in_words(endpoint: Endpoint) -> None:
    assert endpoint.client.get("/query").text == (
        "There is nothing at this path; queries go to /sparql.\n"
    )


def test_a_head_request_has_the_headers_and_no_body(endpoint: Endpoint) -> None:
    url = "/sparql?query=ASK%7B%7D"
    head, get = endpoint.client.head(url), endpoint.client.get(url)
    assert head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers["content-length"] == get.headers["content-length"]


def test_a_preflight_names_the_methods_and_headers_of_a_query(endpoint: Endpoint) -> None:
    answer = endpoint.client.options(
        "/sparql",
        headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST"},
    )
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, POST, OPTIONS"
    assert "Content-Type" in answer.headers["access-control-allow-headers"]


def test_a_wrong_method_is_told_the_right_ones(endpoint: Endpoint) -> None:
    allowed = endpoint.client.put("/sparql").headers["allow"]
    assert set(allowed.split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8000", 200),
        ("[::1]:8000", 200),
        ("127.0.0.1", 200),
        ("attacker.example", 421),
        ("localhost.attacker.example", 421),
        ("localhost@attacker.example", 421),
        ("", 421),
    ],
)
def test_only_loopback_names_are_answered_on_loopback(
    endpoint: Endpoint, host: str, status: int
) -> None:
    assert endpoint.client.get("/", headers={"Host": host}).status_code == status


REFUSALS = [
    ("GET", "/sparql?query=%3Cscript%3E", 400),
    ("GET", "/sparql?query=SELECT%20%28%3Fx", 400),
    ("GET", "/nowhere", 404),
    ("GET", "/id/study/none", 404),
    ("GET", "/store?graph=http://example.org/none", 404),
    ("GET", "/.well-known/void", 404),
    ("GET", "/static/none.css", 404),
    ("DELETE", "/sparql", 405),
    ("POST", "/", 405),
    ("POST", "/sparql", 415),
]


@pytest.mark.parametrize(("method", "url", "status"), REFUSALS)
def test_a_browser_gets_a_page_that_says_what_a_program_is_told(
    endpoint: Endpoint, method: str, url: str, status: int
) -> None:
    told = endpoint.client.request(method, url)
    page = endpoint.client.request(method, url, headers=BROWSER)
    assert told.headers["content-type"] == "text/plain; charset=utf-8"
    assert (told.status_code, page.status_code) == (status, status)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert told.text.strip() in html.unescape(page.text)
    assert "metalocal informs; it does not advise." in page.text
    assert page.headers.get("allow") == told.headers.get("allow")
    assert page.headers["cache-control"] == "no-store"


def test_a_browser_that_takes_pages_only_is_told_so_on_a_page(endpoint: Endpoint) -> None:
    told = endpoint.client.get("/dump.nq", headers={"Accept": "image/png"})
    page = endpoint.client.get("/dump.nq", headers={"Accept": "text/html"})
    assert (told.status_code, page.status_code) == (406, 406)
    assert told.text == (
        "Nothing in the Accept header is given here; this comes as application/n-quads.\n"
    )
    assert told.text.strip() in page.text


def test_a_browser_is_told_on_a_page_that_a_result_is_too_large(
    strict_endpoint: Endpoint,
) -> None:
    many = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    told, page = strict_endpoint.ask(many), strict_endpoint.ask(many, BROWSER["Accept"])
    assert (told.status_code, page.status_code) == (413, 413)
    assert told.text.strip() in html.unescape(page.text)
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_a_wrong_host_is_told_to_a_browser_on_a_page(endpoint: Endpoint) -> None:
    page = endpoint.client.get("/", headers={**BROWSER, "Host": "attacker.example"})
    assert (page.status_code, page.headers["content-type"][:9]) == (421, "text/html")
    assert "attacker.example" not in page.text


def test_a_client_that_asks_too_often_gets_a_page_with_addresses_it_knows(
    run_endpoint: Callable[..., AbstractContextManager[Endpoint]],
) -> None:
    public = "https://evidence.example.org/metalocal"
    front = Front(
        allowed_hosts=("127.0.0.1",),
        trusted_proxies=("127.0.0.1",),
        requests_per_minute=1,
        public_url=public,
    )
    headers = {**BROWSER, "X-Forwarded-For": "192.0.2.1"}
    with run_endpoint(Limits(workers=1), front) as behind:
        pages = [behind.client.get("/nowhere", headers=headers) for _ in range(3)]
    assert [page.status_code for page in pages][-1] == 429
    assert int(pages[-1].headers["retry-after"]) > 0
    for page in pages:
        assert 'href="/metalocal/static/style.css' in page.text
        assert 'action="/metalocal/explore"' in page.text


def test_the_api_keeps_its_own_form_of_refusals(built: Endpoint) -> None:
    page = built.client.get("/api/nothing", headers=BROWSER)
    assert (page.status_code, page.headers["content-type"]) == (404, "application/problem+json")


def test_a_head_request_for_nothing_has_the_headers_of_the_page(endpoint: Endpoint) -> None:
    head = endpoint.client.head("/nowhere", headers=BROWSER)
    page = endpoint.client.get("/nowhere", headers=BROWSER)
    assert (head.status_code, head.content) == (404, b"")
    for name in ("content-type", "content-length", "content-security-policy"):
        assert head.headers[name] == page.headers[name]


def test_a_path_is_quoted_on_the_page_and_never_becomes_markup(endpoint: Endpoint) -> None:
    page = endpoint.client.get('/id/"><script>alert(1)<%2Fscript>', headers=BROWSER)
    assert page.status_code == 404
    assert "<script" not in page.text
    found = endpoint.client.get("/id/study/no-such-study.html", headers=BROWSER)
    assert 'value="no-such-study"' in found.text


QUERY = "SELECT ?secret"


async def _failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise ValueError(QUERY)


def _answer_to_a_fault(accept: str) -> tuple[int, str, str]:
    """Status, type and text of the answer of an app that fails."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"accept", accept.encode())]
    scope: Scope = {"type": "http", "method": "GET", "path": "/ask", "headers": headers}
    asyncio.run(Envelope(_failing, ("localhost",))(scope, receive, send))
    kind = Headers(raw=sent[0]["headers"])["content-type"]
    return sent[0]["status"], kind.partition(";")[0], sent[1]["body"].decode()


@pytest.mark.parametrize(("accept", "kind"), [("*/*", "text/plain"), ("text/html", "text/html")])
def test_our_own_fault_is_told_without_a_word_of_what_failed(
    caplog: pytest.LogCaptureFixture, accept: str, kind: str
) -> None:
    token = REQUEST_ID.set("a1b2c3")
    status, found, text = _answer_to_a_fault(accept)
    REQUEST_ID.reset(token)
    assert (status, found) == (500, kind)
    assert "its own fault" in text
    assert ("a1b2c3" in text) == (kind == "text/html")
    assert "secret" not in text + caplog.text
    assert "ValueError" in caplog.text
    assert "ValueError" not in text


def test_if_the_page_of_a_fault_fails_too_there_are_still_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(envelope, "refusal_page", _no_page)
    status, kind, text = _answer_to_a_fault("text/html")
    assert (status, kind) == (500, "text/plain")
    assert "secret" not in text
    assert text.startswith("The endpoint failed over this request")


def _no_page(*_: object) -> Response:
    raise LookupError(QUERY)


@pytest.mark.parametrize("status", [400, 404, 405, 406, 413, 414, 415, 421, 422, 429, 500, 503])
def test_each_refusal_has_a_heading_of_its_own_and_says_what_to_do(status: int) -> None:
    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": "/x",
        "headers": [(b"accept", b"text/html")],
    }
    answer = refused(scope, status, "What <b>happened</b>.", {"Retry-After": "7"})
    text = bytes(answer.body).decode()
    heading = re.search(r"<h1>(.+?)</h1>", text)
    assert heading
    assert heading[1] != "Not answered"
    assert "What &lt;b&gt;happened&lt;/b&gt;." in text
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "7")
