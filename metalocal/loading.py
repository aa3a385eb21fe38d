"""The built graph to the store of any engine, a named graph at a time, by Graph Store Protocol."""

from __future__ import annotations

import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import pyoxigraph as ox

from graph_builder.problems import ToldError
from metalocal.graph import GraphError, RemoteGraph
from metalocal.graph.access import access_to
from metalocal.graph.exchange import Exchange
from metalocal.graph.remote import DATASET, GRAPHS

_VOID = f"{GRAPHS}void"
_PROBE = f"{GRAPHS}probe"
_PATHS = {
    "/rdf-graphs/service": "",
    "/sparql-graph-crud-auth": "/sparql",
    "/sparql-graph-crud": "/sparql",
    "/sparql/gsp": "/sparql",
    "/store": "/query",
    "/data": "/query",
}
"""Ends of paths that take graphs to the ends of those that take queries, engine by engine."""
_IN_DEFAULT = "SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o }"


class LoadError(ToldError):
    """Not all of the graph is in the store; the message says what is, and how to go on."""

    exit_code = 1


@dataclass(frozen=True)
class Parcel:
    """One named graph to send: its triples in N-Triples, and how many they are."""

    name: str
    triples: int
    body: bytes


def parcels_of(graph_file: Path) -> list[Parcel]:
    """The named graphs of a built graph by name; the one that tells the version comes last.

    So a store that was left half full does not pass for one that holds the graph.

    Raises:
        LoadError: the file cannot be read, or a blank node stands in two graphs.
    """
    graphs: dict[str, list[ox.Triple]] = defaultdict(list)
    home: dict[ox.BlankNode, str] = {}
    try:
        for quad in ox.parse(path=graph_file, format=ox.RdfFormat.N_QUADS):
            name = str(quad.graph_name).strip("<>")
            graphs[name].append(quad.triple)
            for node in (quad.subject, quad.object):
                if isinstance(node, ox.BlankNode) and home.setdefault(node, name) != name:
                    message = f"{graph_file}: blank node {node} stands in {home[node]} and {name}"
                    raise LoadError(f"{message}, which graph by graph would come apart")
    except (OSError, SyntaxError) as error:
        raise LoadError(f"{graph_file}: cannot be read: {error}; run metalocal build") from error
    ordered = sorted(graphs, key=lambda name: (name == _VOID, name))
    return [Parcel(name, len(graphs[name]), _ntriples(graphs[name])) for name in ordered]


def whole_of(parcels: Iterable[Parcel]) -> bytes:
    """All triples as one N-Triples document."""
    return b"".join(parcel.body for parcel in parcels)


def _ntriples(triples: Iterable[ox.Triple]) -> bytes:
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def query_address(url: str) -> str:
    """Where queries go, told from where graphs go; empty where that cannot be told.

    >>> query_address("http://localhost:3030/metalocal/data")
    'http://localhost:3030/metalocal/query'
    >>> query_address("https://example.org/graphs")
    ''
    """
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    for end, instead in _PATHS.items():
        if path.endswith(end):
            path = path.removesuffix(end) + instead
            return urlunsplit((parts.scheme, parts.netloc, path, "", ""))
    return ""


