"""The W3C's SPARQL query cases through the endpoint and in process -> where the answers differ.

Run with the folder of a checkout of w3c/rdf-tests. All data files go into one store, each as a
graph of its own; a case says by default-graph-uri and named-graph-uri which of them it is about.
"""

from __future__ import annotations

import socket
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyoxigraph as ox
import uvicorn
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from metalocal.endpoint import Limits, Sources
from metalocal.endpoint.connections import http_options
from metalocal.server import create_app

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
SUITES = ("sparql/sparql10", "sparql/sparql11")
NOTHING = "http://example.org/nothing"
FORMATS = (
    ox.QueryResultsFormat.JSON,
    ox.QueryResultsFormat.XML,
    ox.QueryResultsFormat.TSV,
)
BY_RULE = ("is not in this store", "fetches nothing", "could change where the text begins")


@dataclass(frozen=True)
class Case:
    """A query, the files of its dataset, and what kind of case it is."""

    name: str
    query: Path
    default_graphs: tuple[Path, ...]
    named_graphs: tuple[Path, ...]


def main() -> None:
    """Print how many cases there are, how many answers are the same, and each that is not."""
    root = Path(sys.argv[1])
    cases = [case for suite in SUITES for case in cases_of(root / suite)]
    store = ox.Store()
    files = {file for case in cases for file in (*case.default_graphs, *case.named_graphs)}
    files |= {file for case in cases for file in case.query.parent.glob("data-g*.ttl")}  # for FROM
    known = {str(file.as_uri()) for file in sorted(files) if _loaded(store, file)}
    store.add(ox.Quad(*[ox.NamedNode(NOTHING)] * 4))
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "graph.nq"
        store.dump(dump.as_posix(), ox.RdfFormat.N_QUADS)
        local = ox.Store()
        local.load(path=dump, format=ox.RdfFormat.N_QUADS)
        with endpoint(dump) as client:
            verdicts = [(case.name, *verdict(case, local, client, known)) for case in cases]
    for words, number in Counter(words for _, words, _ in verdicts).most_common():
        print(f"{number:5}  {words}")
    for name, words, detail in verdicts:
        if detail:
            print(f"{name}: {words}: {detail}")


def cases_of(suite: Path) -> Iterator[Case]:
    """Query cases of all manifests below a folder, evaluation and syntax."""
    for manifest in sorted(suite.rglob("manifest.ttl")):
        graph = Graph().parse(manifest, publicID=manifest.as_uri())
        for entries in graph.objects(None, MF.entries):
            for entry in Collection(graph, entries):
                case = _case(graph, entry)
                if case and case.query.suffix == ".rq":
                    yield case


def _case(graph: Graph, entry: Node) -> Case | None:
    action = graph.value(entry, MF.action)
    kind = str(graph.value(entry, RDF.type))
    query = action if isinstance(action, URIRef) else graph.value(action, QT.query)
    if not ("Query" in kind or "Syntax" in kind) or not isinstance(query, URIRef):
        return None
    return Case(
        f"{_path(query).parent.name}/{_path(query).stem}",
        _path(query),
        tuple(map(_path, graph.objects(action, QT.data))),
        tuple(_path(graph.value(g, QT.graph) or g) for g in graph.objects(action, QT.graphData)),
    )


def _path(iri: Node) -> Path:
    return Path(httpx.URL(str(iri)).path)


def _loaded(store: ox.Store, file: Path) -> bool:
    """Load a data file as the graph of its address; False if it holds nothing."""
    form = ox.RdfFormat.from_extension(file.suffix[1:])
    name = ox.NamedNode(file.as_uri())
    try:
        store.load(path=file, format=form, base_iri=file.as_uri(), to_graph=name)
    except (OSError, SyntaxError, ValueError) as error:
        print(f"{file.name} was not loaded: {error}")
    return store.contains_named_graph(name) and any(store.quads_for_pattern(None, None, None, name))


@contextmanager
def endpoint(dump: Path) -> Iterator[httpx.Client]:
    """A client of an endpoint over the dump."""
    app = create_app(Sources(dump), Limits())
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", **http_options()))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
            yield client
        server.should_exit = True
        thread.join()


def verdict(case: Case, local: ox.Store, client: httpx.Client, known: set[str]) -> tuple[str, str]:
    """How the two answers compare, and what is to be seen by hand."""
    query = f"BASE <{case.query.as_uri()}>\n{case.query.read_text('utf-8')}"
    defaults = [g.as_uri() for g in case.default_graphs if g.as_uri() in known]
    named = [g.as_uri() for g in case.named_graphs if g.as_uri() in known]
    has_own = "FROM" in query.upper() and not (defaults or named)
    if not (defaults or named or has_own):
        named = [NOTHING]
    dataset = {} if has_own else {"default-graph-uri": defaults, "named-graph-uri": named}
    answers = {form: _asked(client, query, dataset, form) for form in FORMATS}
    first = answers[FORMATS[0]]
    if first.status_code == 403 or any(words in first.text for words in BY_RULE):
        return "refused by rule", first.text.strip()
    expected = _in_process(local, query, None if has_own else (defaults, named))
    for form, answer in answers.items():
        found = _read(answer, form)
        if found != expected:
            return "differs", f"{form}: {found!s:.300} instead of {expected!s:.300}"
    return ("refused by both" if expected == "refused" else "same answer"), ""


def _asked(
    client: httpx.Client, query: str, dataset: dict[str, list[str]], form: ox.QueryResultsFormat
) -> httpx.Response:
    accept = f"{form.media_type}, application/n-triples"
    return client.post("/sparql", data={"query": query, **dataset}, headers={"Accept": accept})


def _in_process(store: ox.Store, query: str, dataset: tuple[list[str], list[str]] | None) -> object:
    defaults, named = dataset or (None, None)
    try:
        result = store.query(
            query,
            default_graph=None if defaults is None else list(map(ox.NamedNode, defaults)),
            named_graphs=None if named is None else list(map(ox.NamedNode, named)),
        )
        return _canonical(result)
    except (SyntaxError, RuntimeError, ValueError):
        return "refused"


def _read(answer: httpx.Response, form: ox.QueryResultsFormat) -> object:
    if answer.status_code != 200:
        return "refused" if answer.status_code == 400 else f"{answer.status_code}: {answer.text}"
    if answer.headers["content-type"] == "application/n-triples":
        return _triples(quad.triple for quad in ox.parse(answer.content, ox.RdfFormat.N_TRIPLES))
    if form == ox.QueryResultsFormat.TSV and answer.content in (b"true", b"false"):
        return answer.content == b"true"
    return _canonical(ox.parse_query_results(answer.content, form))


def _canonical(result: object) -> object:
    """Rows and triples as counted, without their order and the names of blank nodes."""
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    if isinstance(result, ox.QueryTriples):
        return _triples(result)
    assert isinstance(result, ox.QuerySolutions)
    names = [variable.value for variable in result.variables]
    return names, Counter(tuple(_term(term) for term in row) for row in result)


def _triples(triples: object) -> object:
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)  # type: ignore[attr-defined]
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return sorted(map(str, dataset))


def _term(term: object) -> str:
    return "_" if isinstance(term, ox.BlankNode) else str(term)


if __name__ == "__main__":
    main()
