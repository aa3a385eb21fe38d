"""Random queries, whole and broken: an answer or a clear refusal, and nothing changes or leaks.

A quarter of a minute in CI; METALOCAL_FUZZ_SECONDS makes it longer, METALOCAL_FUZZ_SEED other.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from xml.dom import minidom

import httpx
import pyoxigraph as ox
import pytest

from metalocal.endpoint import Limits
from tests.endpoint.sparql_generator import SECRET, Generator

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint, Listener

SECONDS = float(os.environ.get("METALOCAL_FUZZ_SECONDS", "8"))
SEED = int(os.environ.get("METALOCAL_FUZZ_SEED", "20240521"))
FORMATS = {
    "application/sparql-results+json": "*/*",
    "application/sparql-results+xml": "application/sparql-results+xml, application/rdf+xml",
    "text/csv": "text/csv, text/turtle;q=0.5",
    "text/tab-separated-values": "text/tab-separated-values, application/n-triples",
}
REFUSALS = {400, 403, 406, 413, 414, 503}
REASONS_OF_503 = ("was ended after", "of memory", "worker is busy")


@pytest.fixture(scope="module")
def fuzzed(run_endpoint: Callable[..., Any]) -> Iterator[Endpoint]:
    """An endpoint with little time and memory."""
    limits = Limits(seconds=0.5, result_bytes=300_000, worker_memory_bytes=256 * 2**20)
    with run_endpoint(limits) as running:
        yield running


def content(endpoint: Endpoint) -> tuple[int, str]:
    """How many quads the store has, and a hash of them all."""
    query = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p STR(?o)"
    rows = endpoint.ask(query, "text/csv").content
    return rows.count(b"\r\n"), hashlib.sha256(rows).hexdigest()


def answer_to(endpoint: Endpoint, make: Generator, query: str) -> httpx.Response:
    headers = {"Accept": make.random.choice([*FORMATS.values()])}
    if len(query) < 5_000 and make.random.random() < 0.5:
        return endpoint.client.get("/sparql", params={"query": query}, headers=headers)
    if make.random.random() < 0.5:
        return endpoint.client.post("/sparql", data={"query": query}, headers=headers)
    headers["Content-Type"] = "application/sparql-query"
    return endpoint.client.post("/sparql", content=query.encode(), headers=headers)


def read_whole(answer: httpx.Response) -> None:
    """Read a result with the reader of its format, which knows when something is missing."""
    media_type = answer.headers["content-type"].partition(";")[0]
    if media_type == "application/sparql-results+json":
        json.loads(answer.content)
    elif media_type == "application/sparql-results+xml":
        minidom.parseString(answer.content)
    elif media_type in ("text/csv", "text/tab-separated-values"):
        end = {"text/csv": b"\r\n"}.get(media_type, b"\n")
        assert answer.content.endswith(end) or answer.content in (b"true", b"false")
    else:
        parsed = ox.parse(answer.content, format=ox.RdfFormat.from_media_type(media_type))
        assert all(parsed)


def is_writable_as_xml(answer: httpx.Response) -> bool:
    """Whether XML has all characters of a result: it lacks most control characters."""
    return not any(code in answer.content for code in (b"\x01", b"\x00"))


def check(answer: httpx.Response, query: str) -> None:
    told = f"{answer.status_code} for {query[:2_000]!r}: {answer.content[:300]!r}"
    assert int(answer.headers["content-length"]) == len(answer.content), told
    if answer.status_code == 200:
        if "xml" not in answer.headers["content-type"] or is_writable_as_xml(answer):
            read_whole(answer)
        return
    assert answer.status_code in REFUSALS, told
    assert answer.headers["content-type"] == "text/plain; charset=utf-8", told
    assert answer.text.endswith((".\n", "/.\n")), told
    assert "Traceback" not in answer.text, told
    if answer.status_code == 503:
        assert any(reason in answer.text for reason in REASONS_OF_503), told


def queries(make: Generator, url: str) -> Iterator[str]:
    while True:
        query = make.query()
        yield query
        yield make.broken(query)
        yield make.hostile(url)


def test_no_query_breaks_the_endpoint_changes_the_store_or_reaches_out(
    fuzzed: Endpoint,
    listener: Listener,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG, logger="metalocal")
    before, statuses = content(fuzzed), Counter[int]()
    make = Generator(SEED)
    end = time.monotonic() + SECONDS
    for query in queries(make, listener.url):
        answer = answer_to(fuzzed, make, query)
        check(answer, query)
        statuses[answer.status_code] += 1
        if time.monotonic() > end:
            break
    printed = capfd.readouterr()
    logged = caplog.text + printed.out + printed.err
    assert content(fuzzed) == before
    assert listener.visits == []
    assert SECRET not in logged
    assert "Traceback" not in logged
    assert min(statuses[200], statuses[400], statuses[403]) > 10, statuses
    with capfd.disabled():
        if "METALOCAL_FUZZ_SECONDS" in os.environ:
            print(f"\n{statuses.total()} queries in {SECONDS:g} s: {dict(statuses)}")


def test_the_same_seed_gives_the_same_queries() -> None:
    one, other = (queries(Generator(7), "http://example.org/") for _ in range(2))
    assert [next(one) for _ in range(60)] == [next(other) for _ in range(60)]
