"""The graph of this checkout, built once for the session, and what tests ask of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from graph_builder.attributes import Attribute, Implication
from metalocal.answers import Answer, Library, answer
from metalocal.attributes import attributes_of, implications_of
from metalocal.commands.common import built_graph
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.profiles import Profile, profile_of, read_profile

sys.path.insert(0, str(Path(__file__).parent))  # little.py, whatever way pytest was called

QUERIES = locations().queries


@pytest.fixture(scope="session")
def graph_file() -> Path:
    return built_graph()


@pytest.fixture(scope="session")
def graph(graph_file: Path) -> LocalGraph:
    return LocalGraph(graph_file)


@pytest.fixture(scope="session")
def attributes(graph: LocalGraph) -> dict[str, Attribute]:
    return attributes_of(graph, QUERIES)


@pytest.fixture(scope="session")
def rules(graph: LocalGraph) -> list[Implication]:
    return implications_of(graph, QUERIES)


@pytest.fixture(scope="session")
def profile(attributes: dict[str, Attribute], rules: list[Implication]) -> Callable[..., Profile]:
    return lambda **given: profile_of(given, attributes, rules)


@pytest.fixture(scope="session")
def library(graph: LocalGraph) -> Library:
    return Library(graph, QUERIES)


@pytest.fixture(scope="session")
def ask(library: Library, profile: Callable[..., Profile]) -> Callable[..., Answer]:
    """The answer for a patient of whom this is told; the same question is answered once."""
    known: dict[str, Answer] = {}

    def asked(**given: object) -> Answer:
        key = json.dumps(given, default=str)
        if key not in known:
            known[key] = answer(profile(**given), library)
        return known[key]

    return asked


@pytest.fixture(scope="session")
def example(library: Library) -> Callable[[str], Answer]:
    """The answer to an example profile, by its name; each is answered once."""

    @cache
    def answered(name: str) -> Answer:
        path = locations().data / "profiles" / f"{name}.yaml"
        text = path.read_text("utf-8")
        return answer(read_profile(text, path.name, library.attributes, library.rules), library)

    return answered
