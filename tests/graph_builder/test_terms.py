from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from graph_builder.problems import Place, ProblemsFoundError
from graph_builder.terms import Terms, as_one_ontology, read_ontology
from graph_builder.vocabulary import ML, ONTOLOGY

KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}


@pytest.mark.parametrize("name", sorted(ML.__annotations__))
def test_each_name_the_code_uses_is_a_class_or_property_of_the_ontology(
    name: str, terms: Terms
) -> None:
    kinds = set(terms.graph.objects(URIRef(f"{ONTOLOGY}/{name}"), RDF.type)) & KINDS
    is_class = OWL.Class in kinds
    assert kinds
    assert is_class == name[0].isupper()


def test_a_name_that_the_vocabulary_does_not_list_raises() -> None:
    with pytest.raises(AttributeError, match="overalSurvival"):
        _ = ML.overalSurvival


def test_each_name_in_rules_and_shapes_is_declared(ontology: Path, terms: Terms) -> None:
    declared = {str(node) for node in terms.graph.subjects(RDF.type)}
    for path in [ontology / "shapes.ttl", *(ontology / "rules").glob("*.rq")]:
        text = re.sub(r"^\s*#.*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
        names = set(re.findall(r"\bml:(\w+)", text))
        assert names
        assert not {n for n in names if f"{ONTOLOGY}/{n}" not in declared}, path.name


def test_a_missing_module_is_told_by_its_file(tmp_path: Path, ontology: Path) -> None:
    folder = tmp_path / "ontology"
    shutil.copytree(ontology, folder)
    (folder / "codes.ttl").unlink()
    with pytest.raises(ProblemsFoundError) as raised:
        read_ontology(folder)
    [problem] = raised.value.problems
    assert (problem.place, problem.rule) == (Place("ontology/codes.ttl"), "ontology-module")
    assert problem.message == "this module is missing"


def test_what_is_no_turtle_is_told_by_its_line(tmp_path: Path, ontology: Path) -> None:
    folder = tmp_path / "ontology"
    shutil.copytree(ontology, folder)
    (folder / "metalocal.ttl").write_text(
        "@prefix ex: <http://example.org/> .\nex:a ex:b ex:c\nex:d ex:e ] .\n"
    )
    with pytest.raises(ProblemsFoundError) as raised:
        read_ontology(folder)
    [problem] = raised.value.problems
    assert (problem.place.file, problem.rule) == ("ontology/metalocal.ttl", "turtle-syntax")
    assert problem.place.line in (2, 3)
    assert "this is not Turtle" in problem.message


def test_the_modules_become_one_ontology_that_imports_nothing(terms: Terms) -> None:
    whole: Graph = as_one_ontology(terms.graph)
    assert set(whole.subjects(RDF.type, OWL.Ontology)) == {URIRef(ONTOLOGY)}
    assert (None, OWL.imports, None) not in whole


def test_each_code_belongs_to_one_class_and_has_a_label(terms: Terms) -> None:
    words = [word for members in terms.codes.values() for word in members]
    assert len(words) == len(set(words))
    assert all(terms.labels[word] for word in words)


def test_each_attribute_a_study_file_may_ask_for_is_labelled(terms: Terms) -> None:
    for attribute in terms.attributes.values():
        assert terms.graph.value(URIRef(f"{ONTOLOGY}/{attribute.key}"), RDFS.label)
        assert attribute.question
