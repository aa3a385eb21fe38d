"""Headers, methods, paths and the Host check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint

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
