"""What is read while a person looks at the front page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import pytest

from metalocal.answers import Library
from metalocal.commands.common import built_graph, open_graph
from metalocal.endpoint import Sources
from metalocal.endpoint.service import Service
from metalocal.explorer.network.holding import Holding
from metalocal.explorer.things.books import Books
from metalocal.graph import Table
from metalocal.locations import locations
from metalocal.server import create_app
from tests.endpoint.conftest import Endpoint, serving

BROWSER = {"Accept": "text/html"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that are asked of the engine."""
    found: list[str] = []
    plain = Service.rows

    async def rows(self: Service, query: str, request: object) -> Table:
        found.append(query)
        return await plain(self, query, request)  # type: ignore[arg-type]

    monkeypatch.setattr(Service, "rows", rows)
    return found


@pytest.fixture
def fresh() -> Iterator[Endpoint]:
    """An explorer that nobody has visited; a program's request waited for the graph."""
    places = locations()
    app = create_app(Sources(built_graph(), places.queries, places.ontology))
    with serving(app) as running:
        yield running


async def nothing(_holding: Holding) -> None:
    """Stands for what is read."""


def test_after_the_front_page_an_answer_asks_for_little_more(
    fresh: Endpoint, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # these go on beside, and would be counted
    monkeypatch.setattr(Books, "read", lambda _: None)
    monkeypatch.setattr(Holding, "held", nothing)
    fresh.client.get("/api/queries/questions")
    by_program = len(asked)
    assert fresh.client.get("/", headers=BROWSER).status_code == 200
    # the line of answers is one: this one is made when what was begun is read
    fresh.client.get("/api/answer?presentation=de_novo&format=text")
    read = len(asked)
    assert read - by_program > 20
    assert fresh.client.get("/ask?presentation=recurrent", headers=BROWSER).status_code == 200
    assert len(asked) - read <= 3


def test_the_books_are_read_whole() -> None:
    books = Books(Library(open_graph(), locations().queries))
    books.read()
    parts = {name for name, part in vars(Books).items() if isinstance(part, cached_property)}
    assert len(parts) > 15
    assert parts <= set(vars(books))


def test_an_end_while_it_reads_leaves_no_fault_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    places = locations()
    app = create_app(Sources(built_graph(), places.queries, places.ontology))
    with serving(app) as running:
        assert running.client.get("/", headers=BROWSER).status_code == 200
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
