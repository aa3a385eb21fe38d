"""The OWL file as a file: formats, contents, and what is refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, Graph, URIRef

from graph_builder.vocabulary import ML, ONTOLOGY, thing
from metalocal.owl import OwlExportError, write_owl
from metalocal.owl_parts import CLASSES, WHOLE, Part

if TYPE_CHECKING:
    from conftest import Built

VERSION = (OWL.versionIRI, OWL.versionInfo)
FORMATS = {".owl": ox.RdfFormat.RDF_XML, ".ttl": ox.RdfFormat.TURTLE}


def node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(str(iri))


def triples(path: Path) -> Iterator[ox.Triple]:
    """What the file says, by the engine: rdflib takes ten times as long and is asked once."""
    for quad in ox.parse(path=path, format=FORMATS[path.suffix]):
        yield quad.triple


@pytest.fixture(scope="module")
def whole(rdf_xml: Path) -> set[ox.Triple]:
    return set(triples(rdf_xml))


def canonical(path: Path) -> ox.Dataset:
    dataset = ox.Dataset(ox.parse(path=path, format=FORMATS[path.suffix]))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


@pytest.fixture(scope="module")
def whole_canonical(rdf_xml: Path) -> ox.Dataset:
    return canonical(rdf_xml)


def test_turtle_and_rdf_xml_hold_the_same_graph(
    built: Built, whole_canonical: ox.Dataset, tmp_path: Path
) -> None:
    write_owl(built.graph_file, tmp_path / "a.ttl")
    assert whole_canonical == canonical(tmp_path / "a.ttl")


def test_every_asserted_and_derived_triple_is_in_the_file(
    built: Built, whole_canonical: ox.Dataset
) -> None:
    left_out = {str(thing("graph", name)) for name in ("void", "examples")}
    quads = ox.parse(path=built.graph_file, format=ox.RdfFormat.N_QUADS)
    expected = ox.Dataset(
        ox.Quad(q.subject, q.predicate, q.object)
        for q in quads
        if q.graph_name.value not in left_out
    )
    expected.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert whole_canonical == expected


def test_rdflib_reads_the_file_and_counts_what_was_written(built: Built, tmp_path: Path) -> None:
    slow = os.environ.get("METALOCAL_SLOW")
    part = WHOLE if slow else Part(question="local_therapy_of_primary")
    written = write_owl(built.graph_file, tmp_path / "a.owl", part=part)
    assert len(Graph().parse(tmp_path / "a.owl", format="xml")) == written


def test_the_file_has_one_header_with_a_version_and_imports_nothing(
    whole: set[ox.Triple],
) -> None:
    assert [t.subject for t in whole if t.object == node(OWL.Ontology)] == [node(ONTOLOGY)]
    versions = [t.subject for t in whole if t.predicate == node(OWL.versionIRI)]
    assert versions == [node(ONTOLOGY)]
    assert node(OWL.imports) not in {t.predicate for t in whole}


def test_a_version_given_replaces_the_one_in_the_header(built: Built, tmp_path: Path) -> None:
    write_owl(built.graph_file, tmp_path / "a.ttl", version="9.8.7")
    header = [t for t in triples(tmp_path / "a.ttl") if t.subject == node(ONTOLOGY)]
    told = {p: [t.object for t in header if t.predicate == node(p)] for p in VERSION}
    assert told == {
        OWL.versionIRI: [node(f"{ONTOLOGY}/9.8.7")],
        OWL.versionInfo: [ox.Literal("9.8.7")],
    }


def test_the_size_of_the_dataset_is_not_told_as_part_of_the_ontology(
    whole: set[ox.Triple],
) -> None:
    subjects = {str(triple.subject) for triple in whole}
    assert not any(iri.startswith(f"<{thing('dataset', '')}") for iri in subjects)


def test_the_same_graph_gives_the_same_bytes(built: Built, rdf_xml: Path, tmp_path: Path) -> None:
    write_owl(built.graph_file, tmp_path / "again.rdf")
    assert (tmp_path / "again.rdf").read_bytes() == rdf_xml.read_bytes()


@pytest.mark.parametrize("name", ["a.ofn", "a.omn", "a.json", "a"])
def test_another_syntax_is_refused_with_what_works(name: str, built: Built, tmp_path: Path) -> None:
    with pytest.raises(OwlExportError, match=rf"{name}: .*\(\.owl, \.rdf, \.xml\).*\(\.ttl\)"):
        write_owl(built.graph_file, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_file_without_the_ontology_is_refused(tmp_path: Path) -> None:
    graph_file = tmp_path / "other.nq"
    graph_file.write_text(
        "<http://example.org/a> <http://example.org/b> <http://example.org/c> .\n"
    )
    with pytest.raises(OwlExportError, match=r"declares no ontology .*`metalocal build`"):
        write_owl(graph_file, tmp_path / "a.owl")


def test_a_failed_export_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    old, graph_file = tmp_path / "a.owl", tmp_path / "broken.nq"
    old.write_text("old")
    graph_file.write_text("this is no N-Quads\n")
    with pytest.raises(SyntaxError):
        write_owl(graph_file, old)
    assert old.read_text() == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"a.owl", "broken.nq"}


def test_each_population_individual_leads_to_its_class_by_annotation(
    whole: set[ox.Triple],
) -> None:
    classes = {t.object for t in whole if t.predicate == node(ML.criteriaClass)}
    assert classes
    kind = node(RDF.type)
    assert {ox.Triple(one, kind, node(OWL.Class)) for one in classes} <= whole
    assert ox.Triple(node(ML.criteriaClass), kind, node(OWL.AnnotationProperty)) in whole


def test_the_small_file_holds_the_classes_and_no_study(built: Built, tmp_path: Path) -> None:
    write_owl(built.graph_file, tmp_path / "small.ttl", part=CLASSES)
    graph = Graph().parse(tmp_path / "small.ttl")
    assert {str(cls) for cls in built.classes.values()} <= {
        str(cls) for cls in graph.subjects(RDF.type, OWL.Class)
    }
    assert not list(graph.subjects(RDF.type, ML.Study))
    assert not list(graph.subjects(RDF.type, ML.Report))
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [URIRef(ONTOLOGY)]
