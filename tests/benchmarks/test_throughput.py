"""The load test: an answer that is not right is not timed; the tables hold what was counted."""

from __future__ import annotations

import json
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))

import throughput  # noqa: E402  (its folder is no package)
import throughput_queries  # noqa: E402
from throughput_queries import Questions, UnfitError, mix_of  # noqa: E402
from throughput_wrk import Cell, Counted, Load, cell_of, counted, counted_of  # noqa: E402

QUERY = "SELECT ?study { ?study a <http://example.org/Study> } ORDER BY ?study"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/Study>"
STUDIES = [f"<http://example.org/{name}> {TYPE} ." for name in ("e2108", "tata")]

Reply = Callable[[int], tuple[int, bytes]]
"""The number of the request, from 0 -> status and body."""


@contextmanager
def server(reply: Reply) -> Iterator[Any]:
    """A server that gives what `reply` says, as the benchmark knows servers."""
    asked = iter(range(10**9))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            status, body = reply(next(asked))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            del arguments

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield SimpleNamespace(url=f"http://127.0.0.1:{listening.server_port}/sparql")
        listening.shutdown()


def results(*names: str) -> bytes:
    """SPARQL results in JSON, a row a study."""
    rows = [{"study": {"type": "uri", "value": f"http://example.org/{name}"}} for name in names]
    return json.dumps({"head": {"vars": ["study"]}, "results": {"bindings": rows}}).encode()


@pytest.fixture
def questions(tmp_path: Path) -> Questions:
    """Right answers from a graph of two studies."""
    file = tmp_path / "graph.nq"
    file.write_text("\n".join(STUDIES), encoding="utf-8")
    return Questions(file)


def test_a_right_answer_is_asked_again_under_load(questions: Questions) -> None:
    with server(lambda _: (200, results("e2108", "tata"))) as right:
        load = questions.sparql_load(QUERY, right)
    assert load.answers == (results("e2108", "tata"),)
    assert load.requests[0].startswith(b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1:")


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (lambda _: (200, results("e2108")), "different: 1 rows missing"),
        (lambda _: (200, results("e2108", "e2108")), "different: 1 rows missing, 1 more"),
        (lambda _: (200, results("tata", "e2108")), "order: row 1"),
        (lambda n: (200, results("e2108", "tata")[n:]), "in two ways"),
        (lambda _: (500, b"compiler error"), "refused: 500 compiler error"),
        (lambda _: (200, b"<html>"), "no JSON"),
    ],
)
def test_an_answer_that_is_not_right_is_not_timed(
    questions: Questions, reply: Reply, why: str
) -> None:
    with server(reply) as wrong, pytest.raises(UnfitError, match=why):
        questions.sparql_load(QUERY, wrong)


