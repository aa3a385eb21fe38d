"""N-Quads, JSON-LD and SKOS say what the built graph says, no more and no less."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import Dataset, Graph, URIRef

from graph_builder.problems import ToldError
from metalocal.cli import main
from metalocal.context import OWL, PREFIXES, Context, context_of
from metalocal.dumps import BrokenBuildError, DumpError, verified_quads, write_nquads
from metalocal.jsonld import GraphWriter, dataset_document, write_context, write_jsonld
from metalocal.locations import locations
from metalocal.skos import SkosError, skos_triples, write_skos

HEADER = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
RDFLIB_WARNS = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"  # of its own use in reading JSON-LD
)
OF_STUDY = """
SELECT DISTINCT ?study ?graph ?thing WHERE {
  { GRAPH ?study { ?thing ?p ?o } BIND(?study AS ?graph) }
  UNION {
    GRAPH ?study { ?thing a ml:Report }
    GRAPH ?graph { ?thing ml:reportedIn ?source }
  } UNION {
    GRAPH ?study { ?report a ml:Report }
    GRAPH mlid:graph\\/provenance { ?report ml:reportedIn ?thing }
    GRAPH ?graph { ?thing a ml:Source }
  } UNION {
    GRAPH ?study { ?report a ml:Report }
    GRAPH ?graph { ?thing a ml:Derivation ; ml:ofReport ?report }
  }
}"""
LITTLE = (
    HEADER.replace("PREFIX", "@prefix").replace(">\n", "> .\n")
    + """
