"""Reading commands over an endpoint: the same answers as here, and each failure in words."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
import uvicorn

from metalocal.cli import main
from metalocal.commands import common
from metalocal.endpoint import Limits, Sources
from metalocal.graph import GraphError, LocalGraph, QueryError, RemoteGraph, write_fetched
from metalocal.graph.access import Access, access_to
from metalocal.locations import locations, version
from metalocal.server import create_app

PROFILE = str(locations().data / "profiles" / "de-novo-solitary-bone.yaml")
SELECT = "SELECT ?x WHERE { ?x ?p ?o }"
RESULTS = {"head": {"vars": ["x"]}, "results": {"bindings": []}}
JSON_TYPE = "application/sparql-results+json"


@dataclass
class Said:
    """One answer a server is made to give; `length` is the Content-Length it announces."""

    status: int = 200
    body: bytes = json.dumps(RESULTS).encode()
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": JSON_TYPE})
    length: int | None = None


@dataclass
class Server:
    url: str
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def serving(*said: Said) -> Iterator[Server]:
    """A server on loopback that says these things in turn, and the last of them for ever."""
    answers = list(said)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            found.requests.append((self.command, dict(self.headers), body))
            one = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(one.status)
            for name, value in one.headers.items():
                self.send_header(name, value)
            length = len(one.body) if one.length is None else one.length
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(one.body)

        do_GET = do_HEAD = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        found = Server(f"http://127.0.0.1:{server.server_address[1]}/sparql")
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "PASSWORD", "TOKEN", "AUTH", "TIMEOUT", "ALLOW_HTTP"):
        monkeypatch.delenv(f"METALOCAL_{name}", raising=False)


@pytest.fixture
def waits() -> list[float]:
    """The seconds a client waited between its tries: noted, not waited."""
    return []


def asked(server: Server, waits: list[float]) -> str:
    """The failure a query ends with."""
    with pytest.raises(GraphError) as told:
        RemoteGraph(server.url, timeout_seconds=3, sleep=waits.append).select(SELECT)
    return str(told.value)


# the same answers


@pytest.fixture(scope="module")
def endpoint(graph_file: Path) -> Iterator[str]:
    app = create_app(Sources(graph_file, locations().queries), Limits(workers=1))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/sparql"
        server.should_exit = True
        thread.join()


COMMANDS = {
    "ask": ["ask", "--profile", PROFILE],
    "ask in full": ["ask", "--profile", PROFILE, "--everything", "--format", "md"],
    "verdicts": ["query", "verdicts", "--profile", PROFILE, "--format", "json"],
    "map": ["map", "--format", "json"],
    "pool": ["pool", "--like", "reinhorn-2021", "--format", "json"],
    "audit": ["audit", "--format", "json"],
    "overlap": ["overlap", "--format", "json"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_gives_the_same_bytes_over_an_endpoint(
    name: str, endpoint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    local = printed(COMMANDS[name], capsys)
    assert len(local) > 500
    assert printed([*COMMANDS[name], "--endpoint", endpoint], capsys) == local


def printed(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.fixture(scope="module")
def fetched(endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph file made from what the endpoint gives."""
    remote = RemoteGraph(endpoint)
    return write_fetched(remote, remote.find_graph(), tmp_path_factory.mktemp("fetched"))


def test_the_graph_of_an_endpoint_is_the_built_one(fetched: Path, graph_file: Path) -> None:
    assert stored(fetched) == stored(graph_file)