def test_a_server_that_fails_one_query_is_left_out_of_the_mix(
    questions: Questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = {"lookup": QUERY, "studies by design": "SELECT ?x { VALUES ?x { 1 } }"}
    monkeypatch.setattr(questions, "sparql", lambda: two)
    with server(lambda _: (200, results("e2108", "tata"))) as one:
        asked = throughput_queries.asked_of({"one": cast("Any", one)}, (), questions)
    assert asked.loads["lookup"].keys() == {"one"}
    assert not asked.loads["studies by design"]
    assert not asked.loads["mix"]
    assert list(asked.unfit) == [("studies by design", "one")]


def test_the_mix_asks_each_query_in_turn() -> None:
    mix = mix_of([Load((b"a",), (b"1",), 0.1), Load((b"b",), (b"2",), 0.4)])
    assert mix == Load((b"a", b"b"), (b"1", b"2"), 0.4)


def test_slow_answers_are_waited_for_longer_but_not_for_ever() -> None:
    assert Load((), (), seconds=0.001).long_enough(8, 3) == 3
    assert Load((), (), seconds=0.5).long_enough(8, 3) == 8
    assert Load((), (), seconds=60).long_enough(64, 3) == 12
    assert Load((), (), seconds=60).long_enough(64, 30) == 30


@pytest.mark.skipif(not shutil.which("wrk"), reason="wrk is not installed")
def test_an_answer_that_changes_under_load_is_counted_as_wrong() -> None:
    def reply(number: int) -> tuple[int, bytes]:
        return (503, b"later") if number == 2 else (200, b"\r\nother" if number == 1 else b"\r\nis")

    with server(reply) as changing:
        address = changing.url.split("/")[2]
        request = f"POST / HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\n\r\n".encode()
        found = counted(address, Load((request,), (b"\r\nis",), 0.01), connections=1, seconds=1)
    assert (found.wrong, found.refused, found.lost) == (1, 1, 0)
    assert found.right > 0


def test_what_the_load_generator_tells_is_read() -> None:
    told = "Running 1s test\n" + "".join(
        f"COUNT {name} {number}\n"
        for name, number in {
            "right": 9, "wrong": 1, "refused": 2, "lost": 3, "seconds": 1.5, "p50_ms": 0.25,
            "p99_ms": 7,
        }.items()
    )  # fmt: skip
    assert counted_of(told) == Counted(9, 1, 2, 3, 1.5, 0.25, 7.0)


def test_rounds_are_put_together_by_requests_and_not_by_rounds() -> None:
    long, short = (
        Counted(900, 0, 1, 0, 9.0, 2.0, 4.0, 1.5),
        Counted(20, 1, 0, 2, 1.0, 3.0, 9.0, 0.8),
    )
    assert cell_of([long, short]) == Cell(92.0, 2.5, 6.5, 2.5, wrong=1, refused=1, lost=2)


def test_a_server_that_answers_nothing_has_no_times() -> None:
    cell = cell_of([Counted(0, 0, 0, 5, 2.0, 0.0, 0.0, 3.0)])
    assert (cell.rate, cell.processor_ms, cell.trouble) == (0.0, 0.0, "5 lost")


def test_the_tables_hold_every_server_and_why_one_is_not_there() -> None:
    plan = throughput.Plan(("lookup", "mix"), (1, 8), seconds=1, rounds=1)
    fast, slow = Cell(1234.6, 0.5, 1.25, 0.4, 0, 0, 0), Cell(2.34, 3400, 5000, 900, 0, 7, 0)
    none = Cell(0.0, 0.0, 0.0, 0.0, 0, 0, 0)
    cells = {("lookup", "ours", 1): fast, ("lookup", "ours", 8): slow}
    cells |= {("lookup", "other", 1): fast, ("lookup", "other", 8): none}
    text = throughput.as_markdown(
        cells, {("mix", "other"): "refused: 500"}, {"virtuoso": "no program virtuoso-t"}, plan
    )
    assert (
        "| ours | 1,235 | 0.50 | 1.25 | 0.40 | 2.3 | 3400.00 | 5000.00 | 900.00 | 7 refused |"
        in text
    )
    assert "| other | 1,235 | 0.50 | 1.25 | 0.40 | 0 | - | - | - | none |" in text
    assert "- mix, other: not timed: refused: 500\n- virtuoso: left out: no program" in text


def test_a_server_that_has_no_answer_in_time_is_not_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, int]] = []

    def count(server: str, load: Load, connections: int, seconds: int) -> Counted:
        asked.append((server, connections))
        return Counted(0 if server == "slow" else 5, 0, 0, 0, 1.0, 1.0, 1.0)

    monkeypatch.setattr(throughput, "_counted", count)
    load = Load((b"",), (b"",), 0.1)
    plan = throughput.Plan(("lookup",), (1, 8), seconds=1, rounds=2)
    both = throughput_queries.Asked({"lookup": {"slow": load, "fast": load}}, {})
    cells = throughput._cells(cast("Any", {"slow": "slow", "fast": "fast"}), both, plan)
    assert asked == [("slow", 1), ("fast", 1), ("fast", 8), ("fast", 1), ("fast", 8)]
    text = throughput.as_markdown(cells, {}, {}, plan)
    assert "| slow | 0 | - | - | - | not asked | - | - | - | none |" in text


def test_another_checkout_stands_beside_ours() -> None:
    names = list(throughput._starts(["virtuoso", "metalocal serve"], ["before=/tmp/before"]))
    assert names == ["metalocal serve", "before", "virtuoso"]
