"""The release report: every check finds its fault, the ontology has none, acceptances go stale."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

from graph_builder.problems import NoJavaError, ProblemsFoundError
from graph_builder.release import FORMATS, reasoners, release_report
from graph_builder.release.acceptance import STALE, accept, read_accepted
from graph_builder.release.bounds import BoundError, without_data_ranges
from graph_builder.release.findings import Check, Finding, FoopsTest, Level, Result, result
from graph_builder.release.foops import foops
from graph_builder.release.queries import read_check, read_checks, run_checks, union_store
from graph_builder.vocabulary import ONTOLOGY
from metalocal.cli import create_app
from metalocal.commands.common import built_graph
from metalocal.owl import owl_triples
from metalocal.owl_parts import CLASSES

ROOT = Path(__file__).parents[2]
CHECKS = ROOT / "ontology" / "checks"
PREFIXES = """
@prefix ml: <https://w3id.org/metalocal/ontology/> .
@prefix mlid: <https://w3id.org/metalocal/id/> .
@prefix bibo: <http://purl.org/ontology/bibo/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vann: <http://purl.org/vocab/vann/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CLEAN = (Path(__file__).parent / "clean-ontology.ttl").read_text("utf-8")

ABOUT = "<https://w3id.org/metalocal/ontology>"
# Each check, what is taken out of the clean ontology, what is put in, and the term it must name.
LYING = '"A place where ships lie."@en'
TUG = "ml:Tug skos:closeMatch obo:NCIT_C1 ."
FAULTS: dict[str, tuple[str, str, str]] = {
    "annotation-misused": ("", 'ml:Ship ml:remark "" .', "ml:Ship"),
    "annotation-whitespace": ("", 'ml:Ship ml:remark "afloat " .', "ml:Ship"),
    "anonymous-individual": ("", "[] a ml:Ship .", "ml:Ship"),
    "built-in-redefined": ("", 'rdf:type rdfs:comment "kind" .', "rdf:type"),
    "chain-of-one": ("", "ml:sails owl:propertyChainAxiom ( ml:carries ) .", "ml:sails"),
    "characteristic-wrong": ("", "ml:carries a owl:TransitiveProperty .", "ml:carries"),
    "class-merged": ('"harbour"@en', '"harbour and quay"@en', "ml:Harbour"),
    "class-miscellaneous": ('"harbour"@en', '"other"@en', "ml:Harbour"),
    "definition-duplicate": (
        '"A place where ships lie."@en',
        '"A thing that floats."@en',
        "ml:Ship",
    ),
    "definition-end": (
        '"A place where ships lie."@en',
        '"A place where ships lie"@en',
        "ml:Harbour",
    ),
    "definition-genus": ('"A ship that tows."@en', '"A boat that tows."@en', "ml:Tug"),
    "definition-lower-case": ('"A ship that tows."@en', '"a ship that tows."@en', "ml:Tug"),
    "definition-missing": ('skos:definition "A ship that tows."@en ;', "", "ml:Tug"),
    "definition-multiple": ("", 'ml:Tug skos:definition "A ship that pulls."@en .', "ml:Tug"),
    "definition-recursive": (
        "",
        "ml:Tug owl:equivalentClass [ a owl:Class ; owl:unionOf ( ml:Ship ml:Tug ) ] .",
        "ml:Tug",
    ),
    "definition-source-missing": ("", 'ml:Pier skos:definition "A pier."@en .', "ml:Pier"),
    "deprecated-boolean": ("", 'ml:Tug owl:deprecated "true" .', "ml:Tug"),
    "deprecated-label": ("", "ml:Tug owl:deprecated true .", "ml:Tug"),
    "deprecated-reference": ("", "ml:Ship owl:deprecated true .", "ml:Ship"),
    "deprecated-without-successor": ("", "ml:Tug owl:deprecated true .", "ml:Tug"),
    "disjointness-missing": ("members ( ml:Ship ml:Harbour )", "members ( ml:Ship )", "ml:Harbour"),
    "domain-range-missing": (
        "rdfs:range ml:Harbour ;\n    owl:inverseOf ml:sh",
        "owl:inverseOf ml:sh",
        "ml:sails",
    ),
    "domain-range-multiple": ("", "ml:sails rdfs:domain ml:Harbour .", "ml:sails"),
    "equivalent-multiple": (
        "",
        "ml:Ship owl:equivalentClass [ a owl:Class ; owl:oneOf ( ml:santa_maria ) ] , "
        "[ a owl:Class ; owl:oneOf ( ml:santa_maria ml:beagle ) ] .",
        "ml:Ship",
    ),
    "equivalent-pair": ("", "ml:Ship owl:equivalentClass ml:Tug .", "ml:Ship"),
    "equivalent-without-genus": (
        "",
        "ml:Tug owl:equivalentClass [ a owl:Restriction ; owl:onProperty ml:sails ; "
        "owl:someValuesFrom ml:Harbour ] .",
        "ml:Tug",
    ),
    "equivalent-wrong": ("", "ml:Tug owl:equivalentClass ml:Ship .", "ml:Tug"),
    "foreign-namespace": ("", 'foaf:Person a owl:Class ; rdfs:label "person"@en .', "foaf:Person"),
    "header-dates": ('dcterms:created "2026-11-21"', 'dcterms:created "2027-01-01"', ABOUT),
    "header-incomplete": ('    dcterms:title "ships"@en ;\n', "", ABOUT),
    "header-later": ('    foaf:logo "logo.svg" ;\n', "", ABOUT),
    "header-licence": ("licenses/by/4.0/>", "licenses/by-nc/4.0/>", ABOUT),
    "header-namespace": (
        'Uri "https://w3id.org/metalocal/ontology/"',
        'Uri "https://x.org/"',
        ABOUT,
    ),
    "header-ontology": ("", "ml:second a owl:Ontology .", ABOUT),
    "header-version": ('versionInfo "0.1.0"', 'versionInfo "0.2.0"', ABOUT),
    "hierarchy-cycle": ("", "ml:Ship rdfs:subClassOf ml:Tug .", "ml:Ship"),
    "imports": ("", f"{ABOUT} owl:imports <https://example.org/o> .", ABOUT),
    "inverse-missing": ("    owl:inverseOf ml:shelters ;\n", "", "ml:sails"),
    "inverse-wrong": (
        "owl:inverseOf ml:shelters",
        "owl:inverseOf ml:carries",
        "ml:sails",
    ),
    "iri-convention": ("", "ml:fast_Ship a owl:Class .", "ml:fast_Ship"),
    "iri-namespace": (
        "",
        "<http://metalocal.org/x> a owl:NamedIndividual .",
        "<http://metalocal.org/x>",
    ),
    "label-class-lower-case": ('"tug"@en', '"Tug"@en', "ml:Tug"),
    "label-convention": ('"tug"@en', '"tug_boat"@en', "ml:Tug"),
    "label-duplicate": ('"tug"@en', '"ship"@en', "ml:Tug"),
    "label-formatting": ('"tug"@en', r'"tug\tboat"@en', "ml:Tug"),
    "label-language": ('"tug"@en', '"tug"', "ml:Tug"),
    "label-missing": ('rdfs:label "tug"@en ;', "", "ml:Tug"),
    "label-multiple": ("", 'ml:Tug rdfs:label "tow boat"@en .', "ml:Tug"),
    "label-near-duplicate": ('"tug"@en', '"Har-bour"@en', "ml:Harbour"),
    "label-whitespace": ('"tug"@en', '"tug "@en', "ml:Tug"),
    "match-missing": (TUG, "", "ml:Tug"),
    "obo-iri": (
        "ml:Tug skos:closeMatch obo:NCIT_C1 .",
        "ml:Tug skos:closeMatch obo:NCIT-1 .",
        "obo:NCIT-1",
    ),
    "relation-duplicates-outside": ('"sails to"@en', '"part of"@en', "ml:sails"),
    "relation-named-is": ('"sails to"@en', '"is a"@en', "ml:sails"),
    "replaced-by-misused": ("", "ml:Tug obo:IAO_0100001 ml:Ship .", "ml:Tug"),
    "superclass-missing": ("rdfs:subClassOf ml:Ship ;", "", "ml:Tug"),
    "superclass-multiple": ("", "ml:Tug rdfs:subClassOf ml:Harbour .", "ml:Tug"),
    "two-kinds": ("", "ml:Tug a owl:NamedIndividual .", "ml:Tug"),
    "unconnected": ("", "ml:Anchor a owl:Class .", "ml:Anchor"),
    "undeclared": ("", "ml:beagle ml:draught 4 .", "ml:draught"),
}
# What the clean ontology has to have for these: a top class and things of a foreign namespace.
ALWAYS = {"superclass-missing": 2, "foreign-namespace": 19}