def stored(file: Path) -> list[str]:
    """What a file holds, numbers as the engine writes them, blank nodes named by content."""
    store = ox.Store()
    store.bulk_load(path=file, format=ox.RdfFormat.from_extension(file.suffix[1:]))
    dataset = ox.Dataset(store)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("whole.nq", ["nquads"]),
        ("recurrence.ttl", ["owl", "--question", "local_recurrence_treatment"]),
        ("mf.jsonld", ["jsonld", "--study", "mf07-01"]),
        ("codes.ttl", ["skos"]),
    ],
)
def test_an_export_writes_what_was_fetched(
    name: str,
    rest: list[str],
    endpoint: str,
    fetched: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked_for = []

    def once(remote: RemoteGraph, *_: object) -> Path:
        asked_for.append(remote.url)
        return fetched

    monkeypatch.setattr("metalocal.graph.fetched.write_fetched", once)
    monkeypatch.setattr(common, "is_fresh", lambda _: True)
    here, there = tmp_path / f"here-{name}", tmp_path / f"there-{name}"
    printed(["export", rest[0], str(here), *rest[1:]], capsys)
    printed(["export", rest[0], str(there), *rest[1:], "--endpoint", endpoint], capsys)
    assert asked_for == [endpoint]
    assert stored(there) == stored(here)


def test_a_folder_of_modules_is_not_made_from_an_endpoint(
    endpoint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", "owl", str(tmp_path / "modules"), "--endpoint", endpoint])
    assert ended.value.code == 2
    assert "hand-written files" in capsys.readouterr().err


# what the endpoint holds


@contextmanager
def answering(store: ox.Store, *, union: bool) -> Iterator[Server]:
    """A server over a store that heeds default-graph-uri and named-graph-uri."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            graphs = [ox.NamedNode(name) for name in form.get("default-graph-uri", [])]
            named = [ox.NamedNode(name) for name in form.get("named-graph-uri", [])]
            rows = store.query(
                form["query"][0],
                use_default_graph_as_union=union and not graphs,
                default_graph=graphs or None,
                named_graphs=named or None,
            )
            assert isinstance(rows, ox.QuerySolutions)
            body = rows.serialize(format=ox.QueryResultsFormat.JSON) or b""
            self.send_response(200)
            self.send_header("Content-Type", JSON_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield Server(f"http://127.0.0.1:{server.server_address[1]}/")
        finally:
            server.shutdown()
            thread.join()


VOID = """\
GRAPH mlid:graph/void {
  mlid:dataset/metalocal dcterms:identifier "VERSION" ; void:subset mlid:graph/study/a .
  mlid:dataset/metalocal void:subset mlid:graph/b .
}
GRAPH mlid:graph/study/a { mlid:study/a rdfs:label "A" }
GRAPH mlid:graph/b { mlid:b rdfs:label "B" }
GRAPH <http://example.org/theirs> { mlid:study/a rdfs:label "not ours" }
""".replace("mlid:graph/study/a", "<https://w3id.org/metalocal/id/graph/study/a>")


def small_store(told: str) -> ox.Store:
    prefixes = """\
PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX void: <http://rdfs.org/ns/void#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
    text = VOID.replace("VERSION", told)
    for name in ("graph/void", "dataset/metalocal", "graph/b", "study/a", "b"):
        text = text.replace(f"mlid:{name} ", f"<https://w3id.org/metalocal/id/{name}> ")
    store = ox.Store()
    store.update(f"{prefixes} INSERT DATA {{ {text} }}")
    return store


LABELS = "SELECT ?l WHERE { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } ORDER BY ?l"
LABELS_BY_GRAPH = LABELS.replace("{ ", "{ GRAPH ?g { ").replace(" }", " } }")


@pytest.mark.parametrize("query", [LABELS, LABELS_BY_GRAPH])
def test_an_endpoint_whose_default_graph_is_empty_is_asked_over_our_named_graphs(
    query: str,
) -> None:
    with answering(small_store("1"), union=False) as server:
        graph = RemoteGraph(server.url)
        assert not graph.find_graph().in_union
        assert [row["l"] for row in graph.select(query).texts()] == ["A", "B"]


def test_an_endpoint_that_reads_the_union_by_itself_is_asked_as_it_is() -> None:
    with answering(small_store("1"), union=True) as server:
        graph = RemoteGraph(server.url)
        assert graph.find_graph().in_union
        assert [row["l"] for row in graph.select(LABELS).texts()] == ["A", "B", "not ours"]


def test_an_endpoint_without_our_graph_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with answering(ox.Store(), union=True) as server, pytest.raises(SystemExit) as ended:
        main(["overlap", "--endpoint", server.url])
    assert ended.value.code == 1
    assert "holds no evidence graph of metalocal" in capsys.readouterr().err


def test_a_graph_of_another_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with answering(small_store("0.0.1"), union=True) as server, pytest.raises(SystemExit) as ended:
        main(["query", "outcomes", "--format", "csv", "--endpoint", server.url])
    assert ended.value.code == 0
    assert f"holds the graph of version 0.0.1, this is {version()}" in capsys.readouterr().err


def test_a_default_graph_that_is_empty_is_told_with_what_makes_queries_quick(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with answering(small_store(version()), union=False) as server, pytest.raises(SystemExit):
        main(["query", "outcomes", "--format", "csv", "--endpoint", server.url])
    assert "docs/engines.md" in capsys.readouterr().err


def test_results_cut_short_are_told_and_no_file_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    void = [{"version": {"type": "literal", "value": version()}}]
    size = [
        {
            "graph": {"type": "uri", "value": "https://w3id.org/metalocal/id/graph/void"},
            "triples": {"type": "literal", "value": "2"},
        }
    ]
    triples = Said(body=b"<a:a> <a:b> <a:c> .\n", headers={"Content-Type": "application/n-triples"})
    answers = (results("version", void), results("graph", size), triples)
    with serving(*answers) as server, pytest.raises(SystemExit) as ended:
        main(["export", "nquads", str(tmp_path / "x.nq"), "--endpoint", server.url])
    assert ended.value.code == 1
    assert "1 of the 2 triples" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def results(column: str, rows: list[dict[str, dict[str, str]]]) -> Said:
    found = {"head": {"vars": [column, "triples"]}, "results": {"bindings": rows}}
    return Said(body=json.dumps(found).encode())


def test_a_truth_value_written_as_a_number_is_read_as_a_word() -> None:
    cell = {"type": "typed-literal", "value": "1"}
    cell |= {"datatype": "http://www.w3.org/2001/XMLSchema#boolean"}
    with serving(results("x", [{"x": cell}])) as server:
        (row,) = RemoteGraph(server.url).select(SELECT).rows
    assert (row["x"].kind, row["x"].text) == ("literal", "true")


# failures


def test_a_refused_query_tells_the_reason_of_the_endpoint(waits: list[float]) -> None:
    page = b"<html><head><title>x</title><script>evil()</script></head><b>no prefix ml: &lt;3</b>"
    with serving(Said(400, b"line 3: no \x1b[31m prefix\n ml:")) as server:
        assert asked(server, waits).endswith("refuses this query: line 3: no [31m prefix ml:")
    with serving(Said(400, page)) as server:
        assert asked(server, waits).endswith("refuses this query: x no prefix ml: <3")
    assert waits == []


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "METALOCAL_USER and METALOCAL_PASSWORD"),
        (403, "does not let us in"),
        (404, "check the address; many end in /sparql"),
        (405, "does not take this at this path"),
        (500, 'failed over this (500) and says "disk full"'),
        (418, "answers with status 418"),
    ],
)
def test_each_refusal_has_its_sentence_and_is_not_tried_again(
    status: int, words: str, waits: list[float]
) -> None:
    with serving(Said(status, b"disk full")) as server:
        assert words in asked(server, waits)
        assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_passing_failure_is_tried_again(status: int, waits: list[float]) -> None:
    with serving(Said(status), Said(status, headers={"Retry-After": "7"}), Said()) as server:
        graph = RemoteGraph(server.url, sleep=waits.append)
        assert graph.select(SELECT).columns == ("x",)
    assert waits == [0.5, 7.0]


