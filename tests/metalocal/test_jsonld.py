"""JSON-LD says what the built graph says, no more and no less."""

from __future__ import annotations

import json
import os
import random
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from little import (
    HEADER,
    OF_STUDY,
    RDFLIB_WARNS,
    canonical,
    quads_of,
    read_by_oxigraph,
    read_by_rdflib,
    study,
    things,
)

from metalocal.context import OWL, PREFIXES, Context, context_of
from metalocal.dumps import DumpError, verified_quads
from metalocal.jsonld import GraphWriter, dataset_document, write_context, write_jsonld
from metalocal.locations import locations

TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


@pytest.fixture(scope="module")
def whole(graph_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("jsonld") / "metalocal.jsonld"
    write_jsonld(graph_file, out)
    return out


@pytest.fixture(scope="module")
def mf0701(graph_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("jsonld") / "mf07-01.jsonld"
    write_jsonld(graph_file, out, ["mf07-01"])
    return out


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a reader of the document went to the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@RDFLIB_WARNS
@pytest.mark.usefixtures("no_network")
def test_rdflib_reads_the_dataset_back(graph_file: Path, whole: Path, tmp_path: Path) -> None:
    document = json.loads(whole.read_text("utf-8"))
    if not os.environ.get("METALOCAL_SLOW"):  # every sixth named graph, and the classes of groups
        graphs = document["@graph"]
        document["@graph"] = [
            each for n, each in enumerate(graphs) if n % 6 == 0 or "populations" in each["id"]
        ]
    (tmp_path / "some.jsonld").write_text(json.dumps(document))
    names = names_in(document)
    assert read_by_rdflib(tmp_path / "some.jsonld") == canonical(
        quad for quad in of_file(graph_file) if quad.graph_name.value in names
    )


def test_oxigraph_reads_the_whole_dataset_back(graph_file: Path, whole: Path) -> None:
    assert read_by_oxigraph(whole) == canonical(of_file(graph_file))


def of_file(graph_file: Path) -> Iterable[ox.Quad]:
    return ox.parse(path=graph_file, format=ox.RdfFormat.N_QUADS)


def names_in(document: dict[str, Any]) -> list[str]:
    return sorted(each["id"].replace("mlid:", PREFIXES["mlid"]) for each in document["@graph"])


def test_each_named_graph_is_one_object_of_the_document(graph_file: Path, whole: Path) -> None:
    written = json.loads(whole.read_text("utf-8"))
    assert list(written) == ["@context", "@graph"]
    assert names_in(written) == sorted({q.graph_name.value for q in verified_quads(graph_file)})


def test_the_context_stands_in_the_document_and_names_no_other(whole: Path) -> None:
    context = json.loads(whole.read_text("utf-8"))["@context"]
    assert isinstance(context, dict)
    assert "@import" not in json.dumps(context)


def expected_triples(graph_file: Path, studies: Iterable[str]) -> set[ox.Triple]:
    """What the trees must hold, found by another way than the writer's.

    SPARQL tells which things; their triples are taken from the file, since the store writes
    decimals anew (0.30 as 0.3).
    """
    store = ox.Store()
    store.bulk_load(path=graph_file, format=ox.RdfFormat.N_QUADS)
    wanted = set()
    for name in studies:
        study_graph = ox.NamedNode(f"{PREFIXES['mlid']}graph/study/{name}")
        found = store.query(HEADER + OF_STUDY, substitutions={ox.Variable("study"): study_graph})
        assert isinstance(found, ox.QuerySolutions)
        wanted |= {(row["graph"], row["thing"]) for row in found}
    quads = verified_quads(graph_file)
    return {quad.triple for quad in quads if (quad.graph_name, quad.subject) in wanted}


@RDFLIB_WARNS
@pytest.mark.usefixtures("no_network")
def test_rdflib_reads_the_tree_of_a_study_back(graph_file: Path, mf0701: Path) -> None:
    quads = [ox.Quad(*triple) for triple in expected_triples(graph_file, ["mf07-01"])]
    assert read_by_rdflib(mf0701) == canonical(quads)


def test_the_trees_of_many_studies_together_are_read_back(graph_file: Path, tmp_path: Path) -> None:
    start = f"{PREFIXES['mlid']}graph/study/"
    graphs = {quad.graph_name.value for quad in verified_quads(graph_file)}
    studies = sorted(name.removeprefix(start) for name in graphs if name.startswith(start))
    if not os.environ.get("METALOCAL_SLOW"):
        studies = studies[::6]
    write_jsonld(graph_file, tmp_path / "all.jsonld", studies)
    written = json.loads((tmp_path / "all.jsonld").read_text("utf-8"))
    assert list(written) == ["@context", "studies", "sources"]
    assert [s["id"] for s in written["studies"]] == [f"mlid:study/{s}" for s in studies]
    quads = [ox.Quad(*triple) for triple in expected_triples(graph_file, studies)]
    assert read_by_oxigraph(tmp_path / "all.jsonld") == canonical(quads)


def test_a_developer_finds_a_number_of_a_study_with_its_line(mf0701: Path) -> None:
    written = json.loads(mf0701.read_text("utf-8"))
    (mf,) = written["studies"]
    assert {"arms", "populations", "estimates", "facts", "statements", "reports"} <= set(mf)
    (estimate,) = [e for e in mf["estimates"] if e["id"].endswith("/estimate/os-hr")]
    assert (estimate["outcome"], estimate["measure"]) == ("overall_survival", "hazard_ratio")
    (report,) = estimate["reports"]
    assert (report["value"], report["printedValue"], report["line"]) == ("0.66", "0.66", 85)
    assert report["reportedIn"] == {"id": "mlid:source/ueno-2022", "label": "Ueno 2022"}
    sources = {source["id"]: source for source in written["sources"]}
    assert sources["mlid:source/ueno-2022"]["yearOfPublication"] == 2022


def test_a_derived_direction_never_stands_beside_a_reported_number(mf0701: Path) -> None:
    (mf,) = json.loads(mf0701.read_text("utf-8"))["studies"]
    (estimate,) = [e for e in mf["estimates"] if e["id"].endswith("/estimate/os-hr")]
    (report,) = estimate["reports"]
    assert "effectDirection" not in report
    (derivation,) = report["derivations"]
    assert derivation["effectDirection"] == "favours_intervention"
    assert derivation["byRule"] == "effect_direction_of_ratios"
    assert derivation["because"].startswith("95% interval 0.49 to 0.88 lies below 1")


def test_two_studies_share_one_document(graph_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "two.json"
    write_jsonld(graph_file, out, ["tata", "mf07-01"])
    studies = json.loads(out.read_text("utf-8"))["studies"]
    assert [s["id"] for s in studies] == ["mlid:study/mf07-01", "mlid:study/tata"]


def test_an_unknown_study_is_told_with_near_ones(graph_file: Path, tmp_path: Path) -> None:
    with pytest.raises(DumpError, match=r"no study mf07-1; did you mean mf07-01") as told:
        write_jsonld(graph_file, tmp_path / "x.jsonld", ["mf07-1"])
    assert told.value.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_the_order_of_the_quads_changes_nothing(graph_file: Path, whole: Path) -> None:
    quads = verified_quads(graph_file)
    random.Random(7).shuffle(quads)
    text = json.dumps(dataset_document(quads, context_of(quads)), ensure_ascii=False, indent=1)
    assert text + "\n" == whole.read_text("utf-8")


@pytest.mark.parametrize("printed", ["0.70", "1.0", "12", "100.00", "0.005"])
def test_a_decimal_keeps_its_printed_digits(printed: str) -> None:
    (thing,) = things(study(f'mlid:x ml:value "{printed}"^^xsd:decimal'))
    assert thing == {"id": "mlid:x", "value": printed}


def test_a_value_of_another_type_than_the_ontology_says_keeps_its_type() -> None:
    (thing,) = things(study('mlid:x ml:value "0.7"^^xsd:double ; ml:place "ici"@fr'))
    assert thing["value"] == {"@value": "0.7", "@type": "xsd:double"}
    assert thing["place"] == [{"@value": "ici", "@language": "fr"}]


@pytest.mark.parametrize(("printed", "read"), [("85", 85), ("-3", -3), ("085", "085")])
def test_an_integer_is_a_json_number_where_it_is_written_plainly(
    printed: str, read: object
) -> None:
    (thing,) = things(study(f'mlid:x ml:line "{printed}"^^xsd:integer'))
    assert thing["line"] == read


def test_an_integer_too_large_for_some_readers_stays_text() -> None:
    (thing,) = things(study(f'mlid:x ml:line "{2**60}"^^xsd:integer'))
    assert thing["line"] == str(2**60)


def test_a_code_named_like_a_key_is_told_apart_from_it() -> None:
    (thing,) = things(study("mlid:x ml:outcome ml:estimates"))
    assert thing["outcome"] == "ml:estimates"
    (other,) = things(study("mlid:x ml:outcome ml:pain"))
    assert other["outcome"] == "pain"


def test_a_plural_that_the_ontology_uses_otherwise_is_not_taken_as_key() -> None:
    context = context_of(quads_of("")).document
    assert context["estimates"]["@id"] == "ml:hasEstimate"
    assert context["hasArm"]["@id"] == "ml:hasArm"
    assert context["arms"]["@id"] == "ml:arms"


def test_a_note_given_twice_somewhere_is_a_list_everywhere() -> None:
    once, twice = things(
        study('mlid:a ml:note "one"@en . mlid:b ml:note "one"@en , "two"@en')
    )  # fmt: skip
    assert (once["note"], twice["note"]) == (["one"], ["one", "two"])


@pytest.mark.parametrize(
    "text",
    [
        "mlid:x owl:members ( mlid:a mlid:b )",
        "mlid:x owl:members ( ( 'a' 1 ) () )",
        "mlid:x owl:members ( [ ml:place 'inner' ] )",
        "_:a ml:arms _:b . _:b ml:arms _:a",
        "_:a ml:arms _:a",
        "mlid:x ml:arms _:a . mlid:y ml:arms _:a . _:a ml:place 'shared'",
        "mlid:x ml:arms _:nowhere",
        "mlid:x owl:members _:l . _:l rdf:first 1 , 2 ; rdf:rest rdf:nil",
        "mlid:x owl:members _:l . _:l rdf:first 1 ; rdf:rest _:l",
        "mlid:x owl:members _:l . mlid:y owl:members _:l . _:l rdf:first 1 ; rdf:rest rdf:nil",
        "mlid:x ml:hasEstimate mlid:y . mlid:y ml:hasEstimate mlid:x",
        "mlid:x ml:hasEstimate mlid:z . mlid:y ml:hasEstimate mlid:z . mlid:z ml:place 'p'",
        "mlid:x a [ a owl:Class ] , ml:Study",
        "mlid:x ml:place '@id', 'http://a/', 'mlid:x'",
        "<http://a//b> ml:outcome <https://w3id.org/metalocal/ontology/a:b>",
        "<https://w3id.org/metalocal/id///b> ml:hasEstimate <urn:x>",
    ],
)
def test_odd_graphs_are_read_back_as_they_were(text: str) -> None:
    assert things(study(text)) != []


def test_a_thing_stands_in_the_thing_it_is_part_of() -> None:
    (thing,) = things(study("mlid:x ml:hasEstimate mlid:y . mlid:y ml:place 'p'"))
    assert thing["estimates"] == [{"id": "mlid:y", "place": ["p"]}]


def test_what_is_neither_study_nor_source_is_kept_under_its_own_key() -> None:
    quads = study("mlid:x ml:place 'p'")
    of_study = [quad.triple for quad in quads if quad.graph_name.value.endswith("little")]
    (root,) = GraphWriter(of_study, context_of(quads), as_tree=True).roots_by_section()
    assert root.section == "others"


# the context


@pytest.fixture(scope="module")
def context(graph_file: Path) -> Context:
    return context_of(verified_quads(graph_file))


def test_every_property_the_ontology_declares_has_one_key(
    graph_file: Path, context: Context
) -> None:
    kinds = {ox.NamedNode(f"{OWL}{kind}Property") for kind in ("Object", "Datatype", "Annotation")}
    declared = {
        quad.subject.value
        for quad in verified_quads(graph_file)
        if quad.predicate == TYPE and quad.object in kinds
    }
    assert declared <= set(context.terms)
    keys = [term.key for term in context.terms.values()]
    assert sorted(keys) == sorted(set(keys))


def test_the_range_of_a_property_is_the_type_of_its_key(context: Context) -> None:
    entries = context.document
    assert entries["value"] == {"@id": "ml:value", "@type": "xsd:decimal"}
    assert entries["outcome"] == {"@id": "ml:outcome", "@type": "@vocab"}
    assert entries["arm"] == {"@id": "ml:arm", "@type": "@id"}
    assert entries["wording"] == {"@id": "ml:wording", "@language": "en"}
    assert entries["place"] == {"@id": "ml:place"}
    assert entries["criteria"]["@container"] == "@set"


def test_the_context_file_is_the_one_of_the_ontology(graph_file: Path, tmp_path: Path) -> None:
    write_context(graph_file, tmp_path / "context.jsonld")
    committed = locations().ontology / "context.jsonld"
    mend = "metalocal export jsonld --context ontology/context.jsonld"
    assert (tmp_path / "context.jsonld").read_text("utf-8") == committed.read_text("utf-8"), mend
