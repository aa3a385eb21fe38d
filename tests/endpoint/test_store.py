"""The Graph Store Protocol's read side, and the dump of all graphs."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.endpoint.conftest import Endpoint

STUDIES = "http://example.org/graph/studies"
METHODS = "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    ("accept", "rdf_format"),
    [
        ("*/*", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json;q=0.9, text/turtle;q=0.1", ox.RdfFormat.JSON_LD),
    ],
)
def test_a_named_graph_comes_in_four_formats(
    endpoint: Endpoint, accept: str, rdf_format: ox.RdfFormat
) -> None:
    answer = endpoint.client.get("/store", params={"graph": STUDIES}, headers={"Accept": accept})
    found = list(ox.parse(answer.content, format=rdf_format))
    assert len(found) == 3
    assert {quad.subject.value[-5:] for quad in found} == {"alpha", "#beta"}  # type: ignore[union-attr]


def test_the_default_graph_is_the_union_as_in_queries(endpoint: Endpoint) -> None:
    answer = endpoint.client.get("/store?default")
    assert len(list(ox.parse(answer.content, format=ox.RdfFormat.TURTLE))) == 6


def test_a_head_request_tells_the_length(endpoint: Endpoint) -> None:
    head, get = (endpoint.client.request(way, "/store?default") for way in ("HEAD", "GET"))
    assert head.content == b""
    assert head.headers["content-length"] == get.headers["content-length"]


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("", 400, "names no graph"),
        (f"?default&graph={STUDIES}", 400, "several graphs"),
        (f"?graph={STUDIES}&graph={STUDIES}", 400, "several graphs"),
        ("?graph=studies", 400, "no absolute IRI"),
        ("?graph=", 400, "no absolute IRI"),
        ("?graph=http://a.org/%3E%20%3C", 400, "no absolute IRI"),
        ("?graph=http://example.org/graph/none", 404, "is not in this store"),
    ],
)
def test_a_request_that_names_no_graph_of_ours_is_refused_in_words(
    endpoint: Endpoint, query: str, status: int, words: str
) -> None:
    answer = endpoint.client.get(f"/store{query}")
    assert (answer.status_code, words in answer.text) == (status, True)


def test_a_format_nobody_writes_is_not_acceptable(endpoint: Endpoint) -> None:
    answer = endpoint.client.get("/store?default", headers={"Accept": "text/html"})
    assert answer.status_code == 406


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_a_change_is_refused_and_told_what_is_allowed(endpoint: Endpoint, method: str) -> None:
    answer = endpoint.client.request(method, f"/store?graph={STUDIES}", content=b"<a> <b> <c> .")
    assert (answer.status_code, answer.headers["allow"]) == (405, METHODS)
    assert "read-only" in answer.text


def test_a_preflight_names_the_methods(endpoint: Endpoint) -> None:
    answer = endpoint.client.options("/store")
    assert (answer.status_code, answer.headers["access-control-allow-methods"]) == (204, METHODS)


def test_the_dump_is_the_file_itself(endpoint: Endpoint, graph_file: Path) -> None:
    answer = endpoint.client.get("/dump.nq", headers={"Accept-Encoding": "identity"})
    assert answer.content == graph_file.read_bytes()
    assert answer.headers["content-type"] == "application/n-quads"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["cache-control"] == "no-cache"


def test_the_dump_comes_compressed_to_those_who_take_it(
    endpoint: Endpoint, graph_file: Path
) -> None:
    with endpoint.client.stream("GET", "/dump.nq", headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"]
    assert gzip.decompress(packed) == graph_file.read_bytes()


@pytest.mark.parametrize("weights", ["gzip;q=0", "gzip;q=0.000", "br", "*;q=0"])
def test_the_dump_is_not_compressed_for_those_who_bar_it(endpoint: Endpoint, weights: str) -> None:
    answer = endpoint.client.head("/dump.nq", headers={"Accept-Encoding": weights})
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_a_dump_that_the_client_has_is_not_sent_again(endpoint: Endpoint, coding: str) -> None:
    first = endpoint.client.get("/dump.nq", headers={"Accept-Encoding": coding})
    for condition in (
        {"If-None-Match": f'"other", {first.headers["etag"]}'},
        {"If-Modified-Since": first.headers["last-modified"]},
    ):
        again = endpoint.client.get("/dump.nq", headers={**condition, "Accept-Encoding": coding})
        assert (again.status_code, again.content) == (304, b"")


def test_compressed_and_plain_dump_have_tags_of_their_own(endpoint: Endpoint) -> None:
    codings = ("identity", "gzip")
    heads = [endpoint.client.head("/dump.nq", headers={"Accept-Encoding": c}) for c in codings]
    assert len({head.headers["etag"] for head in heads}) == 2


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("bytes=0-9", 0, 10), ("bytes=100-", 100, None), ("bytes=-20", -20, None),
     ("bytes=5-99999999", 5, None)],
)  # fmt: skip
def test_a_range_of_the_dump_is_that_part_of_the_file(
    endpoint: Endpoint, graph_file: Path, wanted: str, first: int, last: int | None
) -> None:
    answer = endpoint.client.get("/dump.nq", headers={"Range": wanted})
    whole = graph_file.read_bytes()
    assert answer.status_code == 206
    assert answer.content == whole[first:last]
    assert answer.headers["content-range"].endswith(f"/{len(whole)}")


@pytest.mark.parametrize(
    "wanted",
    ["bytes=9-1", "bytes=0-1,4-5", "lines=0-1", "bytes=-", "bytes=x-", "bytes=" + "9" * 40],
)
def test_a_range_nobody_can_read_gives_the_whole(endpoint: Endpoint, wanted: str) -> None:
    assert endpoint.client.head("/dump.nq", headers={"Range": wanted}).status_code == 200


def test_a_range_of_another_state_of_the_file_gives_the_whole(endpoint: Endpoint) -> None:
    headers = {"Range": "bytes=0-9", "If-Range": '"another"'}
    assert endpoint.client.head("/dump.nq", headers=headers).status_code == 200


def test_a_range_behind_the_end_is_refused_with_the_size(
    endpoint: Endpoint, graph_file: Path
) -> None:
    answer = endpoint.client.get("/dump.nq", headers={"Range": "bytes=99999999-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{graph_file.stat().st_size}"


def test_the_dump_comes_as_quads_only(endpoint: Endpoint) -> None:
    answer = endpoint.client.get("/dump.nq", headers={"Accept": "text/turtle"})
    assert (answer.status_code, "application/n-quads" in answer.text) == (406, True)
