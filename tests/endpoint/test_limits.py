"""Deadlines, sizes, queues and workers that die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from metalocal.endpoint import GraphNotLoadedError, Limits
from metalocal.endpoint.engine.handle import Worker
from metalocal.endpoint.engine.pool import Pool
from metalocal.endpoint.engine.worker import Job

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint, Listener

ROOT = Path(__file__).parents[2]

# Bindings without data: the engine looks at no quad and would go on for ages.
LISTS = " ".join(f"VALUES ?{name} {{ {' '.join('1234567890')} }}" for name in "abcdefghijkl")
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {LISTS} }}"
SORTED = f"SELECT * {{ {LISTS} }} ORDER BY ?a"


def job(query: str) -> Job:
    return Job(query, True, None, None, "json", "turtle")


def until(holds: Callable[[], bool]) -> None:
    """Wait until `holds`, or fail."""
    last = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < last, "waited in vain"
        time.sleep(0.02)


def ended(pid: int) -> bool:
    """Whether the process is gone, or only its entry is left for its parent to read."""
    status = Path(f"/proc/{pid}/stat")
    if status.exists() and status.read_text().split()[2] == "Z":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


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


def test_a_worker_that_died_is_noticed_and_replaced(
    run_endpoint: Callable[[Limits], AbstractContextManager[Endpoint]],
) -> None:
    with run_endpoint(Limits(workers=1)) as endpoint:
        (first,) = endpoint.pool.worker_ids
        os.kill(first, signal.SIGKILL)
        assert endpoint.ask("ASK { }").status_code == 503
        assert endpoint.ask("ASK { }").status_code == 200
        assert endpoint.pool.worker_ids != [first]


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


def test_stopping_ends_every_worker_in_the_middle_of_a_query(graph_file: Path) -> None:
    pool = Pool(graph_file, Limits(workers=1))
    pool.start()
    (worker,) = pool.worker_ids
    with ThreadPoolExecutor() as threads:
        running = threads.submit(pool.ask, job(RUNAWAY))
        stopping = threading.Timer(0.2, pool.stop)
        stopping.start()
        assert running.exception() is not None
    stopping.join()
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_a_pool_can_be_started_again(graph_file: Path) -> None:
    pool = Pool(graph_file, Limits(workers=1))
    for _ in range(2):
        pool.start()
        assert pool.ask(job("ASK { }")).outcome == "results"
        pool.stop()


def test_no_worker_outlives_a_killed_parent(graph_file: Path) -> None:
    code = f"""if True:
        from pathlib import Path
        from metalocal.endpoint.engine.pool import Limits, Pool
        from metalocal.endpoint.engine.worker import Job
        pool = Pool(Path({str(graph_file)!r}), Limits(workers=1))
        pool.start()
        print(*pool.worker_ids, flush=True)
        pool.ask(Job({RUNAWAY!r}, True, None, None, "json", None))
    """
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        worker = int(parent.stdout.readline())
        parent.kill()
    until(lambda: ended(worker))


def test_a_worker_can_reach_no_server_even_past_the_guard(
    graph_file: Path, listener: Listener
) -> None:
    worker = Worker(graph_file, Limits())
    worker.loaded()
    answer = worker.answer(job(f"SELECT * {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}"), 10)
    worker.kill()
    assert answer.outcome == "failed"
    assert listener.visits == []


def test_a_worker_does_not_load_the_web_stack() -> None:
    code = (
        "import sys, metalocal.endpoint.engine.worker;"
        "print(sorted({'starlette', 'uvicorn', 'anyio', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "No such file"), ("<http://a.org/> <http://a.org/>\nx", "line ")],
)
def test_a_graph_file_that_cannot_be_loaded_is_one_clear_error(
    tmp_path: Path, content: str | None, words: str
) -> None:
    path = tmp_path / "graph.nq"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(GraphNotLoadedError, match=words) as raised:
        Pool(path, Limits(workers=1)).start()
    assert str(raised.value).startswith(f"The graph file {path} cannot be served: ")
    assert str(raised.value).endswith("or give the path of an N-Quads file.")


def test_a_worker_that_loaded_another_version_of_the_file_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text("<http://a.org/> <http://a.org/> <http://a.org/> .\n", encoding="utf-8")
    pool = Pool(path, Limits(workers=1, seconds=1.0))
    pool.start()
    path.write_text("", encoding="utf-8")
    os.kill(pool.worker_ids[0], signal.SIGKILL)
    with pytest.raises(Exception, match="ended its worker"):
        pool.ask(job("ASK { }"))
    with pytest.raises(Exception, match="every worker is busy"):
        pool.ask(job("ASK { }"))
    pool.stop()


def test_limits_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match=r"Limits.workers is 0; it must be above 0"):
        Limits(workers=0)