def store_of(turtle: str) -> ox.Store:
    quads = ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE)
    return union_store([quad.triple for quad in quads])


def findings(name: str, turtle: str) -> list[Finding]:
    (found,) = run_checks([read_check(CHECKS / f"{name}.rq")], store_of(turtle))
    return list(found.open)


def iri(name: str) -> str:
    (quad,) = ox.parse(f"{PREFIXES} {name} a {name} .", format=ox.RdfFormat.TURTLE)
    assert isinstance(quad.subject, ox.NamedNode)
    return quad.subject.value


def test_every_check_has_its_fault_here() -> None:
    assert {path.stem for path in CHECKS.glob("*.rq")} == set(FAULTS)


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_clean_ontology_passes(name: str) -> None:
    assert len(findings(name, CLEAN)) == ALWAYS.get(name, 0)


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_check_finds_its_fault(name: str) -> None:
    out, put, term = FAULTS[name]
    if out:
        assert CLEAN.count(out) == 1
        broken = CLEAN.replace(out, put)
    else:
        broken = f"{CLEAN}\n{put}\n"
    new = set(findings(name, broken)) - set(findings(name, CLEAN))
    assert iri(term) in {finding.term for finding in new}


# Acceptances

LOOSE = Check("loose", "Nothing is loose.", Level.WARNING, "ours", "tie it")
FOUND = result(LOOSE, [Finding("https://a.org/1", "rope"), Finding("https://a.org/2", "chain")])