class Store:
    """A store behind a Graph Store Protocol address, and the address that answers queries."""

    def __init__(
        self, url: str, query_url: str, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.url = url
        self._exchange = Exchange(url, access_to(url), sleep, sends="graph")
        self._asked = RemoteGraph(query_url, sleep=sleep)

    def address(self, name: str | None) -> str:
        """The address of one named graph; of the default graph for None."""
        joint = "&" if urlsplit(self.url).query else "?"
        return f"{self.url}{joint}" + (f"graph={quote(name, safe='')}" if name else "default")

    def put(self, name: str | None, body: bytes) -> None:
        """Put N-Triples in the place of what the graph held."""
        self._send("PUT", name, body)

    def delete(self, name: str) -> None:
        """Take one named graph out."""
        self._send("DELETE", name, None)

    def sizes(self) -> dict[str, int]:
        """Number of triples of each named graph there."""
        return self._asked.sizes()

    def default_size(self) -> int:
        """Number of triples that a query sees which names no graph."""
        return int(self._asked.select(_IN_DEFAULT).texts()[0]["triples"])

    def default_holds(self, subject: str) -> bool:
        """Whether a query that names no graph sees triples about `subject`."""
        return bool(self._asked.select(f"SELECT ?p WHERE {{ <{subject}> ?p ?o }} LIMIT 1").rows)

    def _send(self, method: str, name: str | None, body: bytes | None) -> None:
        headers = {"Content-Type": "application/n-triples"} if body is not None else {}
        request = urllib.request.Request(  # noqa: S310  (`access_to` took http or https only)
            self.address(name), body, headers, method=method
        )
        self._exchange.send(request)


def load_named(store: Store, parcels: Sequence[Parcel], tell: Callable[[str], None]) -> None:
    """Put each named graph in the place of the one of its name; others stay as they are.

    Raises:
        LoadError: one could not be put; the message says which are in and how to go on.
    """
    for number, parcel in enumerate(parcels):
        tell(f"{number + 1} of {len(parcels)}: {parcel.name}, {parcel.triples} triples")
        try:
            store.put(parcel.name, parcel.body)
        except GraphError as error:
            raise LoadError(_half_way(parcels, number, error)) from error


def _half_way(parcels: Sequence[Parcel], done: int, error: GraphError) -> str:
    last = f", the last {parcels[done - 1].name}" if done else ""
    return (
        f"{error}\nthis happened with {parcels[done].name}: {done} of {len(parcels)} named graphs "
        f"are in{last}; {len(parcels) - done} are not, this one and those after it in --dry-run\n"
        "to go on, mend the cause and run the same command again: each graph takes its own place, "
        "so nothing is there twice"
    )


def load_default(store: Store, parcels: Sequence[Parcel]) -> None:
    """Put all triples into the default graph, if that holds nothing but them.

    Raises:
        LoadError: it holds something else, or could not be put.
    """
    total = sum(parcel.triples for parcel in parcels)
    found = store.default_size()
    if found and not (found == total and store.default_holds(DATASET)):
        raise LoadError(
            f"{store.url}: its default graph holds {found} triples that are not the {total} of "
            "this graph, and they would be lost; empty it yourself and run this again, or leave "
            "--union out"
        )
    try:
        store.put(None, whole_of(parcels))
    except GraphError as error:
        raise LoadError(f"{error}\nthe default graph is not filled; run this again") from error


def reads_the_union(store: Store) -> bool:
    """Whether queries that name no graph see the named ones: tried with a graph of one triple."""
    thing = f"<{_PROBE}>"
    store.put(_PROBE, f"{thing} {thing} {thing} .\n".encode())
    try:
        return store.default_holds(_PROBE)
    finally:
        store.delete(_PROBE)


def stale(store: Store, parcels: Iterable[Parcel]) -> list[str]:
    """Named graphs there that carry a name of ours and belong to another version."""
    ours = {parcel.name for parcel in parcels}
    return sorted(name for name in store.sizes() if name.startswith(GRAPHS) and name not in ours)


def check_named(store: Store, parcels: Iterable[Parcel]) -> None:
    """Compare the number of triples of each named graph with what was sent.

    Raises:
        LoadError: some differ; the message lists them.
    """
    there = store.sizes()
    wrong = [
        f"  {parcel.name}: {there.get(parcel.name, 0)} triples instead of {parcel.triples}"
        for parcel in parcels
        if there.get(parcel.name, 0) != parcel.triples
    ]
    if wrong:
        head = f"{store.url} took all graphs, but a count by query differs:"
        tail = "does --query-url ask the same store? it may also write some values another way"
        raise LoadError("\n".join((head, *wrong, tail)))


def check_default(store: Store, parcels: Iterable[Parcel]) -> None:
    """Compare the number of triples of the default graph with what was sent.

    Raises:
        LoadError: they differ.
    """
    total, there = sum(parcel.triples for parcel in parcels), store.default_size()
    if there != total:
        message = f"{store.url}: its default graph holds {there} triples instead of {total}"
        raise LoadError(f"{message}; does --query-url ask the same store?")
