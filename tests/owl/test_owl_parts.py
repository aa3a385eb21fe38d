"""Parts of the OWL export, as a person opens them: schema, one question, the folder of modules."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from graph_builder.vocabulary import ID, ML, ONTOLOGY, code, thing
from metalocal.owl import OwlExportError, write_folder, write_owl
from metalocal.owl_parts import SCHEMA, Part, UnknownQuestionError

if TYPE_CHECKING:
    from conftest import Built

    from graph_builder.owl_api import LoadedFile

HOUSE = Path(__file__).parents[2]
QUESTION = "local_therapy_of_primary"


def named(graph: Graph, kind: URIRef) -> set[str]:
    return {str(s) for s in graph.subjects(RDF.type, kind) if isinstance(s, URIRef)}


# The schema: the terms and nothing generated.


@pytest.fixture(scope="module")
def schema(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    path = tmp_path_factory.mktemp("schema") / "schema.ttl"
    write_owl(built.graph_file, path, part=SCHEMA)
    return Graph().parse(path)


def test_the_schema_holds_the_terms_and_nothing_of_a_study(schema: Graph) -> None:
    assert named(schema, OWL.Class) >= {str(ML.Study), str(ML.Profile), str(ML.Estimate)}
    assert {iri for iri in named(schema, OWL.Class) if iri.startswith(ID)} == set()
    of_data = tuple(str(thing(word)) for word in ("study", "guidance", "model", "source"))
    individuals = named(schema, OWL.NamedIndividual)
    assert individuals
    assert {iri for iri in individuals if iri.startswith(of_data)} == set()


# One question: its studies, and all that is not of another question.


@pytest.fixture(scope="module")
def primary(question_file: Path) -> Graph:
    return Graph().parse(question_file, format="xml")


@pytest.fixture(scope="module")
def loaded(java: None, question_file: Path) -> LoadedFile:
    from graph_builder.owl_api import LoadedFile

    return LoadedFile(question_file.read_bytes())


@pytest.fixture(scope="module")
def whole(rdf_xml: Path) -> Graph:
    return Graph().parse(rdf_xml, format="xml")


def test_a_question_keeps_to_owl_2_dl_and_is_consistent(loaded: LoadedFile) -> None:
    assert loaded.violations() == []
    assert loaded.reasoner().isConsistent()


def test_everything_of_a_question_is_declared_and_labelled(loaded: LoadedFile) -> None:
    assert loaded.undeclared() == []
    assert loaded.not_labelled_once() == []
    assert loaded.anonymous() == []
    assert loaded.lost() == []


def test_a_question_holds_its_studies_and_no_other(primary: Graph, whole: Graph) -> None:
    wanted = {str(s) for s in whole.subjects(ML.question, code(QUESTION))}
    wanted &= named(whole, ML.Study)
    assert named(primary, ML.Study) == wanted
    assert wanted < named(whole, ML.Study)
    folders = {iri[len(ID) :].split("/")[1] for iri in map(str, primary.subjects()) if _study(iri)}
    assert folders == {iri.rpartition("/")[2] for iri in wanted}


def _study(iri: str) -> bool:
    return iri.startswith(str(thing("study", "")))


def test_a_question_holds_all_decision_models(primary: Graph, whole: Graph) -> None:
    assert named(primary, ML.DecisionModel) == named(whole, ML.DecisionModel)
    assert named(primary, ML.ModelGroup) == named(whole, ML.ModelGroup) != set()


def test_a_study_of_a_question_is_as_complete_as_in_the_whole(primary: Graph, whole: Graph) -> None:
    study = str(thing("study", "mf07-01"))

    def told(graph: Graph) -> set[tuple[str, ...]]:
        triples = ((str(s), str(p), o) for s, p, o in graph if str(s).startswith(study))
        return {(s, p, str(o)) for s, p, o in triples if isinstance(o, URIRef) or _literal(o)}

    def _literal(node: object) -> bool:
        return hasattr(node, "datatype")

    assert told(primary) == told(whole)
    assert len(told(whole)) > 1000


def test_nothing_of_a_question_leads_to_what_is_left_out(primary: Graph) -> None:
    ours = {str(o) for o in primary.objects() if str(o).startswith(ID) and isinstance(o, URIRef)}
    declared = named(primary, OWL.Class) | named(primary, OWL.NamedIndividual)
    assert len(ours) > 1000
    assert ours - declared - {str(p) for p in named(primary, OWL.DatatypeProperty)} == set()


def test_every_group_of_a_question_stands_below_another_class(primary: Graph) -> None:
    groups = set(primary.objects(None, ML.criteriaClass)) - {ML.Profile}
    assert len(groups) > 100
    for cls in groups:
        above = [o for o in primary.objects(cls, RDFS.subClassOf) if isinstance(o, URIRef)]
        assert above, cls
        assert (above[0], RDF.type, OWL.Class) in primary


def test_a_question_asked_by_nobody_names_the_nearest(built: Built, tmp_path: Path) -> None:
    with pytest.raises(UnknownQuestionError, match=f"Did you mean {QUESTION}?") as told:
        write_owl(
            built.graph_file, tmp_path / "a.owl", part=Part(question="local_therapy_of_primry")
        )
    assert told.value.exit_code == 2
    assert not list(tmp_path.iterdir())


def test_a_question_like_none_lists_all_there_are(built: Built, tmp_path: Path) -> None:
    with pytest.raises(UnknownQuestionError) as told:
        write_owl(built.graph_file, tmp_path / "a.owl", part=Part(question="xyz"))
    assert "Did you mean" not in str(told.value)
    assert f"{QUESTION}, " in str(told.value)


# The folder of modules.


@pytest.fixture(scope="module")
def folder(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("folder") / "modules"
    write_folder(built.graph_file, HOUSE / "ontology", path)
    return path


def catalog(folder: Path) -> dict[str, str]:
    """Ontology IRI to file, as the catalog tells."""
    text = (folder / "catalog-v001.xml").read_text("utf-8")
    return dict(re.findall(r'<uri name="([^"]+)" uri="([^"]+)"/>', text))


@pytest.fixture(scope="module")
def opened(java: None, folder: Path) -> Any:
    """The root module as the OWL API loads it, its imports found by the catalog."""
    from graph_builder.owl_api import java, java_class

    iri = java("owlapi.model.IRI")
    manager = java("owlapi.apibinding.OWLManager").createOWLOntologyManager()
    for ontology, file in catalog(folder).items():
        place = iri.create((folder / file).as_uri())
        manager.addIRIMapper(java("owlapi.util.SimpleIRIMapper")(iri.create(ontology), place))
    root = java_class("java.io.File")(str(folder / "metalocal-all.ttl"))
    return manager.loadOntologyFromOntologyDocument(root)


def test_the_catalog_names_every_module_by_its_own_iri(folder: Path) -> None:
    found = catalog(folder)
    assert set(found.values()) == {path.name for path in folder.glob("*.ttl")}
    for iri, file in found.items():
        graph = Graph().parse(folder / file)
        assert list(graph.subjects(RDF.type, OWL.Ontology)) == [URIRef(iri)]


def test_the_root_imports_the_hand_written_root_and_every_generated_module(folder: Path) -> None:
    root = Graph().parse(folder / "metalocal-all.ttl")
    own = {f"{ONTOLOGY}/module/{path.stem}" for path in (HOUSE / "ontology").glob("*.ttl")}
    generated = catalog(folder).keys() - own - {f"{ONTOLOGY}/module/all", ONTOLOGY}
    assert {str(o) for o in root.objects(None, OWL.imports)} == generated | {ONTOLOGY}
    assert len(generated) == 10


def test_the_hand_written_modules_are_copied_byte_for_byte(folder: Path) -> None:
    for name in ("metalocal", "core", "attributes", "codes"):
        original = HOUSE / "ontology" / f"{name}.ttl"
        assert (folder / original.name).read_bytes() == original.read_bytes()


def test_the_modules_together_say_what_the_whole_file_says(opened: Any, rdf_xml: Path) -> None:
    """Axioms with all annotations of terms and things; the headers are those of the modules."""
    from graph_builder.owl_api import LoadedFile

    whole = LoadedFile(rdf_xml.read_bytes()).ontology
    modules = opened.getImportsClosure()
    axioms = {axiom.toString() for module in modules for axiom in module.getAxioms()}
    assert axioms == {axiom.toString() for axiom in whole.getAxioms()}
    assert len(axioms) > 100_000


def test_every_module_is_found_and_keeps_to_owl_2_dl(opened: Any, folder: Path) -> None:
    from graph_builder.owl_api import java

    found = {str(one.getOntologyID().getOntologyIRI()) for one in opened.getImportsClosure()}
    assert found == catalog(folder).keys()
    report = java("owlapi.profiles.OWL2DLProfile")().checkOntology(opened)
    assert [str(violation) for violation in report.getViolations()] == []


def test_every_module_imports_what_declares_the_terms_it_uses(opened: Any) -> None:
    for module in opened.getImportsClosure():
        closure = list(module.getImportsClosure())
        for entity in module.getSignature():
            known = entity.isBuiltIn() or any(one.isDeclared(entity) for one in closure)
            assert known or entity.isOWLNamedIndividual(), (str(module.getOntologyID()), entity)


def test_no_name_in_the_modules_needs_an_escape(folder: Path) -> None:
    escaped = re.compile(r"^\s*\S*:\S*\\/", re.MULTILINE)
    for path in folder.glob("*.ttl"):
        assert not escaped.search(path.read_text("utf-8")), path.name


def test_writing_the_folder_again_gives_the_same_bytes(
    built: Built, folder: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    shutil.copytree(folder, again)
    (again / "old-module.ttl").write_text("", "utf-8")
    names = write_folder(built.graph_file, HOUSE / "ontology", again)
    assert names == sorted(path.name for path in again.iterdir())
    assert {p.name: p.read_bytes() for p in again.iterdir()} == {
        p.name: p.read_bytes() for p in folder.iterdir()
    }


def test_a_folder_with_other_files_is_refused_and_left_alone(built: Built, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", "utf-8")
    with pytest.raises(OwlExportError, match=r"other files and no catalog-v001\.xml"):
        write_folder(built.graph_file, HOUSE / "ontology", tmp_path)
    assert {p.name: p.read_text("utf-8") for p in tmp_path.iterdir()} == {"letter.txt": "dear"}
