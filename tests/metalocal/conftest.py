"""The graph of this checkout, built once for the session, and what tests ask of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graph_builder.attributes import Attribute, Implication
from graph_builder.build import build
from graph_builder.inputs import Inputs
from metalocal.attributes import attributes_of, implications_of
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.profiles import Profile, profile_of

QUERIES = locations().queries


@pytest.fixture(scope="session")
def graph_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "graph"
    build(Inputs(locations().ontology, locations().data), folder, "test")
    return folder / "graph.nq"


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