mlid:graph\\/ontology {
  ml:value a owl:DatatypeProperty , owl:FunctionalProperty ; rdfs:range xsd:decimal .
  ml:line a owl:DatatypeProperty , owl:FunctionalProperty ; rdfs:range xsd:integer .
  ml:place a owl:DatatypeProperty ; rdfs:range xsd:string .
  ml:note a owl:AnnotationProperty ; rdfs:label "note"@en .
  ml:outcome a owl:ObjectProperty , owl:FunctionalProperty ; rdfs:range ml:Outcome .
  ml:hasEstimate a owl:ObjectProperty ; rdfs:range ml:Estimate .
  ml:hasArm a owl:ObjectProperty .
  ml:arms a owl:ObjectProperty .
  ml:Outcome rdfs:subClassOf ml:Code ; skos:definition "What happens."@en .
  ml:Intervention rdfs:subClassOf ml:Code .
  ml:pain a ml:Outcome ; rdfs:label "pain"@en .
  ml:toxicity a ml:Outcome ; rdfs:label "toxicity"@en .
  ml:neutropenia a ml:Outcome ; rdfs:label "neutropenia"@en .
  ml:surgery a ml:Intervention ; rdfs:label "surgery"@en .
  ml:estimates a ml:Outcome ; rdfs:label "estimates"@en .
  ml:age_mean a ml:BaselineCharacteristic ; rdfs:label "mean age"@en .
  ml:age a ml:BaselineCharacteristic ; rdfs:label "age"@en .
}
"""
)


def quads_of(text: str) -> list[ox.Quad]:
    return list(ox.parse(LITTLE + text, format=ox.RdfFormat.TRIG))


def study(text: str) -> list[ox.Quad]:
    return quads_of(f"mlid:graph\\/study\\/little {{ {text} }}")


def codes(text: str) -> list[ox.Quad]:
    return quads_of(f"mlid:graph\\/ontology {{ {text} }}")


def built(folder: Path, quads: Iterable[ox.Quad]) -> Path:
    """A built graph of these quads."""
    data = canonical(quads)
    (folder / "graph.nq").write_bytes(data)
    manifest = {"sha256": hashlib.sha256(data).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder / "graph.nq"


def canonical(quads: Iterable[ox.Quad]) -> bytes:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    data = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b""
    return b"".join(sorted(data.splitlines(keepends=True)))


def read_by_rdflib(path: Path) -> bytes:
    dataset = Dataset()
    dataset.parse(path, format="json-ld")
    data = dataset.serialize(format="nquads", encoding="utf-8")
    return canonical(ox.parse(data, format=ox.RdfFormat.N_QUADS))


def read_by_oxigraph(path: Path) -> bytes:
    return canonical(ox.parse(path=str(path), format=ox.RdfFormat.JSON_LD))


def document(quads: list[ox.Quad]) -> Any:
    """The JSON-LD of a little dataset, once it has been read back whole."""
    written = dataset_document(quads, context_of(quads))
    text = json.dumps(written)
    assert canonical(ox.parse(text, format=ox.RdfFormat.JSON_LD)) == canonical(quads)
    return json.loads(text)


def things(quads: list[ox.Quad]) -> list[Any]:
    """The objects of the little study graph."""
    (found,) = [g for g in document(quads)["@graph"] if g["id"] == "mlid:graph/study/little"]
    return list(found["@graph"])


# a build that is broken


def test_a_graph_other_than_its_manifest_describes_is_told(tmp_path: Path) -> None:
    graph = built(tmp_path, study("mlid:x ml:place 'here'"))
    graph.write_bytes(graph.read_bytes().replace(b"here", b"gone"))
    with pytest.raises(BrokenBuildError, match=r"graph\.nq: sha256 is .* manifest\.json states"):
        write_nquads(graph, tmp_path / "out.nq")
    assert not (tmp_path / "out.nq").exists()


@pytest.mark.parametrize("missing", ["graph.nq", "manifest.json"])
def test_a_build_with_a_file_missing_is_told(tmp_path: Path, missing: str) -> None:
    graph = built(tmp_path, study("mlid:x ml:place 'here'"))
    (tmp_path / missing).unlink()
    with pytest.raises(BrokenBuildError, match=rf"{missing}.*No such file.*metalocal build"):
        write_jsonld(graph, tmp_path / "out.jsonld")


@pytest.mark.parametrize("manifest", ["{", "{}", "[]"])
def test_a_manifest_without_a_hash_is_told(tmp_path: Path, manifest: str) -> None:
    graph = built(tmp_path, study("mlid:x ml:place 'here'"))
    (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(BrokenBuildError, match="states no sha256"):
        write_skos(graph, tmp_path / "out.ttl")


def test_a_broken_build_leaves_the_old_file(tmp_path: Path) -> None:
    graph = built(tmp_path, study("mlid:x ml:place 'here'"))
    (tmp_path / "manifest.json").unlink()
    out = tmp_path / "out.nq"
    out.write_text("old", encoding="utf-8")
    with pytest.raises(BrokenBuildError):
        write_nquads(graph, out)
    assert out.read_text("utf-8") == "old"


@pytest.mark.parametrize(
    ("write", "name"),
    [(write_nquads, "x.nt"), (write_nquads, "x.gz"), (write_jsonld, "x.ttl"), (write_skos, "x.nq")],
)
def test_an_unknown_ending_is_refused(
    graph_file: Path, tmp_path: Path, write: Callable[[Path, Path], int], name: str
) -> None:
    with pytest.raises(DumpError, match=f"cannot write {name}"):
        write(graph_file, tmp_path / name)


# N-Quads


def test_nquads_are_the_graph_as_built(graph_file: Path, tmp_path: Path) -> None:
    count = write_nquads(graph_file, tmp_path / "out.nq")
    assert (tmp_path / "out.nq").read_bytes() == graph_file.read_bytes()
    assert count == len(graph_file.read_text("utf-8").splitlines())


def test_compressed_nquads_are_the_same_bytes_on_every_run(
    graph_file: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "one.nq.gz", tmp_path / "two.nq.gz"
    write_nquads(graph_file, first)
    write_nquads(graph_file, second)
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes()[4:8] == bytes(4)  # no time in the header
    assert gzip.decompress(first.read_bytes()) == graph_file.read_bytes()


# JSON-LD


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
def test_rdflib_reads_the_whole_dataset_back(graph_file: Path, whole: Path) -> None:
    assert read_by_rdflib(whole) == graph_file.read_bytes()


def test_oxigraph_reads_the_whole_dataset_back(graph_file: Path, whole: Path) -> None:
    assert read_by_oxigraph(whole) == graph_file.read_bytes()


def test_each_named_graph_is_one_object_of_the_document(graph_file: Path, whole: Path) -> None:
    written = json.loads(whole.read_text("utf-8"))
    assert list(written) == ["@context", "@graph"]
    names = {quad.graph_name.value for quad in verified_quads(graph_file)}
    found = [each["id"].replace("mlid:", PREFIXES["mlid"]) for each in written["@graph"]]
    assert sorted(found) == sorted(names)


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


def test_the_trees_of_all_studies_together_are_read_back(graph_file: Path, tmp_path: Path) -> None:
    start = f"{PREFIXES['mlid']}graph/study/"
    graphs = {quad.graph_name.value for quad in verified_quads(graph_file)}
    studies = sorted(name.removeprefix(start) for name in graphs if name.startswith(start))
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
    assert derivation["byRule"] == "effect-direction-of-ratios"


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
    declared = {q.subject.value for q in verified_quads(graph_file) if q.object in kinds}
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


# SKOS

BROKEN = {
    "S9: a scheme is no concept": "?x a skos:Concept, skos:ConceptScheme",
    "S13: a label is of one kind": (
        "?x skos:prefLabel|skos:altLabel|skos:hiddenLabel ?l . ?x ?p ?l . ?x ?q ?l . "
        "FILTER(?p != ?q) VALUES ?p { skos:prefLabel skos:altLabel skos:hiddenLabel } "
        "VALUES ?q { skos:prefLabel skos:altLabel skos:hiddenLabel }"
    ),
    "S14: one preferred label a language": (
        "?x skos:prefLabel ?l, ?m . FILTER(lang(?l) = lang(?m) && str(?l) != str(?m))"
    ),
    "S27: a related term is no broader one": (
        "?x skos:related ?y . ?x skos:broader+|^skos:broader+ ?y"
    ),
    "S46: an exact match is no broad or related one": (
        "?x skos:exactMatch ?y . ?x skos:broadMatch|skos:narrowMatch|skos:relatedMatch ?y"
    ),
    "no term is above itself": "?x skos:broader+ ?x",
    "every concept has a label": "?x a skos:Concept . MINUS { ?x skos:prefLabel ?l }",
    "every concept has one notation": (
        "?x a skos:Concept . { ?x skos:notation ?n, ?m . FILTER(?n != ?m) } "
        "UNION { FILTER NOT EXISTS { ?x skos:notation ?n } }"
    ),
    "narrower is the way back of broader": (
        "{ ?x skos:broader ?y MINUS { ?y skos:narrower ?x } } "
        "UNION { ?x skos:narrower ?y MINUS { ?y skos:broader ?x } }"
    ),
    "a term without a broader one is a top term of its scheme": (
        "?x a skos:Concept ; skos:inScheme ?s . FILTER NOT EXISTS { ?x skos:broader ?y } "
        "FILTER NOT EXISTS { ?s skos:hasTopConcept ?x . ?x skos:topConceptOf ?s }"
    ),
    "a top term has no broader one": "?x skos:topConceptOf ?s ; skos:broader ?y",
    "a broader term is of the same scheme": (
        "?x skos:broader ?y ; skos:inScheme ?s . FILTER NOT EXISTS { ?y skos:inScheme ?s }"
    ),
    "every scheme has title, licence and version": (
        "?x a skos:ConceptScheme . FILTER NOT EXISTS "
        "{ ?x dcterms:title ?t ; dcterms:license ?l ; dcterms:hasVersion ?v }"
    ),
}  # fmt: skip
BREAKS = {
    "S9: a scheme is no concept": "ml:pain a skos:Concept, skos:ConceptScheme",
    "S13: a label is of one kind": "ml:pain skos:prefLabel 'p'; skos:altLabel 'p'",
    "S14: one preferred label a language": "ml:pain skos:prefLabel 'p'@en, 'q'@en",
    "S27: a related term is no broader one": (
        "ml:pain skos:related ml:age; skos:broader ml:b . ml:b skos:broader ml:age"
    ),
    "S46: an exact match is no broad or related one": (
        "ml:pain skos:exactMatch <urn:x>; skos:broadMatch <urn:x>"
    ),
    "no term is above itself": "ml:pain skos:broader ml:b . ml:b skos:broader ml:pain",
    "every concept has a label": "ml:pain a skos:Concept",
    "every concept has one notation": "ml:pain a skos:Concept",
    "narrower is the way back of broader": "ml:pain skos:broader ml:b",
    "a term without a broader one is a top term of its scheme": (
        "ml:pain a skos:Concept; skos:inScheme mlid:s"
    ),
    "a top term has no broader one": "ml:pain skos:topConceptOf mlid:s; skos:broader ml:b",
    "a broader term is of the same scheme": "ml:pain skos:broader ml:b; skos:inScheme mlid:s",
    "every scheme has title, licence and version": "mlid:s a skos:ConceptScheme",
}


@pytest.fixture(scope="module")
def schemes(graph_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    out = tmp_path_factory.mktemp("skos") / "metalocal-skos.ttl"
    write_skos(graph_file, out)
    return Graph().parse(out)


@pytest.mark.parametrize("rule", BROKEN)
def test_the_concept_schemes_keep_the_integrity_conditions(schemes: Graph, rule: str) -> None:
    assert list(schemes.query(f"{HEADER} SELECT ?x WHERE {{ {BROKEN[rule]} }}")) == []


@pytest.mark.parametrize("rule", BROKEN)
def test_an_integrity_condition_finds_what_breaks_it(rule: str) -> None:
    prefixes = HEADER.replace("PREFIX", "@prefix").replace(">\n", "> .\n")
    graph = Graph().parse(data=f"{prefixes}{BREAKS[rule]} .", format="turtle")
    assert list(graph.query(f"{HEADER} SELECT ?x WHERE {{ {BROKEN[rule]} }}")) != []


def test_every_outcome_and_intervention_is_one_concept(graph_file: Path, schemes: Graph) -> None:
    kinds = {ox.NamedNode(f"{PREFIXES['ml']}{name}") for name in ("Outcome", "Intervention")}
    wanted = {q.subject.value for q in verified_quads(graph_file) if q.object in kinds
              and q.predicate.value.endswith("#type")}  # fmt: skip
    in_scheme = URIRef(f"{PREFIXES['skos']}inScheme")
    found = [
        str(code)
        for name in ("outcomes", "interventions")
        for code in schemes.subjects(in_scheme, URIRef(f"{PREFIXES['mlid']}scheme/{name}"))
    ]
    assert sorted(found) == sorted(wanted)


def test_the_view_gives_no_counts_of_use(schemes: Graph) -> None:
    known = tuple(PREFIXES[prefix] for prefix in ("skos", "dcterms", "rdf", "rdfs"))
    assert all(str(predicate).startswith(known) for predicate in schemes.predicates())


def names(triples: set[ox.Triple], predicate: str) -> set[tuple[str, str]]:
    """Pairs of local names that a SKOS property links."""
    iri = ox.NamedNode(PREFIXES["skos"] + predicate)
    return {
        (t.subject.value.split("/")[-1], t.object.value.split("/")[-1])
        for t in triples
        if t.predicate == iri
    }


def test_the_hierarchy_of_the_ontology_is_that_of_the_view() -> None:
    found = skos_triples(codes("ml:neutropenia skos:broader ml:toxicity"))
    assert names(found, "broader") == {("neutropenia", "toxicity")}
    assert names(found, "narrower") == {("toxicity", "neutropenia")}
    tops = {"pain", "toxicity", "estimates"}
    assert names(found, "hasTopConcept") == {("outcomes", top) for top in tops} | {
        ("interventions", "surgery")
    }


def test_baseline_characteristics_come_in_once_they_are_ordered() -> None:
    flat = skos_triples(codes(""))
    assert "baseline-characteristics" not in {scheme for _, scheme in names(flat, "inScheme")}
    ordered = skos_triples(codes("ml:age_mean skos:broader ml:age"))
    assert ("age_mean", "baseline-characteristics") in names(ordered, "inScheme")


@pytest.mark.parametrize("graph", ["ontology", "mappings"])
def test_a_mapping_to_an_outside_term_is_kept(graph: str) -> None:
    mapping = "ml:pain skos:exactMatch <http://example.org/pain>"
    found = skos_triples(quads_of(f"mlid:graph\\/{graph} {{ {mapping} }}"))
    assert names(found, "exactMatch") == {("pain", "pain")}


def test_a_circle_of_broader_terms_is_told() -> None:
    circle = "ml:pain skos:broader ml:toxicity . ml:toxicity skos:broader ml:pain"
    with pytest.raises(SkosError, match=r"the outcomes stand in a circle: .* above "):
        skos_triples(codes(circle))


def test_a_broader_term_of_another_word_list_is_told() -> None:
    with pytest.raises(SkosError, match="pain has the broader term surgery, which is none of the"):
        skos_triples(codes("ml:pain skos:broader ml:surgery"))


def test_a_graph_without_codes_is_told() -> None:
    with pytest.raises(BrokenBuildError, match="no outcomes"):
        skos_triples([])


@RDFLIB_WARNS
@pytest.mark.parametrize(("name", "form"), [("x.rdf", "xml"), ("x.jsonld", "json-ld")])
def test_each_form_of_the_view_says_the_same(
    graph_file: Path, tmp_path: Path, schemes: Graph, name: str, form: str
) -> None:
    write_skos(graph_file, tmp_path / name)
    write_skos(graph_file, tmp_path / f"again-{name}")
    assert set(Graph().parse(tmp_path / name, format=form)) == set(schemes)
    assert (tmp_path / name).read_bytes() == (tmp_path / f"again-{name}").read_bytes()


# the commands


@pytest.fixture
def on_the_built_graph(graph_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metalocal.commands.export.built_graph", lambda: graph_file)


def exit_code(*arguments: str) -> object:
    with pytest.raises(SystemExit) as stopped:
        main(["export", *arguments])
    return stopped.value.code


@pytest.mark.usefixtures("on_the_built_graph")
@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["nquads", "m.nq.gz"], "m.nq.gz"),
        (["jsonld", "m.jsonld", "--study", "tata"], "m.jsonld"),
        (["jsonld", "--context", "c.jsonld"], "c.jsonld"),
        (["skos", "m.ttl"], "m.ttl"),
    ],
)
def test_a_command_writes_its_file_and_says_so(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    name: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exit_code(*arguments) == 0
    assert capsys.readouterr().out.startswith(f"wrote {name}: ")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.usefixtures("on_the_built_graph")
def test_an_unknown_study_on_the_command_line_is_wrong_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("jsonld", str(tmp_path / "x.jsonld"), "--study", "sabr-comett") == 2
    assert (
        "error: there is no study sabr-comett; did you mean sabr-comet" in capsys.readouterr().err
    )


@pytest.mark.usefixtures("on_the_built_graph")
def test_jsonld_without_a_file_asks_for_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("jsonld") == 2
    assert "name a file" in capsys.readouterr().err


def test_what_can_go_wrong_is_told_in_words() -> None:
    assert issubclass(SkosError, ToldError)
    assert (BrokenBuildError.exit_code, DumpError.exit_code, SkosError.exit_code) == (1, 2, 2)
