"""The OWL file as a file: formats, contents, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, Graph, URIRef

from graph_builder.vocabulary import ML, ONTOLOGY, thing
from metalocal.owl import OwlExportError, write_owl
from metalocal.owl_parts import CLASSES

if TYPE_CHECKING:
    from conftest import Built

FORMATS = {".owl": ox.RdfFormat.RDF_XML, ".ttl": ox.RdfFormat.TURTLE}


def canonical(path: Path) -> ox.Dataset:
    dataset = ox.Dataset(ox.parse(path=path, format=FORMATS[path.suffix]))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def test_turtle_and_rdf_xml_hold_the_same_graph(built: Built, tmp_path: Path) -> None:
    for name in ("a.owl", "a.ttl"):
        write_owl(built.graph_file, tmp_path / name)
    assert canonical(tmp_path / "a.owl") == canonical(tmp_path / "a.ttl")


def test_every_asserted_and_derived_triple_is_in_the_file(built: Built, rdf_xml: Path) -> None:
    left_out = {str(thing("graph", name)) for name in ("void", "examples")}
    quads = ox.parse(path=built.graph_file, format=ox.RdfFormat.N_QUADS)
    expected = ox.Dataset(
        ox.Quad(q.subject, q.predicate, q.object)
        for q in quads
        if q.graph_name.value not in left_out
    )
    expected.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert canonical(rdf_xml) == expected


def test_rdflib_reads_the_file_and_counts_what_was_written(built: Built, tmp_path: Path) -> None:
    written = write_owl(built.graph_file, tmp_path / "a.owl")
    assert len(Graph().parse(tmp_path / "a.owl", format="xml")) == written


def test_the_file_has_one_header_with_a_version_and_imports_nothing(rdf_xml: Path) -> None:
    graph = Graph().parse(rdf_xml, format="xml")
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [URIRef(ONTOLOGY)]
    assert len(list(graph.objects(URIRef(ONTOLOGY), OWL.versionIRI))) == 1
    assert not list(graph.triples((None, OWL.imports, None)))


def test_a_version_given_replaces_the_one_in_the_header(built: Built, tmp_path: Path) -> None:
    write_owl(built.graph_file, tmp_path / "a.ttl", version="9.8.7")
    graph = Graph().parse(tmp_path / "a.ttl")
    assert list(graph.objects(URIRef(ONTOLOGY), OWL.versionIRI)) == [URIRef(f"{ONTOLOGY}/9.8.7")]
    assert [str(v) for v in graph.objects(URIRef(ONTOLOGY), OWL.versionInfo)] == ["9.8.7"]


def test_the_size_of_the_dataset_is_not_told_as_part_of_the_ontology(rdf_xml: Path) -> None:
    subjects = set(map(str, Graph().parse(rdf_xml, format="xml").subjects()))
    assert not any(iri.startswith(str(thing("dataset", ""))) for iri in subjects)


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


def test_each_population_individual_leads_to_its_class_by_annotation(rdf_xml: Path) -> None:
    graph = Graph().parse(rdf_xml, format="xml")
    pairs = list(graph.subject_objects(ML.criteriaClass))
    assert pairs
    assert all((cls, RDF.type, OWL.Class) in graph for _, cls in pairs)
    assert (ML.criteriaClass, RDF.type, OWL.AnnotationProperty) in graph


def test_the_small_file_holds_the_classes_and_no_study(built: Built, tmp_path: Path) -> None:
    write_owl(built.graph_file, tmp_path / "small.ttl", part=CLASSES)
    graph = Graph().parse(tmp_path / "small.ttl")
    assert {str(cls) for cls in built.classes.values()} <= {
        str(cls) for cls in graph.subjects(RDF.type, OWL.Class)
    }
    assert not list(graph.subjects(RDF.type, ML.Study))
    assert not list(graph.subjects(RDF.type, ML.Report))
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [URIRef(ONTOLOGY)]