@pytest.fixture
def accepted(tmp_path: Path) -> Callable[[str], list[Result]]:
    """Gives the results of FOUND under the acceptances of a YAML text."""

    def results(text: str, found: Result = FOUND) -> list[Result]:
        path = tmp_path / "accepted.yaml"
        path.write_text(dedent(text), "utf-8")
        return accept([found], read_accepted(path))

    return results


def test_an_acceptance_takes_its_finding_aside_with_the_reason(
    accepted: Callable[..., list[Result]],
) -> None:
    loose, stale = accepted("- {check: loose, term: 'https://a.org/1', reason: new}")
    assert [finding.detail for finding in loose.open] == ["chain"]
    assert loose.accepted == ((Finding("https://a.org/1", "rope"), "new"),)
    assert not stale.open


def test_a_star_accepts_all_that_begins_so_and_a_detail_narrows_it(
    accepted: Callable[..., list[Result]],
) -> None:
    text = "- {check: loose, term: 'https://a.org/*', reason: new%s}"
    assert not accepted(text % "")[0].stops
    assert [f.detail for f in accepted(text % ", detail: rope")[0].open] == ["chain"]


def test_an_acceptance_of_nothing_is_an_error(accepted: Callable[..., list[Result]]) -> None:
    stale = accepted("- {check: loose, term: 'https://a.org/3', reason: gone}")[1]
    assert stale.check == STALE
    assert stale.stops
    assert stale.open == (Finding("https://a.org/3", "accepted.yaml:1:3: loose"),)


def test_an_acceptance_of_a_check_not_run_is_not_stale(
    accepted: Callable[..., list[Result]],
) -> None:
    not_run = Result(LOOSE, not_run="no Java")
    assert not accepted("- {check: loose, term: 'https://a.org/3', reason: gone}", not_run)[1].open


@pytest.mark.parametrize(
    "text",
    [
        "check: loose",
        "- loose",
        "- {check: loose, term: x}",
        "- {check: a, term: b, reason: c, x: d}",
    ],
)
def test_a_malformed_acceptance_is_told_with_its_place(
    text: str, accepted: Callable[..., list[Result]]
) -> None:
    with pytest.raises(ProblemsFoundError, match=r"accepted\.yaml(:1:\d+)?: error") as raised:
        accepted(text)
    assert [problem.rule for problem in raised.value.problems] == ["accepted"]


