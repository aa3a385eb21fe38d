"""Many clients, queries without end and processes killed from outside, all at once."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import httpx
import pytest

from metalocal.endpoint import Limits
from metalocal.endpoint.engine.engines import ForkingEngine, can_fork
from tests.endpoint.endless import RUNAWAY

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint

EX = "http://example.org/term#"
RIGHT = {
    f"SELECT ?n {{ <{EX}alpha> <{EX}randomised> ?n }}": "120",
    f"SELECT ?n {{ <{EX}beta> <{EX}randomised> ?n }}": "60",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }": "6",
}
SECONDS = float(os.environ.get("METALOCAL_LOAD_SECONDS", "3"))


def keep_asking(url: str, query: str, until: float) -> Counter[str]:
    """What came back: right, wrong, or the status and first words of a refusal."""
    found: Counter[str] = Counter()
    with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
        while time.monotonic() < until:
            answer = client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
            if answer.status_code == 200:
                right = RIGHT.get(query) in answer.text.split()
                found["right" if right else f"wrong: {answer.text[:80]}"] += 1
            else:
                found[f"{answer.status_code} {answer.text[:23]}"] += 1
    return found


def kill_now_and_then(endpoint: Endpoint, ended: threading.Event) -> None:
    """Every worker in turn, and once the process that holds the graph."""
    holder = endpoint.pool._engine
    while not ended.wait(0.25):
        for pid in endpoint.pool.worker_ids[:1]:
            with_killed(pid)
        if isinstance(holder, ForkingEngine):
            with_killed(holder.pid)
            holder = None


def with_killed(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


@pytest.mark.skipif(not can_fork(), reason="replacing a worker takes longer than this test")
def test_under_load_no_answer_is_wrong_and_none_is_lost_but_by_rule(
    run_endpoint: Callable[[Limits], AbstractContextManager[Endpoint]],
) -> None:
    limits = Limits(workers=2, waiting=16, seconds=1.0, worker_memory_bytes=256 * 1024**2)
    with run_endpoint(limits) as endpoint, ThreadPoolExecutor() as threads:
        ended, until = threading.Event(), time.monotonic() + SECONDS
        killing = threads.submit(kill_now_and_then, endpoint, ended)
        asked = [*RIGHT, *RIGHT, RUNAWAY]
        asking = [threads.submit(keep_asking, endpoint.url, query, until) for query in asked]
        found: Counter[str] = sum((task.result() for task in asking), Counter())
        ended.set()
        killing.result()
        while len(endpoint.pool.worker_ids) < limits.workers and time.monotonic() < until + 15:
            time.sleep(0.02)
        after = [endpoint.ask(query, "text/csv").text.split()[1] for query in RIGHT]
    refused = {words for words in found if words != "right"}
    assert refused <= {
        "503 The query was ended aft",  # the deadline
        "503 The query ended its wor",  # two of its workers were killed
        "503 Not answered: every wor",  # waited as long as a query may take
    }
    assert found["right"] > found.total() / 2
    assert after == list(RIGHT.values())