def test_tries_end_and_a_long_wait_is_not_waited(waits: list[float]) -> None:
    with serving(Said(503, b"full")) as server:
        assert "overloaded" in asked(server, waits)
        assert len(server.requests) == 3
    with serving(Said(429, headers={"Retry-After": "3600"})) as server:
        assert "asked too often" in asked(server, waits)
        assert len(server.requests) == 1
    assert waits == [0.5, 1.0]


def test_a_web_page_is_no_result(waits: list[float]) -> None:
    with serving(Said(body=b"<html>", headers={"Content-Type": "text/html"})) as server:
        assert "answers with a web page" in asked(server, waits)


@pytest.mark.parametrize("body", [b'{"head": {"vars": ["x"]}, "resu', b"[]", b'{"a": 1}', b""])
def test_half_an_answer_is_no_result(body: bytes, waits: list[float]) -> None:
    with serving(Said(body=body)) as server:
        assert "gave no answer we can read" in asked(server, waits)


def test_an_answer_shorter_than_announced_is_tried_again_and_told(waits: list[float]) -> None:
    with serving(Said(body=b'{"head"', length=500)) as server:
        assert "broke off" in asked(server, waits)
        assert len(server.requests) == 3


def test_an_ask_query_has_no_rows() -> None:
    true = Said(body=b'{"head": {}, "boolean": true}')
    with serving(true) as server, pytest.raises(QueryError, match="no SELECT"):
        RemoteGraph(server.url).select("ASK {}")


