"""Deadlines, sizes, queues and workers that die."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from metalocal.endpoint import Limits
from tests.endpoint.endless import RUNAWAY, SORTED

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint

ROOT = Path(__file__).parents[2]


def until(holds: Callable[[], bool]) -> None:
    """Wait until `holds`, or fail."""
    last = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < last, "waited in vain"
        time.sleep(0.02)


@pytest.mark.parametrize("query", [RUNAWAY, SORTED])
def test_a_runaway_query_is_ended_while_others_are_answered(
    strict_endpoint: Endpoint, query: str
) -> None:
    until(lambda: len(strict_endpoint.pool.worker_ids) == 2)
    with ThreadPoolExecutor() as threads:
        runaway = threads.submit(strict_endpoint.ask, query)
        answers = 0
        while not runaway.done():
            answers += strict_endpoint.ask("ASK { ?s ?p ?o }").json()["boolean"]
    assert answers > 0
    assert runaway.result().status_code == 503
    assert runaway.result().text.startswith("The query was ended after 1 seconds")
    assert runaway.result().headers["retry-after"] == "10"


def test_a_large_result_is_refused_whole(strict_endpoint: Endpoint) -> None:
    answer = strict_endpoint.ask("SELECT * { ?a ?b ?c . ?d ?e ?f }")
    assert answer.status_code == 413
    assert answer.text.startswith("The result is larger than 2000 bytes; add a LIMIT")


def test_a_large_graph_is_refused_whole(strict_endpoint: Endpoint) -> None:
    query = "CONSTRUCT { ?a ?b ?c . ?d ?b ?f } { ?a ?b ?c . ?d ?e ?f }"
    assert strict_endpoint.ask(query, "application/ld+json").status_code == 413


@pytest.mark.parametrize("length", [6_000, 200_000])
def test_a_long_query_is_refused(strict_endpoint: Endpoint, length: int) -> None:
    query = "ASK { } #" + "x" * length
    answer = strict_endpoint.client.post("/sparql", data={"query": query})
    assert answer.status_code == 413
    assert answer.text.startswith("The query is longer than 5000 characters")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no memory limit here")
def test_a_query_that_takes_too_much_memory_ends_only_its_worker(
    run_endpoint: Callable[[Limits], AbstractContextManager[Endpoint]],
) -> None:
    with run_endpoint(Limits(workers=1, worker_memory_bytes=150 * 1024**2)) as endpoint:
        answer = endpoint.ask(SORTED)
        assert answer.status_code == 503
        assert "more than 150 MiB of memory" in answer.text
        assert endpoint.ask("ASK { ?s ?p ?o }").json()["boolean"] is True


def test_a_full_queue_is_said_at_once(
    run_endpoint: Callable[[Limits], AbstractContextManager[Endpoint]],
) -> None:
    with run_endpoint(Limits(workers=1, waiting=1, seconds=1.0)) as endpoint:
        with ThreadPoolExecutor() as threads:
            crowd = [threads.submit(endpoint.ask, RUNAWAY) for _ in range(4)]
        said = sorted(answer.result().text for answer in crowd)
    assert [text.startswith("Not answered: 1 queries are waiting") for text in said] == [
        True,
        True,
        False,
        False,
    ]


def test_limits_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match=r"Limits.workers is 0; it must be above 0"):
        Limits(workers=0)
