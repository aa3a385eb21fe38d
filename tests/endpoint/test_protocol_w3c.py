"""The cases of the SPARQL 1.1 Protocol for a read-only endpoint, written from its text.

Their names are those of the W3C's list (its section "protocol"); where that asks for any refusal,
the status we give is fixed here. Sections are those of the recommendation.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pyoxigraph as ox
import pytest

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint

STUDIES = "http://example.org/graph/studies"
SOURCES = "http://example.org/graph/sources"
EX = "PREFIX ex: <http://example.org/term#> "
BOTH_DEFAULT = EX + "ASK { ex:alpha ex:randomised 120 . ex:alpha ex:reportedBy ex:paper1 }"
BOTH_NAMED = EX + (
    "ASK { GRAPH ?g1 { ex:alpha ex:randomised 120 } GRAPH ?g2 { ex:alpha ex:reportedBy ?p } }"
)
ONE_EACH = EX + "ASK { ex:alpha ex:reportedBy ?p . GRAPH ?g { ex:alpha ex:randomised 120 } }"
NO_UNION = EX + "ASK { ex:alpha ex:reportedBy ?p . ex:alpha ex:randomised ?n }"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
WAYS = ("GET", "form", "direct")


def sent(endpoint: Endpoint, way: str, query: str, **dataset: str | list[str]) -> httpx.Response:
    """Answer to a query sent in one of the three ways of section 2.1, as tools write them."""
    if way == "GET":
        return endpoint.client.get("/sparql", params={"query": query, **dataset})
    if way == "form":
        return endpoint.client.post("/sparql", data={"query": query, **dataset})
    headers = {"Content-Type": DIRECT}
    return endpoint.client.post("/sparql", content=query, params=dataset, headers=headers)


def boolean(answer: httpx.Response) -> bool:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/sparql-results+json"
    return bool(json.loads(answer.content)["boolean"])


@pytest.mark.parametrize("way", WAYS)
def test_query_get_and_query_post_form_and_query_post_direct(endpoint: Endpoint, way: str) -> None:
    assert boolean(sent(endpoint, way, "ASK {}"))


@pytest.mark.parametrize("way", WAYS)
def test_query_dataset_default_graph(endpoint: Endpoint, way: str) -> None:
    one = {"default-graph-uri": STUDIES}
    assert boolean(sent(endpoint, way, EX + "ASK { ex:alpha ex:randomised 120 }", **one))
    assert not boolean(sent(endpoint, way, BOTH_DEFAULT, **one))


@pytest.mark.parametrize("way", WAYS)
def test_query_dataset_default_graphs(endpoint: Endpoint, way: str) -> None:
    assert boolean(sent(endpoint, way, BOTH_DEFAULT, **{"default-graph-uri": [STUDIES, SOURCES]}))


@pytest.mark.parametrize("way", WAYS)
def test_query_dataset_named_graphs(endpoint: Endpoint, way: str) -> None:
    assert boolean(sent(endpoint, way, BOTH_NAMED, **{"named-graph-uri": [STUDIES, SOURCES]}))
    assert not boolean(sent(endpoint, way, BOTH_NAMED, **{"named-graph-uri": [STUDIES]}))


@pytest.mark.parametrize("way", WAYS)
def test_query_dataset_full(endpoint: Endpoint, way: str) -> None:
    full = {"default-graph-uri": SOURCES, "named-graph-uri": STUDIES}
    assert boolean(sent(endpoint, way, ONE_EACH, **full))
    assert not boolean(sent(endpoint, way, NO_UNION, **full))


@pytest.mark.parametrize("way", WAYS)
def test_query_multiple_dataset_that_of_the_request_goes_before_that_of_the_query(
    endpoint: Endpoint, way: str
) -> None:
    query = f"ASK FROM <{STUDIES}> {{ <http://example.org/term#alpha> ?p 120 }}"
    assert boolean(sent(endpoint, way, query))
    assert not boolean(sent(endpoint, way, query, **{"default-graph-uri": SOURCES}))


def test_the_dataset_may_be_split_between_url_and_form(endpoint: Endpoint) -> None:
    answer = endpoint.client.post(
        "/sparql", params={"named-graph-uri": STUDIES}, data={"query": ONE_EACH,
        "default-graph-uri": SOURCES},
    )  # fmt: skip
    assert boolean(answer)


def test_an_empty_field_of_a_form_names_no_graph(endpoint: Endpoint) -> None:
    empty = {"default-graph-uri": "", "named-graph-uri": ""}
    assert boolean(sent(endpoint, "form", BOTH_DEFAULT, **empty))


@pytest.mark.parametrize(
    ("query", "accept", "media_types"),
    [
        ("SELECT (1 AS ?value) {}", "", {"application/sparql-results+json"}),
        ("ASK {}", "", {"application/sparql-results+json"}),
        ("DESCRIBE <http://example.org/term#alpha>", "", {"text/turtle"}),
        ("CONSTRUCT { <a:s> <a:p> 1 } WHERE {}", "", {"text/turtle"}),
        ("SELECT (1 AS ?value) {}", "application/sparql-results+xml", None),
        ("ASK {}", "application/sparql-results+xml", None),
        ("DESCRIBE <http://example.org/term#alpha>", "application/rdf+xml", None),
        ("CONSTRUCT { <a:s> <a:p> 1 } WHERE {}", "application/n-triples", None),
    ],
)
def test_query_content_type_of_each_form(
    endpoint: Endpoint, query: str, accept: str, media_types: set[str] | None
) -> None:
    headers = {"Content-Type": DIRECT, "Accept": accept}
    answer = endpoint.client.post("/sparql", content=query, headers=headers)
    assert answer.headers["content-type"].partition(";")[0] in (media_types or {accept})


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "FOO"])
def test_bad_query_method_is_405_with_the_methods_there_are(
    endpoint: Endpoint, method: str
) -> None:
    answer = endpoint.client.request(method, "/sparql?query=ASK%20%7B%7D")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}


BAD_REQUESTS = {
    "bad_multiple_queries": (
        "GET", "/sparql?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", None, b"", 400,
        "The request holds 2 queries",
    ),
    "two queries, one in the URL and one in the body": (
        "POST", "/sparql?query=ASK%20%7B%7D", DIRECT, b"ASK {}", 400, "holds 2 queries",
    ),
    "bad_query_wrong_media_type": (
        "POST", "/sparql", "text/plain", b"ASK {}", 415, "send application/sparql-query",
    ),
    "bad_query_missing_form_type": (
        "POST", "/sparql", None, b"query=ASK%20%7B%7D", 415, "application/x-www-form-urlencoded",
    ),
    "bad_query_missing_direct_type": (
        "POST", "/sparql", None, b"ASK {}", 415, "application/sparql-query",
    ),
    "bad_query_non_utf8, announced": (
        "POST", "/sparql", DIRECT + "; charset=UTF-16", "ASK {}".encode("utf-16"), 415, "UTF-8",
    ),
    "bad_query_non_utf8, not announced": (
        "POST", "/sparql", DIRECT, "ASK {}".encode("utf-16"), 400, "not UTF-8 at byte 1",
    ),
    "bad_query_syntax": (
        "GET", "/sparql?query=ASK%20%7B", None, b"", 400, "line 1, column 6",
    ),
    "no query at all": (
        "POST", "/sparql", FORM, b"question=ASK%20%7B%7D", 400, "The request holds no query",
    ),
    "an empty query": ("GET", "/sparql?query=", None, b"", 400, "line 1, column 1"),
    "bad_update_get": ("GET", "/sparql?update=CLEAR%20ALL", None, b"", 403, "read-only"),
    "update_post_form": ("POST", "/sparql", FORM, b"update=CLEAR%20ALL", 403, "read-only"),
    "update_post_direct": ("POST", "/sparql", UPDATE, b"CLEAR ALL", 403, "read-only"),
    "update_dataset_full": (
        "POST", "/sparql?using-graph-uri=http%3A%2F%2Fexample.org%2Fg", UPDATE,
        b"INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }", 403, "read-only",
    ),
    "bad_multiple_updates": (
        "POST", "/sparql", FORM, b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", 403, "read-only",
    ),
    "bad_update_wrong_media_type": ("POST", "/sparql", "text/plain", b"CLEAR ALL", 415, "send"),
    "bad_update_missing_form_type": ("POST", "/sparql", None, b"update=CLEAR%20ALL", 415, "send"),
    "bad_update_non_utf8": (
        "POST", "/sparql", UPDATE + "; charset=UTF-16", "CLEAR ALL".encode("utf-16"), 403,
        "read-only",
    ),
    "bad_update_syntax": ("POST", "/sparql", FORM, b"update=CLEAR%20XYZ", 403, "read-only"),
    "bad_update_dataset_conflict": (
        "POST", "/sparql?using-named-graph-uri=http%3A%2F%2Fexample.org%2Fg", UPDATE,
        b"WITH <http://example.org/g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", 403, "read-only",
    ),
    "an update in the place of a query": (
        "POST", "/sparql", FORM, b"query=CLEAR%20ALL", 403, "read-only",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("method", "url", "media_type", "body", "status", "words"),
    BAD_REQUESTS.values(),
    ids=BAD_REQUESTS.keys(),
)
def test_what_the_protocol_wants_refused_is_refused_in_words(
    endpoint: Endpoint,
    method: str,
    url: str,
    media_type: str | None,
    body: bytes,
    status: int,
    words: str,
) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    answer = endpoint.client.request(method, url, content=body, headers=headers)
    assert answer.status_code == status
    assert words in answer.text
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_the_path_with_a_slash_behind_leads_to_the_one_without(endpoint: Endpoint) -> None:
    answer = endpoint.client.get("/sparql/?query=ASK%20%7B%7D", follow_redirects=True)
    assert boolean(answer)


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "utf8"])
def test_a_query_may_say_that_it_is_utf_8(endpoint: Endpoint, charset: str) -> None:
    headers = {"Content-Type": f"{DIRECT};charset={charset}"}
    assert boolean(endpoint.client.post("/sparql", content="ASK {}", headers=headers))


def test_a_file_that_begins_with_a_byte_order_mark_is_a_query(endpoint: Endpoint) -> None:
    content = b"\xef\xbb\xbfASK {}"
    assert boolean(
        endpoint.client.post("/sparql", content=content, headers={"Content-Type": DIRECT})
    )


def test_an_unknown_parameter_changes_nothing(endpoint: Endpoint) -> None:
    assert boolean(endpoint.ask("ASK {}", timeout="5", version="1.2", format="unheard-of"))


@pytest.mark.parametrize(
    ("parameter", "value", "media_type"),
    [
        ("format", "csv", "text/csv"),
        ("output", "xml", "application/sparql-results+xml"),
        ("format", "text/tab-separated-values", "text/tab-separated-values"),
    ],
)
def test_a_link_can_say_the_format_even_in_a_browser(
    endpoint: Endpoint, parameter: str, value: str, media_type: str
) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = endpoint.ask("SELECT (1 AS ?x) {}", browser, **{parameter: value})
    assert answer.headers["content-type"].partition(";")[0] == media_type


def test_two_accept_headers_count_as_one(endpoint: Endpoint) -> None:
    accepts = [("Accept", "text/csv;q=0.3"), ("Accept", "text/tab-separated-values")]
    answer = endpoint.client.get("/sparql", params={"query": "SELECT * {}"}, headers=accepts)
    assert answer.headers["content-type"].startswith("text/tab-separated-values")


def test_accept_charset_is_not_asked_for_another_encoding(endpoint: Endpoint) -> None:
    headers = {"Accept": "text/csv", "Accept-Charset": "iso-8859-1"}
    query = "SELECT ('é' AS ?x) {}"
    answer = endpoint.client.get("/sparql", params={"query": query}, headers=headers)
    assert answer.content == "x\r\né\r\n".encode()


@pytest.mark.parametrize("accept", ["*/*", "text/csv", "application/sparql-results+xml"])
def test_head_has_the_headers_of_get(endpoint: Endpoint, accept: str) -> None:
    request = {"params": {"query": "SELECT * { ?s ?p ?o }"}, "headers": {"Accept": accept}}
    head = endpoint.client.head("/sparql", **request)  # type: ignore[arg-type]
    get = endpoint.client.get("/sparql", **request)  # type: ignore[arg-type]
    names = set(get.headers) - {"date", "x-request-id"}
    assert {name: head.headers.get(name) for name in names} == {
        name: get.headers[name] for name in names
    }


def test_a_page_on_the_internet_gets_no_way_into_a_private_network(endpoint: Endpoint) -> None:
    headers = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type, x-requested-with",
        "Access-Control-Request-Private-Network": "true",
    }
    answer = endpoint.client.options("/sparql", headers=headers)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "*" in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-private-network" not in answer.headers
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("media_type", ["application/n-quads", "application/trig"])
def test_a_graph_is_given_as_the_dataset_it_also_is(endpoint: Endpoint, media_type: str) -> None:
    answer = endpoint.ask("CONSTRUCT WHERE { ?s ?p ?o }", media_type)
    form = ox.RdfFormat.from_media_type(media_type)
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert len(list(ox.parse(answer.content, format=form))) == 6
