"""`metalocal load`: every named graph in a store, counted there, and nothing of others lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest

from metalocal.commands import load as command
from metalocal.graph import GraphError, RemoteGraph
from metalocal.loading import (
    LoadError,
    Store,
    check_named,
    load_default,
    load_named,
    parcels_of,
    query_address,
    reads_the_union,
    stale,
)

ID = "https://w3id.org/metalocal/id/"
QUADS = f"""\
<{ID}dataset/metalocal> <http://purl.org/dc/terms/identifier> "1" <{ID}graph/void> .
<{ID}study/a> <{ID}p> "Ä \\"1\\"" <{ID}graph/study/a> .
<{ID}study/a> <{ID}p> _:node <{ID}graph/study/a> .
_:node <{ID}p> "2" <{ID}graph/study/a> .
<{ID}study/b> <{ID}p> "3" <{ID}graph/study/b> .
"""
SIZES = {f"{ID}graph/study/a": 3, f"{ID}graph/study/b": 1, f"{ID}graph/void": 1}
THEIRS = ox.Quad(ox.NamedNode("a:s"), ox.NamedNode("a:p"), ox.Literal("x"), ox.NamedNode("a:g"))


@dataclass
class GraphStore:
    """A Graph Store Protocol server with a query service; `broken` graphs are answered with 507."""

    url: str = ""
    content: ox.Store = field(default_factory=ox.Store)
    union: bool = False
    broken: set[str] = field(default_factory=set)
    puts: list[str] = field(default_factory=list)

    def sizes(self) -> dict[str, int]:
        return RemoteGraph(query_address(self.url)).sizes()


@pytest.fixture
def server() -> Iterator[GraphStore]:
    found = GraphStore()

    class Handler(BaseHTTPRequestHandler):
        def _graph(self) -> ox.NamedNode | ox.DefaultGraph:
            names = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
            return ox.NamedNode(names["graph"][0]) if "graph" in names else ox.DefaultGraph()

        def do_PUT(self) -> None:
            graph = self._graph()
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if str(graph).strip("<>") in found.broken:
                self._answer(507, b"disk full")
                return
            assert self.headers["Content-Type"] == "application/n-triples"
            found.puts.append(str(graph).strip("<>"))
            found.content.clear_graph(graph)
            form = ox.RdfFormat.N_TRIPLES
            found.content.load(body, format=form, to_graph=graph)
            self._answer(204)

        def do_DELETE(self) -> None:
            found.content.remove_graph(self._graph())
            self._answer(204)

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            rows = found.content.query(form["query"][0], use_default_graph_as_union=found.union)
            assert isinstance(rows, ox.QuerySolutions)
            self._answer(200, rows.serialize(format=ox.QueryResultsFormat.JSON) or b"")

        def _answer(self, status: int, body: bytes = b"") -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        found.url = f"http://127.0.0.1:{http.server_address[1]}/store"
        try:
            yield found
        finally:
            http.shutdown()
            thread.join()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "graph.nq"
    path.write_text(QUADS, encoding="utf-8")
    return path


@pytest.fixture
def run(file: Path, monkeypatch: pytest.MonkeyPatch, server: GraphStore) -> Callable[..., None]:
    """The command over the small graph."""
    monkeypatch.setattr(command, "built_graph", lambda: file)
    return lambda **options: command.load(server.url, **options)


def store_of(server: GraphStore) -> Store:
    return Store(server.url, query_address(server.url), sleep=lambda _: None)


def nothing(_: str) -> None:
    """Tells no progress."""


def test_all_named_graphs_are_put_and_the_one_that_names_the_version_comes_last(
    run: Callable[..., None], server: GraphStore, capsys: pytest.CaptureFixture[str]
) -> None:
    run()
    assert server.puts == list(SIZES)
    assert server.sizes() == SIZES
    assert "3 named graphs: 5 triples, counted there" in capsys.readouterr().out


def test_what_comes_to_the_store_is_what_was_built(
    run: Callable[..., None], server: GraphStore, file: Path
) -> None:
    run()
    built, there = ox.Dataset(ox.parse(path=file)), ox.Dataset(server.content)
    for dataset in (built, there):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert there == built


def test_loading_again_leaves_everything_there_once(
    run: Callable[..., None], server: GraphStore
) -> None:
    run()
    run()
    assert server.sizes() == SIZES


def test_graphs_of_others_stay(run: Callable[..., None], server: GraphStore) -> None:
    server.content.add(THEIRS)
    run(prune=True)
    assert THEIRS in server.content
    assert server.sizes() == SIZES | {"a:g": 1}


def test_a_graph_of_ours_from_another_version_is_told_and_goes_only_when_asked(
    run: Callable[..., None], server: GraphStore, capsys: pytest.CaptureFixture[str]
) -> None:
    old = ox.NamedNode(f"{ID}graph/study/withdrawn")
    server.content.add(ox.Quad(old, old, old, old))
    run()
    assert f"left there from another version: {old.value}" in capsys.readouterr().out
    assert old.value in server.sizes()
    run(prune=True)
    assert server.sizes() == SIZES


def test_a_dry_run_lists_addresses_and_sends_nothing(
    run: Callable[..., None], server: GraphStore, capsys: pytest.CaptureFixture[str]
) -> None:
    run(dry_run=True, union=command.Union.ALSO)
    told = capsys.readouterr().out
    assert "/store?graph=https%3A%2F%2Fw3id.org%2Fmetalocal%2Fid%2Fgraph%2Fvoid  1 triples" in told
    assert "/store?default  5 triples" in told
    assert server.puts == []


def test_a_failure_half_way_tells_what_is_in_and_the_same_command_goes_on(
    run: Callable[..., None], server: GraphStore
) -> None:
    server.broken = {f"{ID}graph/study/b"}
    with pytest.raises(LoadError) as told:
        run()
    message = str(told.value)
    assert 'answers with status 507 and says "disk full"' in message
    assert f"this happened with {ID}graph/study/b: 1 of 3 named graphs are in" in message
    assert f"the last {ID}graph/study/a; 2 are not" in message
    with pytest.raises(GraphError, match="holds no evidence graph"):
        RemoteGraph(query_address(server.url)).find_graph()
    server.broken = set()
    run()
    assert server.sizes() == SIZES


def test_a_count_that_differs_is_told(file: Path, server: GraphStore) -> None:
    store, parcels = store_of(server), parcels_of(file)
    load_named(store, parcels[1:], nothing)
    with pytest.raises(LoadError, match=r"graph/study/a: 0 triples instead of 3"):
        check_named(store, parcels)


@pytest.mark.parametrize("union", [command.Union.ALSO, command.Union.ONLY])
def test_the_default_graph_is_filled_when_asked_and_once_only(
    union: command.Union, run: Callable[..., None], server: GraphStore
) -> None:
    run(union=union)
    run(union=union)
    assert len(list(server.content.quads_for_pattern(None, None, None, ox.DefaultGraph()))) == 5
    assert server.sizes() == (SIZES if union is command.Union.ALSO else {})


def test_a_store_that_reads_the_union_by_itself_keeps_its_default_graph(
    run: Callable[..., None], server: GraphStore, capsys: pytest.CaptureFixture[str]
) -> None:
    server.union = True
    run(union=command.Union.ALSO)
    assert "read all named graphs already" in capsys.readouterr().out
    assert server.sizes() == SIZES
    assert not list(server.content.quads_for_pattern(None, None, None, ox.DefaultGraph()))


def test_a_default_graph_that_holds_something_else_is_not_overwritten(
    file: Path, server: GraphStore
) -> None:
    server.content.add(ox.Quad(*THEIRS.triple))
    with pytest.raises(LoadError, match=r"holds 1 triples that are not the 5 .* would be lost"):
        load_default(store_of(server), parcels_of(file))
    assert ox.Quad(*THEIRS.triple) in server.content


@pytest.mark.parametrize("union", [True, False])
def test_whether_a_store_reads_the_union_is_tried_without_a_trace(
    union: bool, server: GraphStore
) -> None:
    server.union = union
    assert reads_the_union(store_of(server)) is union
    assert server.sizes() == {}


def test_stale_graphs_are_ours_only(file: Path, server: GraphStore) -> None:
    server.content.add(THEIRS)
    assert stale(store_of(server), parcels_of(file)) == []


def test_a_store_that_is_not_there_is_told_with_how_to_go_on(file: Path) -> None:
    store = Store("http://127.0.0.1:1/store", "http://127.0.0.1:1/query", sleep=lambda _: None)
    with pytest.raises(LoadError, match=r"cannot be reached(.|\n)*0 of 3 named graphs are in"):
        load_named(store, parcels_of(file), nothing)


def test_a_blank_node_in_two_graphs_would_come_apart_and_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "graph.nq"
    file.write_text("_:x <a:p> <a:o> <a:g> .\n_:x <a:p> <a:o> <a:h> .\n", encoding="utf-8")
    with pytest.raises(LoadError, match="would come apart"):
        parcels_of(file)


@pytest.mark.parametrize("text", ["<a:s> <a:p> .", None])
def test_a_file_that_is_no_graph_is_told(text: str | None, tmp_path: Path) -> None:
    file = tmp_path / "graph.nq"
    if text:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(LoadError, match="cannot be read"):
        parcels_of(file)


@pytest.mark.parametrize(
    ("graphs", "queries"),
    [
        ("http://h/store", "http://h/query"),
        ("http://h/metalocal/data/", "http://h/metalocal/query"),
        ("http://h/repositories/m/rdf-graphs/service", "http://h/repositories/m"),
        ("http://h/sparql-graph-crud-auth?", "http://h/sparql"),
        ("https://h:8182/sparql/gsp/", "https://h:8182/sparql"),
        ("http://h/metalocal", ""),
    ],
)
def test_where_queries_go_is_told_from_where_graphs_go(graphs: str, queries: str) -> None:
    assert query_address(graphs) == queries


def test_an_address_that_tells_no_query_service_needs_one(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "built_graph", lambda: file)
    with pytest.raises(LoadError, match="add --query-url"):
        command.load("http://127.0.0.1:1/graphs")