def test_an_update_is_never_sent() -> None:
    with serving(Said()) as server:
        with pytest.raises(QueryError, match="an update"):
            RemoteGraph(server.url).select("DELETE WHERE { ?s ?p ?o }")
        assert server.requests == []


def test_a_server_that_never_answers_is_left_in_time(waits: list[float]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(GraphError, match=r"within 0\.2 seconds; set METALOCAL_TIMEOUT"):
            RemoteGraph(url, timeout_seconds=0.2, sleep=waits.append).select(SELECT)
    assert waits == []


def test_a_server_that_does_not_run_is_told(waits: list[float]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        server = Server(f"http://127.0.0.1:{unused.getsockname()[1]}/")
        assert "cannot be reached (Connection refused)" in asked(server, waits)
    assert waits == [0.5, 1.0]


def test_a_server_without_tls_is_told_and_not_tried_again(waits: list[float]) -> None:
    with serving(Said()) as server:
        server.url = server.url.replace("http:", "https:")
        assert "no secure connection" in asked(server, waits)
    assert waits == []


def test_an_untrusted_certificate_is_told(waits: list[float]) -> None:
    error = ssl.SSLCertVerificationError("self-signed certificate")
    error.verify_message = "self-signed certificate"

    class Untrusted(RemoteGraph):
        pass

    graph = Untrusted("https://127.0.0.1:1/", sleep=waits.append)
    graph._exchange._opened = raising(error)  # type: ignore[method-assign]
    with pytest.raises(GraphError, match=r"\(self-signed certificate\).*SSL_CERT_FILE"):
        graph.select(SELECT)


def raising(error: Exception) -> Callable[..., object]:
    def call(*_: object) -> object:
        raise error

    return call


# credentials


@pytest.mark.parametrize(
    ("given", "header"),
    [
        ({"METALOCAL_USER": "ada", "METALOCAL_PASSWORD": "gräf:in"}, "Basic YWRhOmdyw6RmOmlu"),
        ({"METALOCAL_TOKEN": "t0k"}, "Bearer t0k"),
        ({}, None),
    ],
)
def test_credentials_come_from_the_environment(
    given: dict[str, str], header: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with serving(Said()) as server:
        RemoteGraph(server.url).select(SELECT)
        assert server.requests[0][1].get("Authorization") == header


def test_digest_answers_a_challenge_that_comes_to_an_empty_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("METALOCAL_USER", "ada")
    monkeypatch.setenv("METALOCAL_PASSWORD", "secret")
    monkeypatch.setenv("METALOCAL_AUTH", "digest")
    challenge = {"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5'}
    with serving(Said(401, b"", headers=challenge), Said()) as server:
        RemoteGraph(server.url).select(SELECT)
        (first, _, nothing), (second, headers, _) = server.requests
    assert (first, nothing, second) == ("HEAD", b"", "POST")
    assert headers["Authorization"].startswith('Digest username="ada", realm="r", nonce="n"')
    assert "secret" not in headers["Authorization"]


def test_a_redirect_is_told_and_takes_no_password_along(
    monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    monkeypatch.setenv("METALOCAL_TOKEN", "t0k")
    with serving(Said()) as other:
        with serving(Said(307, headers={"Location": other.url})) as server:
            told = asked(server, waits)
        assert f"sends us on to {other.url}" in told
        assert other.requests == []


def test_no_message_shows_a_secret(monkeypatch: pytest.MonkeyPatch, waits: list[float]) -> None:
    monkeypatch.setenv("METALOCAL_USER", "ada")
    monkeypatch.setenv("METALOCAL_PASSWORD", "s3cret")
    for status in (302, 400, 401, 403, 500, 503):
        with serving(Said(status, b"no")) as server:
            assert "s3cret" not in asked(server, waits)
    assert "s3cret" not in repr(Access(scheme="basic", user="ada", secret="s3cret"))


@pytest.mark.parametrize(
    ("url", "given", "words"),
    [
        ("http://h.example/q", {"METALOCAL_USER": "a"}, "METALOCAL_ALLOW_HTTP=1"),
        ("http://h.example/q", {"METALOCAL_TOKEN": "t"}, "METALOCAL_ALLOW_HTTP=1"),
        ("https://u:p4ss@h.example/q", {}, "holds a user or a password"),
        ("file:///etc/passwd", {}, "is no address of a server"),
        ("h.example/q", {}, "is no address of a server"),
        ("https://h.example:0x/q", {}, "cannot be read"),
        ("https://h.example/q#part", {}, "leave out #part"),
        ("https://h.example/q", {"METALOCAL_TIMEOUT": "soon"}, "give seconds"),
        ("https://h.example/q", {"METALOCAL_USER": "a", "METALOCAL_AUTH": "x"}, "basic or digest"),
        ("https://h.example/q", {"METALOCAL_USER": "a", "METALOCAL_TOKEN": "t"}, "keep one"),
        ("https://h.example/q", {"METALOCAL_TOKEN": "t\r\nX: y"}, "what no header can"),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_is_sent(
    url: str, given: dict[str, str], words: str
) -> None:
    with pytest.raises(QueryError) as told:
        access_to(url, given)
    assert words in str(told.value)
    assert "p4ss" not in str(told.value)


def test_plain_http_takes_credentials_on_this_machine_or_when_allowed() -> None:
    user = {"METALOCAL_USER": "a"}
    assert access_to("http://127.0.0.1/q", user).scheme == "basic"
    assert access_to("http://[::1]:80/q", user).scheme == "basic"
    assert access_to("http://h.example/q", user | {"METALOCAL_ALLOW_HTTP": "1"}).user == "a"


def test_the_time_limit_comes_from_the_environment() -> None:
    assert access_to("https://h.example/q", {}).answer_seconds == 60
    assert access_to("https://h.example/q", {"METALOCAL_TIMEOUT": "2.5"}).connect_seconds == 2.5


def test_a_remote_graph_gives_terms_as_the_local_one_does(endpoint: str, graph: LocalGraph) -> None:
    query = 'SELECT ?a ?b ?c WHERE { VALUES (?a ?b ?c) { (<a:b> "x"@en 1.50) (UNDEF "y" true) } }'
    remote = RemoteGraph(endpoint).select(query)
    assert remote == graph.select(query)
