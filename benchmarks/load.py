"""A running endpoint under load, runaway queries and kill -9 -> what came back, counted.

`python benchmarks/load.py [--seconds 60]` starts `metalocal serve`, asks it by wrk over several
connections, mixes in queries that never end, and kills workers, and the process that holds the
graph, from outside. Every answer is compared with the one given before the load. Needs wrk
(Debian: `apt-get install wrk`) and Linux.
"""

# ruff: noqa: S311  (chance need not be secret here)
from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from throughput_queries import load_of, mix_of
from throughput_wrk import Counted, counted

FORM, RESULTS = "application/sparql-query", "application/sparql-results+json"
PREFIXES = (
    "PREFIX ml: <https://w3id.org/metalocal/ontology/> "
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
)
QUERIES = [
    "ASK { ?study a ml:Study }",
    "SELECT ?study ?label { ?study a ml:Study ; rdfs:label ?label } ORDER BY ?label LIMIT 20",
    "SELECT ?design (COUNT(*) AS ?studies) { ?study ml:design ?design } GROUP BY ?design "
    "ORDER BY ?design",
    "SELECT ?label ?value ?source ?line { ?estimate ml:outcome ml:overall_survival ; "
    "ml:measure ml:hazard_ratio ; rdfs:label ?label ; ml:hasReport ?report . ?report "
    "ml:printedValue ?value ; ml:reportedIn ?source ; ml:line ?line } "
    "ORDER BY ?label ?value ?source ?line",
]
_LISTS = " ".join(f"VALUES ?{name} {{ {' '.join('1234567890')} }}" for name in "abcdefghijkl")
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {_LISTS} }}"
HUNGRY = f"SELECT * {{ {_LISTS} }} ORDER BY ?a"


@dataclass
class Trouble:
    """What was done to the endpoint and what it said of it."""

    kills: Counter[str] = field(default_factory=Counter)
    runaways: Counter[str] = field(default_factory=Counter)
    longest_seconds: float = 0.0


def main() -> None:
    """Load it, trouble it, print what came back; exit code 1 where an answer was wrong or lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--calm", action="store_true", help="no runaway queries, no kills")
    parser.add_argument("--limit", type=float, default=2.0, help="seconds a query may take")
    given = parser.parse_args()
    with _endpoint(given.limit) as (url, server):
        address = f"http://{url}/sparql"
        asked = [load_of(address, FORM, (PREFIXES + query).encode(), RESULTS) for query in QUERIES]
        load = mix_of(asked)
        trouble, ended = Trouble(), threading.Event()
        makers = [
            threading.Thread(target=make, args=(of, trouble, ended))
            for make, of in ((_run_away, url), (_kill, server))
            if not given.calm
        ]
        for maker in makers:
            maker.start()
        counts = counted(url, load, given.connections, given.seconds)
        ended.set()
        for maker in makers:
            maker.join()
        after = [_asked(url, PREFIXES + query).content for query in QUERIES]
        differing = [new[:200] for new, old in zip(after, load.answers, strict=True) if new != old]
    raise SystemExit(0 if _told(counts, trouble, differing) else 1)


def _told(counts: Counted, trouble: Trouble, differing: list[bytes]) -> bool:
    """Print what came back; whether nothing was wrong or lost."""
    print("answers under load:", counts)
    print("killed from outside:", dict(trouble.kills))
    print("runaway queries:", dict(trouble.runaways))
    print(f"longest of them: {trouble.longest_seconds:.1f} s")
    print("answers after the load:", differing or "as before")
    ended_by_rule = all(words.startswith("503") for words in trouble.runaways)
    return not differing and ended_by_rule and not counts.wrong and not counts.lost


@contextmanager
def _endpoint(limit: float) -> Iterator[tuple[str, int]]:
    """Address and process number of a `metalocal serve` of our own."""
    options = ["--port", "0", "--seconds", str(limit), "--worker-memory", "1024"]
    command = [sys.executable, "-m", "metalocal", "serve", *options, "--log-form", "json"]
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as server,  # noqa: S603  (our own command)
    ):
        assert server.stdout
        try:
            address = server.stdout.readline().split("http://")[1].split("/")[0]
            yield address, server.pid
        finally:
            server.send_signal(signal.SIGINT)
            print("exit code of the server:", server.wait(20))
            log.seek(0)
            print("log lines:", dict(Counter(json.loads(line)["level"] for line in log)))


def _asked(url: str, query: str, seconds: float = 60) -> httpx.Response:
    headers = {"Content-Type": FORM, "Accept": RESULTS}
    return httpx.post(f"http://{url}/sparql", content=query, headers=headers, timeout=seconds)


def _run_away(url: str, trouble: Trouble, ended: threading.Event) -> None:
    """Ask what has no end, one after the other; now and then leave before the answer."""
    while not ended.wait(0.3):
        start = time.monotonic()
        try:
            answer = _asked(url, random.choice((RUNAWAY, HUNGRY)), random.choice((60, 60, 0.5)))
            trouble.runaways[f"{answer.status_code} {answer.text[:32]}"] += 1
        except httpx.TimeoutException:
            trouble.runaways["503 (we left)"] += 1
        except httpx.HTTPError as error:
            trouble.runaways[type(error).__name__] += 1
        trouble.longest_seconds = max(trouble.longest_seconds, time.monotonic() - start)


def _kill(server: int, trouble: Trouble, ended: threading.Event) -> None:
    """Every second or so kill -9 a worker; now and then the process that holds the graph."""
    while not ended.wait(random.uniform(0.5, 1.5)):
        (holder,) = _children(server) or [0]
        workers = _children(holder) if holder else []
        chosen, name = (holder, "holder") if random.random() < 0.1 else (0, "worker")
        if workers and not chosen:
            chosen = random.choice(workers)
        if chosen:
            os.kill(chosen, signal.SIGKILL)
            trouble.kills[name] += 1


def _children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children")
    return [int(number) for number in found.read_text().split()] if found.exists() else []


if __name__ == "__main__":
    main()
