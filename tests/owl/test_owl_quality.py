"""The OWL file to a reasoner and to Protégé: OWL 2 DL, complete, consistent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal
from rdflib.graph import _TripleType

from graph_builder.reasoning import classify
from graph_builder.vocabulary import ML, code, thing
from metalocal.owl import write_owl

if TYPE_CHECKING:
    from conftest import Built

    from graph_builder.owl_api import LoadedFile

pytestmark = pytest.mark.usefixtures("java")


@pytest.fixture(scope="module")
def loaded(java: None, rdf_xml: Path) -> LoadedFile:
    from graph_builder.owl_api import LoadedFile

    return LoadedFile(rdf_xml.read_bytes())


def test_the_file_keeps_to_owl_2_dl(loaded: LoadedFile) -> None:
    assert loaded.violations() == []


def test_everything_used_is_declared(loaded: LoadedFile) -> None:
    assert loaded.undeclared() == []


def test_nothing_is_of_two_kinds_at_once(loaded: LoadedFile) -> None:
    assert loaded.punned() == []


def test_every_triple_becomes_an_axiom_or_annotation(loaded: LoadedFile) -> None:
    assert loaded.lost() == []


def test_every_individual_has_a_name(loaded: LoadedFile) -> None:
    assert [str(node) for node in loaded.ontology.getAnonymousIndividuals()] == []


def test_everything_named_has_exactly_one_label(loaded: LoadedFile) -> None:
    assert loaded.not_labelled_once() == []


def test_the_whole_is_consistent(loaded: LoadedFile) -> None:
    assert loaded.reasoner().isConsistent()


def test_owlready2_finds_no_inconsistent_class(built: Built) -> None:
    _, unsatisfiable = classify(built.ontology + built.populations)
    assert unsatisfiable == []


def test_owlready2_reads_every_class_and_individual_of_the_file(rdf_xml: Path) -> None:
    import owlready2

    world = owlready2.World()
    ontology = world.get_ontology(rdf_xml.as_uri()).load()
    named: dict[str, set[str]] = {str(OWL.Class): set(), str(OWL.NamedIndividual): set()}
    for quad in ox.parse(path=rdf_xml, format=ox.RdfFormat.RDF_XML):
        if quad.predicate.value == str(RDF.type) and isinstance(quad.subject, ox.NamedNode):
            named.get(quad.object.value, set()).add(quad.subject.value)
    assert {cls.iri for cls in ontology.classes()} == named[str(OWL.Class)]
    assert {thing.iri for thing in ontology.individuals()} == named[str(OWL.NamedIndividual)]


# The checks above can fail: each finds its fault in a copy that has it.

MADE_UP = code("madeUp")
STUDY = thing("study", "covering")


@pytest.fixture(scope="module")
def small(with_covering: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The OWL file of a graph of one study."""
    path = tmp_path_factory.mktemp("small") / "small.owl"
    write_owl(with_covering.graph_file, path)
    return path


def broken(small: Path, *triples: _TripleType) -> LoadedFile:
    from graph_builder.owl_api import LoadedFile

    graph = Graph().parse(small, format="xml")
    for triple in triples:
        graph.add(triple)
    return LoadedFile(graph.serialize(format="xml", encoding="utf-8"))


def test_an_undeclared_property_is_found(small: Path) -> None:
    found = broken(small, (STUDY, MADE_UP, Literal("x")))
    assert any("madeUp" in line for line in found.undeclared())


def test_an_undeclared_class_is_found(small: Path) -> None:
    found = broken(small, (STUDY, RDF.type, MADE_UP))
    assert found.undeclared() == [f"<{MADE_UP}>"]
    assert any("madeUp" in line for line in found.violations())


def test_a_property_of_two_kinds_is_found(small: Path) -> None:
    found = broken(
        small,
        (ML.hasArm, RDF.type, OWL.DatatypeProperty),
        (STUDY, ML.hasArm, Literal("surgery")),
    )
    assert any("hasArm" in line for line in found.violations())
    assert any("hasArm" in line for line in found.punned())


def test_an_individual_that_is_also_a_class_is_found(small: Path) -> None:
    found = broken(small, (STUDY, RDF.type, OWL.Class))
    assert found.punned() == [f"<{STUDY}>: Class, NamedIndividual"]


def test_a_datatype_that_owl_2_does_not_have_is_found(small: Path) -> None:
    found = broken(small, (STUDY, ML.dataFile, Literal("2020-01-01", datatype=XSD.date)))
    assert any("date" in line for line in found.undeclared())


def test_a_second_label_and_a_missing_one_are_found(small: Path) -> None:
    found = broken(small, (STUDY, RDFS.label, Literal("other")), (MADE_UP, RDF.type, OWL.Class))
    assert found.not_labelled_once() == [f"<{STUDY}>: 2 labels", f"<{MADE_UP}>: 0 labels"]


def test_a_triple_that_is_no_axiom_is_found(small: Path) -> None:
    headless = broken(small, (BNode(), RDF.type, OWL.AllDisjointClasses))
    assert any("AllDisjointClasses" in line for line in headless.lost())
    of_nothing = broken(small, (BNode(), RDF.type, OWL.AllDifferent))
    assert any("AllDifferent" in line for line in of_nothing.lost())


def test_an_individual_without_a_name_is_found(small: Path) -> None:
    found = broken(small, (STUDY, ML.hasArm, BNode()))
    assert len(found.ontology.getAnonymousIndividuals()) == 1


def test_an_empty_class_and_a_contradiction_are_found(small: Path) -> None:
    both = [(MADE_UP, RDFS.subClassOf, cls) for cls in (ML.Study, ML.Arm)]
    empty = broken(small, (MADE_UP, RDF.type, OWL.Class), *both).reasoner()
    nothing = empty.getUnsatisfiableClasses().getEntitiesMinusBottom()
    assert [str(cls) for cls in nothing] == [f"<{MADE_UP}>"]
    assert not broken(small, (STUDY, RDF.type, ML.Arm)).reasoner().isConsistent()
