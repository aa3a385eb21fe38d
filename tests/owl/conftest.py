"""The built graph, its OWL file, and Java, each made once."""

from __future__ import annotations

import fcntl
import shutil
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef

from graph_builder.build import ONTOLOGY_GRAPH, Inputs, build
from graph_builder.checks.guidance import parts
from graph_builder.criteria import Clause, clauses, formula
from graph_builder.populations import CLASS_GRAPHS
from graph_builder.reading import read_data
from graph_builder.terms import Terms, read_ontology, terms_of
from graph_builder.vocabulary import ML
from metalocal.commands.common import built_graph
from metalocal.owl import write_owl
from metalocal.owl_parts import Part

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # the modules beside this one, whatever way pytest was called

HOUSE = HERE.parents[1]
QUESTION = "local_therapy_of_primary"


@dataclass(frozen=True)
class Built:
    """A built graph, the words it uses, and what each group asks for."""

    graph_file: Path
    data: Path
    terms: Terms

    @cached_property
    def ontology(self) -> Graph:
        """The hand-written terms."""
        return _graph(self.graph_file, ONTOLOGY_GRAPH)

    @cached_property
    def populations(self) -> Graph:
        """The generated classes."""
        return _graph(self.graph_file, *CLASS_GRAPHS)

    @cached_property
    def classes(self) -> dict[str, str]:
        """From each group to the class of its profiles."""
        found = self.populations.subject_objects(ML.criteriaClass)
        return {str(group): str(cls) for group, cls in found}

    @cached_property
    def distinct(self) -> dict[str, str]:
        """The same for one group of each set of criteria: HermiT is not asked the same twice."""
        quads = list(ox.parse(path=self.graph_file, format=ox.RdfFormat.N_QUADS))
        words = {q.subject: str(q.object) for q in quads if q.predicate == SHORT_LABEL}
        asked: dict[str, set[str]] = {group: set() for group in self.classes}
        for quad in quads:
            if quad.predicate == HAS_CRITERION and quad.subject.value in asked:
                asked[quad.subject.value].add(words[quad.object])
        by_criteria: dict[frozenset[str], tuple[str, str]] = {}
        for group, cls in sorted(self.classes.items()):
            by_criteria.setdefault(frozenset(asked[group]), (group, cls))
        return dict(by_criteria.values())

    @cached_property
    def wishes(self) -> list[list[Clause]]:
        """The clauses of each group."""
        return _wishes(self.data, self.terms)


SHORT_LABEL, HAS_CRITERION = (ox.NamedNode(str(p)) for p in (ML.shortLabel, ML.hasCriterion))


def _build(folder: Path, terms: Terms, extra: str, *, alone: bool = False) -> Built:
    """The graph of the house's data and the `extra` study, or of that study `alone`."""
    data = folder / "data"
    shutil.copytree(HOUSE / "data" / "sources", data / "sources")
    if not alone:
        shutil.copytree(HOUSE / "data", data, dirs_exist_ok=True)
    (data / "trials").mkdir(exist_ok=True)
    shutil.copy(HERE / extra, data / "trials")
    build(Inputs(HOUSE / "ontology", data), folder / "graph", "0.0.0")
    return Built(folder / "graph" / "graph.nq", data, terms)


def _graph(graph_file: Path, *names: URIRef) -> Graph:
    """The union of some named graphs, or of all."""
    wanted = {str(name) for name in names}
    quads = ox.parse(path=graph_file, format=ox.RdfFormat.N_QUADS)
    triples = (q.triple for q in quads if not wanted or q.graph_name.value in wanted)
    return Graph().parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")


def _wishes(data: Path, terms: Terms) -> list[list[Clause]]:
    records = read_data(data)[0]
    wishes = [
        [clause for c in part.criteria for clause in clauses(formula(c, dict(terms.attributes)))]
        for part in parts(records)
        if part.criteria
    ]
    for study in records.studies:
        lineage = {p.id: p for p in study.populations}
        for population in filter(lambda p: p.is_matched, study.populations):
            criteria = []
            at = population
            while True:
                criteria += at.criteria
                if at.within is None:
                    break
                at = lineage[at.within]
            found = [clauses(formula(c, dict(terms.attributes))) for c in criteria]
            wishes.append([clause for one in found for clause in one])
    return wishes


@pytest.fixture(scope="session")
def terms() -> Terms:
    """The ontology's words."""
    return terms_of(read_ontology(HOUSE / "ontology"))


@pytest.fixture(scope="session")
def built(terms: Terms) -> Built:
    """The graph of the house's own data."""
    return Built(built_graph(), HOUSE / "data", terms)


@pytest.fixture(scope="session")
def with_invented(tmp_path_factory: pytest.TempPathFactory, worker_id: str, terms: Terms) -> Built:
    """The same with an invented study in which criteria take every form.

    Processes that run tests side by side share it: the first builds it, the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "invented"
    with (folder.parent / "invented.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "graph" / "graph.nq").is_file():
            shutil.rmtree(folder, ignore_errors=True)
            return _build(folder, terms, "invented.yaml")
    return Built(folder / "graph" / "graph.nq", folder / "data", terms)


@pytest.fixture(scope="session")
def with_covering(tmp_path_factory: pytest.TempPathFactory, terms: Terms) -> Built:
    """Invented populations that leave no case out."""
    return _build(tmp_path_factory.mktemp("covering"), terms, "covering.yaml", alone=True)


@pytest.fixture(scope="session")
def rdf_xml(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The OWL file."""
    path = tmp_path_factory.mktemp("owl") / "metalocal.owl"
    write_owl(built.graph_file, path)
    return path


@pytest.fixture(scope="session")
def question_file(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The OWL file of what is on local therapy of the primary tumour."""
    path = tmp_path_factory.mktemp("question") / "primary.owl"
    write_owl(built.graph_file, path, part=Part(question=QUESTION))
    return path


@pytest.fixture(scope="session")
def query() -> str:
    """The query that decides at run time."""
    return (HOUSE / "queries" / "verdicts.rq").read_text("utf-8")
