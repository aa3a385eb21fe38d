"""The SKOS view says what the codes of the built graph say, and keeps the integrity conditions."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from little import (
    HEADER,
    RDFLIB_WARNS,
    codes,
    quads_of,
)
from rdflib import Graph, URIRef

from metalocal.context import PREFIXES
from metalocal.dumps import BrokenBuildError, verified_quads
from metalocal.skos import SkosError, skos_triples, write_skos

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