def test_an_info_stops_no_release_and_a_warning_does() -> None:
    info = Check("loose", "Nothing is loose.", Level.INFO, "ours", "tie it")
    assert not result(info, FOUND.open).stops
    assert FOUND.stops


@pytest.mark.parametrize(
    ("header", "wrong"),
    [
        ("#+ title: x", "no proper level and no proper from and no proper mend"),
        ("#+ {title: x, level: fatal, from: ours, mend: y}", "no proper level"),
    ],
)
def test_a_check_without_a_proper_header_is_told(header: str, wrong: str, tmp_path: Path) -> None:
    (tmp_path / "x.rq").write_text(f"{header}\nSELECT ?term ?detail WHERE {{}}\n", "utf-8")
    with pytest.raises(ProblemsFoundError, match=wrong):
        read_check(tmp_path / "x.rq")


def test_a_folder_without_checks_passes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFoundError, match="there is no check"):
        read_checks(tmp_path)


# FOOPS


def score(turtle: str) -> dict[str, FoopsTest]:
    return {test.id: test for test in foops(ONTOLOGY, store_of(turtle))}


def test_foops_finds_the_metadata_of_a_clean_ontology_and_misses_what_is_taken_out() -> None:
    assert score(CLEAN)["OM1"].passed == 6
    less = score(CLEAN.replace('    dcterms:title "ships"@en ;\n', ""))["OM1"]
    assert (less.passed, less.detail) == (5, "not there: title")


def test_foops_counts_terms_with_a_definition() -> None:
    whole = score(CLEAN)["VOC4"]
    assert whole.passed == whole.asked > 3
    assert score(CLEAN.replace('skos:definition "A ship that tows."@en ;', ""))["VOC4"].passed == (
        whole.asked - 1
    )


def test_foops_counts_a_class_of_another_vocabulary_as_reuse_and_a_mapping_not() -> None:
    assert score(CLEAN)["VOC2"].passed == 0
    assert score(f"{CLEAN}\nfoaf:Person a owl:Class .")["VOC2"].passed == 1


# Bounds as classes

AGED = """
ml:hasAge a owl:DatatypeProperty , owl:FunctionalProperty ;
  rdfs:domain ml:Patient ; rdfs:range xsd:integer .
ml:Old owl:equivalentClass [ a owl:Restriction ; owl:onProperty ml:hasAge ; owl:someValuesFrom
  [ a rdfs:Datatype ; owl:onDatatype xsd:integer ;
    owl:withRestrictions ( [ xsd:minInclusive 70 ] ) ] ] .
ml:Adult owl:equivalentClass [ a owl:Restriction ; owl:onProperty ml:hasAge ; owl:someValuesFrom
  [ a rdfs:Datatype ; owl:onDatatype xsd:integer ;
    owl:withRestrictions ( [ xsd:minExclusive 17 ] ) ] ] .
"""


def cuts(turtle: str) -> ox.Store:
    quads = ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE)
    return union_store(without_data_ranges([quad.triple for quad in quads]))


def asks(store: ox.Store, pattern: str) -> bool:
    names = PREFIXES.replace("@prefix", "PREFIX").replace(" .\n", "\n")
    return bool(store.query(f"{names} ASK {{ {pattern} }}"))


def test_a_higher_bound_becomes_a_narrower_class_and_no_data_range_is_left() -> None:
    store = cuts(AGED)
    path = "owl:equivalentClass/rdfs:subClassOf+/^owl:equivalentClass"
    assert asks(store, f"ml:Old {path} ml:Adult")
    assert not asks(store, f"ml:Adult {path} ml:Old")
    assert not asks(store, "?range owl:onDatatype ?datatype")


def test_whoever_has_a_number_is_in_the_domain_of_its_property() -> None:
    assert asks(cuts(AGED), "ml:Adult owl:equivalentClass/rdfs:subClassOf+ ml:Patient")


def test_a_property_of_several_values_is_refused() -> None:
    with pytest.raises(BoundError, match="is not functional"):
        cuts(AGED.replace(", owl:FunctionalProperty", ""))


def test_a_data_range_of_two_facets_is_refused() -> None:
    with pytest.raises(BoundError, match="1 data ranges"):
        cuts(
            AGED.replace(
                "[ xsd:minInclusive 70 ]", "[ xsd:minInclusive 70 ] [ xsd:maxInclusive 80 ]"
            )
        )


