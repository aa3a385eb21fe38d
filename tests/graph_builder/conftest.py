"""Invented studies to arrange tests with: EXAMPLE-2020, whole or with blocks changed."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import pytest
from hypothesis import settings
from rdflib import RDFS, Graph, URIRef
from rdflib.term import Node

from graph_builder.assembly import Assembly, assemble
from graph_builder.build import ONTOLOGY_GRAPH
from graph_builder.reading import Records, read_data, read_record
from graph_builder.records import Study
from graph_builder.terms import Terms, read_ontology, terms_of
from graph_builder.vocabulary import ML, code, thing
from tests.whole_graphs import derived_graph, quads_of

sys.path.insert(0, str(Path(__file__).parent))  # estimates_by_hand, whatever way pytest was called

Derived = Callable[..., tuple[Graph, Graph]]
Directions = Callable[..., set[str]]
TESTS = Path(__file__).parents[1]
STUDIES = TESTS / "studies"
BASE = (STUDIES / "trials" / "example-2020.yaml").read_text("utf-8")
BLOCK = re.compile(r"^(\w+):", re.MULTILINE)

settings.register_profile("still", database=None, deadline=None, max_examples=100)
settings.load_profile("still")


@pytest.fixture(scope="session")
def ontology() -> Path:
    return TESTS.parent / "ontology"


@pytest.fixture(scope="session")
def terms(ontology: Path) -> Terms:
    return terms_of(read_ontology(ontology))


@pytest.fixture(scope="session")
def studies() -> Path:
    """A data folder of invented studies, with the invented texts beside them."""
    return STUDIES


def with_rest_of_example(text: str) -> str:
    """`text`, and behind it the blocks of EXAMPLE-2020 that it lacks: its own lines stay."""
    starts = [*BLOCK.finditer(BASE)]
    ends = [*(match.start() for match in starts[1:]), len(BASE)]
    given = set(BLOCK.findall(text))
    rest = [BASE[m.start() : end] for m, end in zip(starts, ends, strict=True) if m[1] not in given]
    return "\n".join([text.rstrip("\n"), *rest])


@pytest.fixture(scope="session")
def completed() -> Callable[[str], str]:
    return with_rest_of_example


@pytest.fixture(scope="session")
def study() -> Callable[..., Study]:
    """Gives EXAMPLE-2020 with some blocks written anew, such as `study(arms="- {id: ...}")`."""

    def with_blocks(**blocks: str) -> Study:
        texts = [
            f"{key}: {block}" if "\n" not in block else f"{key}:\n{indent(block.strip(), '  ')}"
            for key, block in blocks.items()
        ]
        text = with_rest_of_example("\n".join(texts))
        found, problems = read_record(text.encode(), "data/trials/example-2020.yaml", Study)
        assert problems == []
        assert found is not None
        return found

    return with_blocks


@pytest.fixture(scope="session")
def examples(studies: Path) -> Records:
    records, problems = read_data(studies)
    assert problems == []
    return records


@pytest.fixture
def assembled(examples: Records, terms: Terms) -> Assembly:
    return assemble(examples, terms)


@pytest.fixture(scope="session")
def rule_words(terms: Terms) -> Graph:
    """What the rules ask of the ontology."""
    words = Graph()
    asked = (ML.noDifferenceAt, code("countsByItself"), code("isReduction"), code("betterWhen"))
    for predicate in (*asked, RDFS.label):
        for triple in terms.graph.triples((None, predicate, None)):
            words.add(triple)
    return words


@pytest.fixture(scope="session")
def derived(
    study: Callable[..., Study], terms: Terms, ontology: Path, rule_words: Graph
) -> Derived:
    """EXAMPLE-2020 with just these estimates and blocks, and what the rules derive from it."""

    def of_estimates(*estimates: str, **blocks: str) -> tuple[Graph, Graph]:
        blocks |= {"estimates": "\n".join(estimates), "statements": "[]"}
        records = Records([study(**blocks)])
        assembly = assemble(records, terms)
        asserted = {**assembly.graphs, ONTOLOGY_GRAPH: rule_words}
        said = assembly.graphs[thing("graph", "study", "example-2020")]
        return said, derived_graph(quads_of(asserted), ontology / "rules")

    return of_estimates


@pytest.fixture
def directions(derived: Derived) -> Directions:
    """Effect directions of the estimate `asked`, where the study has just these estimates."""
    return lambda *estimates, **named: {
        str(direction).rpartition("/")[2]
        for direction in _drawn(derived(*estimates), ML.effectDirection, **named)
    }


@pytest.fixture
def reasons(derived: Derived) -> Directions:
    """Why the estimate `asked` has the directions it has."""
    return lambda *estimates: set(map(str, _drawn(derived(*estimates), ML.because)))


def _drawn(graphs: tuple[Graph, Graph], predicate: URIRef, asked: str = "asked") -> list[Node]:
    from estimates_by_hand import drawn

    return drawn(graphs, asked, predicate)
