"""A small invented graph, and endpoints over it that listen on a port the system chose."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from metalocal.commands.common import built_graph
from metalocal.endpoint import Front, Limits, Sources
from metalocal.endpoint.connections import http_options
from metalocal.endpoint.engine.pool import Pool
from metalocal.locations import locations
from metalocal.server import create_app

STUDIES = "http://example.org/graph/studies"
SOURCES = "http://example.org/graph/sources"
EX = "http://example.org/term#"
QUADS = f"""\
<{EX}alpha> <{EX}randomised> "120"^^<http://www.w3.org/2001/XMLSchema#integer> <{STUDIES}> .
<{EX}beta> <{EX}randomised> "60"^^<http://www.w3.org/2001/XMLSchema#integer> <{STUDIES}> .
<{EX}alpha> <{EX}label> "Étude \\"alpha\\""@fr <{STUDIES}> .
<{EX}alpha> <{EX}reportedBy> <{EX}paper1> <{SOURCES}> .
<{EX}beta> <{EX}reportedBy> <{EX}paper2> <{SOURCES}> .
<{EX}paper1> <{EX}printed> "2020"^^<http://www.w3.org/2001/XMLSchema#gYear> <{SOURCES}> .
"""


@dataclass(frozen=True)
class Endpoint:
    """A running endpoint and a client for it."""

    url: str
    client: httpx.Client
    pool: Pool

    def ask(self, query: str, accept: str = "*/*", **more: str | list[str]) -> httpx.Response:
        """Answer to `query` by GET."""
        parameters = {"query": query, **more}
        return self.client.get("/sparql", params=parameters, headers={"Accept": accept})


@dataclass
class Listener:
    """A loopback server that only counts who comes."""

    url: str
    visits: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def graph_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "graph.nq"
    path.write_text(QUADS, encoding="utf-8")
    return path


@contextmanager
def _running(graph_file: Path, limits: Limits, front: Front | None = None) -> Iterator[Endpoint]:
    with serving(create_app(Sources(graph_file), limits, front or Front())) as running:
        yield running


@contextmanager
def serving(app: Starlette) -> Iterator[Endpoint]:
    """Serve an app on a port the system chose."""
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="critical", access_log=False, **http_options())
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        # The socket listens already: the first request waits until the graph is loaded.
        with httpx.Client(base_url=url, timeout=20, trust_env=False) as client:
            client.get("/")
            yield Endpoint(url, client, app.state.pool)
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def run_endpoint(graph_file: Path) -> Callable[..., object]:
    """Start an endpoint with limits of its own, and a front."""
    return lambda limits, front=None: _running(graph_file, limits, front)


@pytest.fixture(scope="session")
def endpoint(graph_file: Path) -> Iterator[Endpoint]:
    """An endpoint with the usual limits."""
    with _running(graph_file, Limits()) as running:
        yield running


@pytest.fixture(scope="session")
def strict_endpoint(graph_file: Path) -> Iterator[Endpoint]:
    """An endpoint whose queries end after a second and whose results end at 2,000 bytes."""
    limits = Limits(seconds=1.0, result_bytes=2_000, query_characters=5_000)
    with _running(graph_file, limits) as running:
        yield running


@pytest.fixture(scope="session")
def serve_app() -> Callable[..., object]:
    """Serve an app of a test's own."""
    return serving


@pytest.fixture(scope="session")
def built() -> Iterator[Endpoint]:
    """An endpoint over the built graph."""
    places = locations()
    app = create_app(Sources(built_graph(), places.queries, places.ontology))
    with serving(app) as running:
        yield running


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A loopback server that no query may reach."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = Listener(f"http://127.0.0.1:{listening.getsockname()[1]}/sparql")

        def accept() -> None:
            while True:
                visitor, address = listening.accept()
                if address[1] == ending_port:
                    visitor.close()
                    return
                found.visits.append(str(address))
                visitor.close()

        ending = socket.socket()
        ending.bind(("127.0.0.1", 0))
        ending_port = ending.getsockname()[1]
        thread = threading.Thread(target=accept)
        thread.start()
        yield found
        ending.connect(listening.getsockname())
        thread.join()
        ending.close()
