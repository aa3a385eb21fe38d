"""What is read while a person looks at the front page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import pytest
from starlette.requests import Request

from metalocal.answers import Library
from metalocal.commands.common import built_graph, open_graph
from metalocal.endpoint import Sources
from metalocal.endpoint.engine.wire import Answer, Job
from metalocal.endpoint.service import Service
from metalocal.explorer.network.holding import Holding
from metalocal.explorer.things.books import Books
from metalocal.locations import locations
from metalocal.server import create_app
from tests.endpoint.conftest import Endpoint, serving

BROWSER = {"Accept": "text/html"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that are asked of the engine."""
    found: list[str] = []
    plain = Service.answer

    async def answer(self: Service, job: Job, request: Request) -> Answer:
        found.append(job.query)
        return await plain(self, job, request)

    monkeypatch.setattr(Service, "answer", answer)
    return found


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Endpoint]:
    """An explorer that nobody has visited, over a graph beside which no rows are kept."""
    with explorer(Path(shutil.copy(built_graph(), tmp_path))) as running:
        yield running


@contextmanager
def explorer(graph_file: Path) -> Iterator[Endpoint]:
    places = locations()
    with serving(create_app(Sources(graph_file, places.queries, places.ontology))) as running:
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


@pytest.fixture
def only_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else is read beside, which would be counted."""
    monkeypatch.setattr(Books, "read", lambda _: None)
    monkeypatch.setattr(Holding, "held", nothing)


@pytest.mark.usefixtures("only_answers")
def test_the_first_answer_is_made_of_rows_kept_for_the_graph_that_is_served(
    asked: list[str],
) -> None:
    open_graph()  # keeps them
    with explorer(built_graph()) as running:
        running.client.get("/api/queries/questions")  # the API asks what its graph consists of
        asked.clear()
        assert running.client.get("/api/answer?presentation=de_novo").status_code == 200
    assert asked == []


@pytest.mark.usefixtures("only_answers")
def test_rows_kept_for_another_graph_are_not_served(asked: list[str], tmp_path: Path) -> None:
    open_graph()
    for name in ("graph.nq", "rows.jsonl"):
        shutil.copy(built_graph().parent / name, tmp_path)
    with (tmp_path / "graph.nq").open("a") as file:
        file.write("<https://example.org/a> <https://example.org/b> <https://example.org/c> .\n")
    with explorer(tmp_path / "graph.nq") as running:
        assert running.client.get("/api/answer?presentation=de_novo").status_code == 200
    assert len(asked) > 20


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
