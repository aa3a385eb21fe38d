"""Small queries by HTTP against the bare engine, interleaved in one run: medians and ratios.

`python benchmarks/endpoint.py [--oxigraph PATH]` compares `metalocal serve` with the engine called
in process, with the engine behind the least server that can be written (no bounds, no guard, one
process) and, where PATH is its program (`pip install oxigraph` has one), with Oxigraph's server.
"""

from __future__ import annotations

import argparse
import http.client
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pyoxigraph as ox

from metalocal.catalogue import find_query
from metalocal.commands.common import built_graph
from metalocal.locations import locations

ROUNDS = 300
PREFIXES = (
    "PREFIX ml: <https://w3id.org/metalocal/ontology/> "
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
)
QUERIES = {
    "ask": "ASK { ?study a ml:Study }",
    "twenty studies": "SELECT ?study ?label { ?study a ml:Study ; rdfs:label ?label } "
    "ORDER BY ?label LIMIT 20",
    "studies by design": "SELECT ?design (COUNT(*) AS ?n) { ?study ml:design ?design } "
    "GROUP BY ?design ORDER BY ?design",
    "survival ratios": "SELECT ?label ?value ?source ?line { ?estimate ml:outcome "
    "ml:overall_survival ; ml:measure ml:hazard_ratio ; rdfs:label ?label ; ml:hasReport ?report . "
    "?report ml:printedValue ?value ; ml:reportedIn ?source ; ml:line ?line } "
    "ORDER BY ?label ?value ?source ?line",
}
NAMED = ("studies", "comparisons", "verdicts")
JSON = "application/sparql-results+json"

# The least server: what any endpoint in Python over this engine costs, with nothing of ours.
LEAST = """
import sys, pyoxigraph as ox, uvicorn
from urllib.parse import parse_qs
store = ox.Store()
store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    query = parse_qs(scope["query_string"].decode())["query"][0]
    found = store.query(query, use_default_graph_as_union=True)
    body = found.serialize(format=ox.QueryResultsFormat.JSON)
    head = {b"content-type": b"application/sparql-results+json"}
    head[b"content-length"] = b"%d" % len(body)
    await send({"type": "http.response.start", "status": 200, "headers": list(head.items())})
    await send({"type": "http.response.body", "body": body})
port = int(sys.argv[2])
uvicorn.run(app, port=port, log_level="error", lifespan="off", http="h11", loop="asyncio")
"""


def main() -> None:
    """Compare the answers, then time them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--oxigraph", help="program of Oxigraph's own server")
    given = parser.parse_args()
    file = str(built_graph())
    store = ox.Store()
    store.bulk_load(path=file, format=ox.RdfFormat.N_QUADS)
    with ExitStack() as stack:
        ways: dict[str, Callable[[str], bytes]] = {"in process": lambda query: _found(store, query)}
        least = [sys.executable, "-c", LEAST, file]
        ways["least server"] = stack.enter_context(_server(least, lambda port: [str(port)]))
        ours = [sys.executable, "-m", "metalocal", "serve"]
        ways["metalocal serve"] = stack.enter_context(_server(ours, _port_option))
        if given.oxigraph:
            place = stack.enter_context(tempfile.TemporaryDirectory())
            loading = [given.oxigraph, "load", "--location", place, "--file", file]
            subprocess.run(loading, check=True, capture_output=True)  # noqa: S603  (as asked for)
            serving = [given.oxigraph, "serve-read-only", "--location", place]
            serving.append("--union-default-graph")
            ways["oxigraph server"] = stack.enter_context(
                _server(serving, lambda port: ["--bind", f"127.0.0.1:{port}"], "/query")
            )
        _compare(ways)


def _compare(ways: dict[str, Callable[[str], bytes]]) -> None:
    texts = {name: PREFIXES + query for name, query in QUERIES.items()}
    texts |= {f"{name}.rq": find_query(locations().queries, name).text for name in NAMED}
    print("| query |", " | ".join(f"{name}, ms" for name in ways), "|", end=" ")
    print(" | ".join(f"ours / {name}" for name in ways if name != "metalocal serve"), "|")
    for name, text in texts.items():
        sizes = {len(way(text)) for way in ways.values()}
        if len(sizes) != 1:
            raise SystemExit(f"{name}: the ways do not agree; no times")
        rounds = max(15, ROUNDS // (1 + sizes.pop() // 20_000))
        times: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(rounds):
            for way, ask in ways.items():
                start = time.perf_counter()
                ask(text)
                times[way].append(time.perf_counter() - start)
        median = {way: statistics.median(found) * 1000 for way, found in times.items()}
        ours = median["metalocal serve"]
        ratios = [f"{ours / ms:.2f}" for way, ms in median.items() if way != "metalocal serve"]
        print(f"| {name} |", " | ".join(f"{ms:.2f}" for ms in median.values()), end=" | ")
        print(" | ".join(ratios), "|")


def _found(store: ox.Store, query: str) -> bytes:
    found = store.query(query, use_default_graph_as_union=True)
    assert not isinstance(found, ox.QueryTriples)
    return found.serialize(format=ox.QueryResultsFormat.JSON) or b""


def _port_option(port: int) -> list[str]:
    return ["--port", str(port)]


@contextmanager
def _server(
    command: list[str], place: Callable[[int], list[str]], path: str = "/sparql"
) -> Iterator[Callable[[str], bytes]]:
    """A way to ask a server of our own, over one connection that stays."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    quiet = subprocess.DEVNULL
    with subprocess.Popen([*command, *place(port)], stdout=quiet, stderr=quiet) as server:  # noqa: S603  (as asked for)
        try:
            connection = _connected(port)
            yield lambda query: _answer(connection, path, query)
        finally:
            server.terminate()


def _connected(port: int) -> http.client.HTTPConnection:
    last = time.monotonic() + 90
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        try:
            connection.connect()
        except ConnectionRefusedError:
            if time.monotonic() > last:
                raise
            time.sleep(0.2)
        else:
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection


def _answer(connection: http.client.HTTPConnection, path: str, query: str) -> bytes:
    asked = f"{path}?{urllib.parse.urlencode({'query': query})}"
    connection.request("GET", asked, headers={"Accept": JSON})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{answer.status}: {body[:300]!r}")
    return body


if __name__ == "__main__":
    main()
