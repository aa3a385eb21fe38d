"""The network behind /explore, compared with what SPARQL says of the same graph."""

from __future__ import annotations

import random
from typing import Any

import pytest

from metalocal.pages.addresses import BASE
from tests.endpoint.conftest import Endpoint

TATA, E2108 = "id/study/tata", "id/study/e2108"
PREFIXES = f"""\
PREFIX ml: <{BASE}ontology/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""

Picture = dict[str, Any]


def told(site: Endpoint, route: str, /, **params: Any) -> Picture:
    answer = site.client.get(f"/explore/{route}", params=params)
    assert answer.status_code == 200, answer.text
    found: Picture = answer.json()
    return found


def refused(site: Endpoint, route: str, /, **params: Any) -> tuple[int, str]:
    answer = site.client.get(f"/explore/{route}", params=params)
    assert answer.headers["content-type"].startswith("text/plain")
    return answer.status_code, answer.text


def column(site: Endpoint, query: str) -> list[str]:
    """The first column of a SELECT, IRIs of ours without their base."""
    rows = site.ask(PREFIXES + query, "application/sparql-results+json").json()
    name = rows["head"]["vars"][0]
    return [row[name]["value"].removeprefix(BASE) for row in rows["results"]["bindings"]]


def ids(picture: Picture) -> list[str]:
    return [node["id"] for node in picture["nodes"]]


@pytest.fixture(scope="module")
def everything(site: Endpoint) -> Picture:
    return told(site, "graph", all=1, limit=5000)


def test_a_study_is_found_by_its_registration_number_before_anything_else(site: Endpoint) -> None:
    found = told(site, "search", text="nct01242800")["results"]
    assert [node["id"] for node in found] == [E2108]


def test_a_study_comes_before_its_parts_and_names_that_begin_so_before_others(
    site: Endpoint,
) -> None:
    found = told(site, "search", text="tata", limit=100)["results"]
    assert found[0]["id"] == TATA
    begins = [node["label"].casefold().startswith("tata") for node in found]
    reports = [node["type"] == "Report" for node in found]
    kept = [one for one, is_report in zip(begins, reports, strict=True) if not is_report]
    assert kept == sorted(kept, reverse=True)
    assert reports == sorted(reports)


def test_every_study_is_found_by_its_label(site: Endpoint) -> None:
    studies = column(site, "SELECT ?label WHERE { ?study a ml:Study ; rdfs:label ?label }")
    for label in random.Random(7).sample(sorted(studies), 12):
        found = told(site, "search", text=label, limit=3)["results"]
        assert (found[0]["label"], found[0]["type"]) == (label, "Study")


def test_no_more_is_found_than_is_asked_for_and_nothing_for_no_text(site: Endpoint) -> None:
    assert len(told(site, "search", text="survival", limit=7)["results"]) == 7
    assert told(site, "search", text="  ")["results"] == []


@pytest.mark.parametrize("thing", [TATA, "ontology/overall_survival", "id/source/ueno-2022"])
def test_relations_are_counted_as_the_graph_has_them(site: Endpoint, thing: str) -> None:
    counts = {
        (one["relation"], one["direction"]): one["count"]
        for one in told(site, "relations", id=thing)["relations"]
    }
    for (relation, direction), count in counts.items():
        if relation in ("accepts", "rejects", "broader"):
            continue
        ends = (
            f"<{BASE}{thing}> ml:{relation} ?x"
            if direction == "out"
            else (f"?x ml:{relation} <{BASE}{thing}>")
        )
        plumbing = "?x a ?kind . FILTER(?kind IN (ml:Clause, ml:Bound, ml:Derivation))"
        query = f"SELECT DISTINCT ?x WHERE {{ {ends} . FILTER NOT EXISTS {{ {plumbing} }} }}"
        assert count == len(column(site, query)), relation
    assert counts


def test_the_types_of_a_relation_add_up_to_its_count(site: Endpoint) -> None:
    for one in told(site, "relations", id=TATA)["relations"]:
        assert sum(kind["count"] for kind in one["types"]) == one["count"]


def test_neighbours_by_a_relation_are_those_of_the_graph(site: Endpoint) -> None:
    found = told(site, "neighbours", id=TATA, relation="hasEstimate", direction="out", limit=500)
    query = f"SELECT ?x WHERE {{ <{BASE}{TATA}> ml:hasEstimate ?x }}"
    assert set(ids(found)) == {TATA, *column(site, query)}
    assert found["total"] == len(found["nodes"])


def test_pages_of_neighbours_hold_each_once(site: Endpoint) -> None:
    source, asked = "id/source/ueno-2022", {"relation": "reportedIn", "direction": "in"}
    pages = [
        told(site, "neighbours", id=source, limit=400, offset=start, **asked)
        for start in range(0, 2_400, 400)
    ]
    found = [one for page in pages for one in ids(page) if one != source]
    assert len(found) == len(set(found)) == pages[0]["total"] - 1
    query = f"SELECT ?x WHERE {{ ?x ml:reportedIn <{BASE}{source}> }}"
    assert set(found) == set(column(site, query))


def test_a_criterion_leads_straight_to_what_its_clauses_accept(site: Endpoint) -> None:
    criterion = column(site, "SELECT ?c WHERE { ?c ml:hasClause/ml:accepts ?v } ORDER BY ?c")[0]
    found = told(site, "neighbours", id=criterion, relation="accepts")
    query = f"SELECT ?v WHERE {{ <{BASE}{criterion}> ml:hasClause/ml:accepts ?v }}"
    assert set(ids(found)) == {criterion, *column(site, query)}


def test_every_edge_of_a_picture_is_a_triple_between_two_of_its_things(site: Endpoint) -> None:
    picture = told(site, "graph", focus=E2108, depth=2, limit=150)
    shown = set(ids(picture))
    edges = picture["edges"]
    assert {end for edge in edges for end in (edge["source"], edge["target"])} <= shown
    assert len({edge["id"] for edge in edges}) == len(edges)
    through = {"accepts", "rejects", "broader"}
    asked = [edge for edge in edges if edge["relation"] not in through]
    values = " ".join(
        f"(<{BASE}{edge['source']}> ml:{edge['relation']} <{BASE}{edge['target']}>)"
        for edge in asked
    )
    answer = site.client.post(
        "/sparql",
        data={
            "query": PREFIXES + f"SELECT * WHERE {{ VALUES (?s ?p ?o) {{ {values} }} ?s ?p ?o }}"
        },
        headers={"Accept": "application/sparql-results+json"},
    )
    assert len(answer.json()["results"]["bindings"]) == len(asked) > 100


def test_no_thing_of_a_picture_is_plumbing_and_every_type_has_a_label(everything: Picture) -> None:
    kinds = {node["type"] for node in everything["nodes"]}
    assert kinds.isdisjoint({"Clause", "Bound", "Derivation"})
    assert all(node["typeLabel"] and node["label"] for node in everything["nodes"])


def test_every_kind_of_thing_has_a_page(site: Endpoint, everything: Picture) -> None:
    by_type = {node["type"]: node["path"] for node in everything["nodes"]}
    report = told(site, "search", text="as in ueno-2022 line 84", limit=1)["results"][0]
    for path in [*by_type.values(), report["path"]]:
        answer = site.client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200, path


def test_a_picture_shows_no_more_than_its_limit_and_says_how_much_there_is(site: Endpoint) -> None:
    picture = told(site, "graph", focus=TATA, depth=2, limit=50)
    assert (picture["shown"], len(picture["nodes"])) == (50, 50)
    assert picture["total"] > 50
    assert f"50 of {picture['total']:,}" in picture["notice"]
    assert ids(picture)[0] == TATA


def test_more_depth_reaches_more(site: Endpoint) -> None:
    reached = [
        set(ids(told(site, "graph", focus=TATA, depth=depth, limit=5000))) for depth in (1, 2, 3)
    ]
    assert reached[0] < reached[1] < reached[2]


@pytest.mark.parametrize(
    "wanted",
    [
        {"type": ["Study", "Estimate"]},
        {"direction": "favours_intervention"},
        {"level": ["1", "2"]},
        {"question": "local_therapy_of_primary", "direction": "unknown"},
    ],
)
def test_a_filter_only_takes_away(site: Endpoint, wanted: dict[str, Any]) -> None:
    whole = told(site, "graph", focus=TATA, depth=2, limit=5000)
    part = told(site, "graph", focus=TATA, depth=2, limit=5000, **wanted)
    assert set(ids(part)) < set(ids(whole))
    assert TATA in ids(part)
    edges = {edge["id"] for edge in whole["edges"]}
    assert {edge["id"] for edge in part["edges"]} <= edges


def test_estimates_that_favour_the_comparator_are_those_whose_reports_do(site: Endpoint) -> None:
    asked = {"all": 1, "limit": 5000, "type": "Estimate", "direction": "favours_comparator"}
    query = """SELECT DISTINCT ?e WHERE {
      ?e a ml:Estimate ; ml:hasReport/ml:effectDirection ml:favours_comparator }"""
    assert set(ids(told(site, "graph", **asked))) == set(column(site, query))


def test_a_population_whose_level_nobody_drew_is_unknown_and_not_of_some_level(
    site: Endpoint,
) -> None:
    asked = {"all": 1, "limit": 5000, "type": "Population", "level": "unknown"}
    query = """SELECT ?p WHERE { ?p a ml:Population .
      FILTER NOT EXISTS { ?p ml:evidenceLevel ?level } }"""
    assert set(ids(told(site, "graph", **asked))) == set(column(site, query))


def test_the_parts_of_a_question_are_those_of_its_studies(site: Endpoint) -> None:
    question = "local_therapy_of_oligoprogression"
    picture = told(site, "graph", all=1, limit=5000, type="Arm", question=question)
    query = f"SELECT ?arm WHERE {{ ?s ml:question ml:{question} ; ml:hasArm ?arm }}"
    assert set(ids(picture)) == set(column(site, query))


def test_an_estimate_carries_its_printed_value_with_source_and_line(site: Endpoint) -> None:
    found = told(site, "relations", id="id/study/tata/estimate/os-hr")["node"]
    query = f"""SELECT ?words WHERE {{
      <{BASE}{TATA}/estimate/os-hr> ml:hasReport ?r .
      ?r ml:printedValue ?value ; ml:line ?line ; ml:reportedIn/rdfs:label ?source .
      BIND(CONCAT(?value, "|", ?source, ", line ", STR(?line), ")") AS ?words) }}"""
    rows = [row.partition("|") for row in column(site, query)]
    assert len(rows) == len(found["data"]["printed"])
    for value, _, place in rows:
        assert any(one.startswith(value) and place in one for one in found["data"]["printed"])


@pytest.mark.parametrize(
    ("path", "params", "status", "words"),
    [
        ("relations", {"id": "id/study/tataa"}, 404, "did you mean tata"),
        ("relations", {}, 400, "'id' is missing"),
        ("relations", {"id": TATA, "foo": "1"}, 400, "no parameter 'foo'"),
        ("neighbours", {"id": TATA, "relation": "hasArms"}, 400, "did you mean hasArm"),
        ("neighbours", {"id": TATA, "limit": "5000"}, 400, "from 1 to 500"),
        ("neighbours", {"id": TATA, "offset": "-1"}, 400, "no whole number"),
        ("search", {"text": "a", "limit": "0"}, 400, "from 1 to 100"),
        ("graph", {}, 400, "Nothing is asked for"),
        ("graph", {"focus": TATA, "all": "1"}, 400, "two views"),
        ("graph", {"focus": TATA, "depth": "4"}, 400, "from 1 to 3"),
        ("graph", {"all": "1", "limit": "5001"}, 400, "from 10 to 5000"),
        ("graph", {"focus": TATA, "type": "Studies"}, 400, "did you mean Study"),
        ("graph", {"focus": [TATA] * 51}, 400, "50 is the most"),
        ("graph", {"path": TATA}, 400, "two ends"),
        ("study", {"id": "ontology/age"}, 400, "no study but number attribute"),
        ("path", {"from": TATA, "to": TATA}, 400, "the same"),
        ("path", {"from": TATA}, 400, "'to' is missing"),
        ("path", {"from": "profile", "to": TATA, "age": "300"}, 400, "outside 15 to 120"),
        ("overlap", {"question": "paliation"}, 404, "no review"),
        ("relations", {"id": "<script>\x00"}, 404, "Nothing to explore"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_way_to_mend_it(
    site: Endpoint, path: str, params: dict[str, Any], status: int, words: str
) -> None:
    found = refused(site, path, **params)
    assert found[0] == status
    assert words in found[1]