# Logic


def no_java(**_: bool) -> None:
    raise NoJavaError("jpype1 is not installed")


def test_without_java_the_logic_is_not_run_and_not_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasoners, "start_java", no_java)
    results = reasoners.logic(ONTOLOGY, [], [])
    assert {one.word for one in results} == {"not run"}
    assert {one.not_run for one in results} == {"jpype1 is not installed"}
    assert len(results) == len(reasoners.CHECKS)


def words(turtle: str) -> dict[str, str]:
    triples = [q.triple for q in ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE)]
    return {one.check.id: one.word for one in reasoners.logic(ONTOLOGY, triples, triples)}


@pytest.mark.usefixtures("java")
def test_a_clean_ontology_passes_the_logic_by_both_reasoners() -> None:
    assert set(words(CLEAN).values()) == {"passed"}


@pytest.mark.usefixtures("java")
def test_an_empty_class_is_found_and_a_contradiction_leaves_the_rest_not_run() -> None:
    empty = words(f"{CLEAN}\nml:Pier a owl:Class ; rdfs:subClassOf ml:Ship , ml:Harbour .")
    assert empty["logic-satisfiable"] == "error"
    assert empty["logic-reasoners-agree"] == "passed"
    contradiction = words(f"{CLEAN}\nml:beagle a ml:Harbour .")
    assert contradiction["logic-consistent"] == "error"
    assert contradiction["logic-reasoners-agree"] == "not run"


@pytest.mark.usefixtures("java")
def test_a_breach_of_the_profile_is_found() -> None:
    assert words(f"{CLEAN}\nml:beagle ml:draught 4 .")["logic-undeclared"] == "error"


def test_what_one_reasoner_alone_finds_is_a_difference() -> None:
    found = list(reasoners.differences({("a", "b")}, {("a", "c")}))
    assert found == [
        Finding("a", "only HermiT puts it under b"),
        Finding("a", "only Pellet puts it under c"),
    ]


# The command, and our own ontology


def test_the_ontology_has_no_finding_that_nobody_accepted() -> None:
    file = built_graph()
    report = release_report(owl_triples(file), owl_triples(file, CLASSES), CHECKS, reasoning=False)
    left = [f"{one.check.id}: {one.open[0]}" for one in report.results if one.stops]
    assert left == []
    assert json.loads(FORMATS["json"](report))["released"] is True


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """The folder of a graph with the clean ontology alone."""
    name = ox.NamedNode("https://w3id.org/metalocal/id/graph/ontology")
    triples = [q.triple for q in ox.parse(PREFIXES + CLEAN, format=ox.RdfFormat.TURTLE)]
    quads = [ox.Quad(t.subject, t.predicate, t.object, name) for t in triples]
    ox.serialize(quads, str(tmp_path / "graph.nq"), format=ox.RdfFormat.N_QUADS)
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    given = ["check", "ontology", "--no-reasoning", *arguments]
    result_ = CliRunner().invoke(create_app(given), given)
    return result_.exit_code, result_.stdout


def test_the_command_prints_each_check_the_score_and_ends_with_one_where_something_is_left(
    graph: Path,
) -> None:
    code, text = run("--graph", str(graph))
    assert code == 1  # the acceptances of our own ontology are stale for this one
    assert "error     acceptance-stale" in text
    assert "passed    label-missing" in text
    assert "not run   logic-consistent" in text
    assert "not run: left out by --no-reasoning" in text
    assert "FOOPS, tests on the file alone:" in text


def test_the_report_as_markdown_and_json_goes_into_a_file(graph: Path, tmp_path: Path) -> None:
    out = tmp_path / "report"
    assert run("--graph", str(graph), "--format", "md", "--out", str(out))[0] == 1
    assert "| passed | label-missing |" in out.read_text("utf-8")
    run("--graph", str(graph), "--format", "json", "--out", str(out))
    told = json.loads(out.read_text("utf-8"))
    assert told["released"] is False
    assert {one["id"] for one in told["checks"]} >= set(FAULTS)


def test_an_unknown_format_is_refused(graph: Path) -> None:
    assert run("--graph", str(graph), "--format", "pdf")[0] == 2
