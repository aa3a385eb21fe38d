"""The graph of this checkout, built once for the session, and what tests ask of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from graph_builder.attributes import Attribute, Implication
from metalocal.attributes import attributes_of, implications_of
from metalocal.commands.common import built_graph
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.profiles import Profile, profile_of

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
