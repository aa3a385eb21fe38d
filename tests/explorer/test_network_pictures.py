"""Paths, places and files of /explore: ways that are in the graph, things that stand apart."""

from __future__ import annotations

import io
import math
from itertools import combinations, pairwise
from typing import Any

import networkx as nx
import pyoxigraph as ox
import pytest

from metalocal.pages.addresses import BASE
from tests.endpoint.conftest import Endpoint
from tests.explorer.test_network import E2108, PREFIXES, TATA, Picture, column, ids, told

STATEMENT = "id/guidance/cervantes-2023/bone-8-gy"
DE_NOVO = {"presentation": "de_novo", "hr_status": "positive"}
REVIEWED = "local_therapy_of_primary"


def test_each_step_of_a_path_is_a_relation_of_the_graph(site: Endpoint) -> None:
    picture = told(site, "path", **{"from": E2108, "to": STATEMENT})
    joined = {frozenset((edge["source"], edge["target"])) for edge in picture["edges"]}
    assert 1 <= len(picture["steps"]) <= 3
    for path, words in zip(picture["steps"], picture["words"], strict=True):
        assert (path[0], path[-1]) == (E2108, STATEMENT)
        assert len(set(path)) == len(path) == len(words) + 1
        assert all(frozenset(step) in joined for step in pairwise(path))
    for edge in picture["edges"]:
        if edge["relation"] not in ("accepts", "rejects", "broader"):
            ends = f"<{BASE}{edge['source']}> ml:{edge['relation']} <{BASE}{edge['target']}>"
            assert site.ask(f"{PREFIXES} ASK {{ {ends} }}").text.strip().endswith("true}")


def test_no_two_paths_are_one_and_the_shortest_comes_first(site: Endpoint) -> None:
    steps = told(site, "path", **{"from": TATA, "to": E2108})["steps"]
    assert len({tuple(path) for path in steps}) == len(steps) > 1
    assert len(steps[0]) == min(len(path) for path in steps)


def test_two_trials_that_one_review_pools_are_joined_by_it(site: Endpoint) -> None:
    path = told(site, "path", **{"from": TATA, "to": E2108})["steps"][0]
    reviews = column(site, f"SELECT ?r WHERE {{ ?r ml:pools <{BASE}{TATA}> , <{BASE}{E2108}> }}")
    assert len(path) == 3
    assert path[1] in reviews


def test_a_path_leads_through_nothing_that_everything_shares(site: Endpoint) -> None:
    far = [(TATA, "id/study/aoyagi-2020"), (STATEMENT, "id/study/abbas-2017")]
    for start, end in far:
        picture = told(site, "path", **{"from": start, "to": end})
        kinds = {node["type"] for node in picture["nodes"]}
        assert kinds.isdisjoint({"Source", "Unit", "Measure", "Design", "EffectDirection"})


def test_a_path_from_a_patient_goes_through_a_group_that_includes_her(site: Endpoint) -> None:
    picture = told(site, "path", **{"from": "profile", "to": TATA, **DE_NOVO})
    verdicts = site.client.get("/api/queries/verdicts", params=DE_NOVO).json()
    including = {
        row["group"].removeprefix(BASE) for row in verdicts["rows"] if row["verdict"] == "included"
    }
    assert {path[1] for path in picture["steps"]} <= including
    joined = {edge["source"] for edge in picture["edges"] if edge["relation"] == "includes"}
    assert joined <= including
    assert picture["nodes"][0]["data"]["told"] == (
        "presentation: de novo; hormone receptor status: positive"
    )


def test_a_trial_that_excludes_a_patient_is_never_said_to_include_her(site: Endpoint) -> None:
    picture = told(
        site,
        "path",
        **{"from": "profile", "to": f"{E2108}/population/randomised"},
        presentation="recurrent",
    )
    assert all(
        edge["source"] != f"{E2108}/population/randomised" or edge["target"] != "profile"
        for edge in picture["edges"]
    )
    assert "excluded" in picture["notice"]


def test_a_group_of_whom_too_little_is_known_is_said_so_and_not_drawn(site: Endpoint) -> None:
    picture = told(site, "path", **{"from": "profile", "to": STATEMENT, "metastatic_sites": "bone"})
    assert "indeterminate" in picture["notice"]
    drawn = {edge["source"] for edge in picture["edges"] if edge["relation"] == "includes"}
    assert f"{STATEMENT}/patients" not in drawn


def test_columns_of_a_study_hold_its_arms_populations_and_estimates(site: Endpoint) -> None:
    picture = told(site, "study", id=E2108, limit=5000)
    columns: dict[str, set[str]] = {}
    for node in picture["nodes"]:
        columns.setdefault(node["column"], set()).add(node["id"])
    for name, relation in [
        ("arms", "hasArm"),
        ("populations", "hasPopulation"),
        ("estimates", "hasEstimate"),
    ]:
        query = f"SELECT ?x WHERE {{ <{BASE}{E2108}> ml:{relation} ?x }}"
        assert columns[name] == set(column(site, query)), name
    places: dict[float, str] = {}
    for node in picture["nodes"]:
        assert places.setdefault(node["x"], node["column"]) == node["column"]
    assert list(dict.fromkeys(places[x] for x in sorted(places))) == [
        "study",
        "arms",
        "populations",
        "estimates",
        "reports",
        "sources",
    ]


def test_a_short_picture_of_a_study_leaves_out_reports_first(site: Endpoint) -> None:
    picture = told(site, "study", id=E2108, limit=30)
    assert picture["shown"] == 30 < picture["total"]
    kinds = [node["type"] for node in picture["nodes"]]
    assert "Population" in kinds
    assert "Report" not in kinds


@pytest.mark.parametrize(
    ("route", "params"),
    [
        ("study", {"id": TATA, "limit": 5000}),
        ("overlap", {"question": REVIEWED}),
        ("path", {"from": E2108, "to": STATEMENT}),
        ("graph", {"all": 1, "limit": 2000}),
        ("graph", {"focus": TATA, "depth": 3, "limit": 700, "type": ["Report", "Estimate"]}),
    ],
)
def test_what_the_server_lays_out_stands_apart_and_always_at_the_same_place(
    site: Endpoint, route: str, params: dict[str, Any]
) -> None:
    picture = told(site, route, **params)
    assert picture["layout"] == "server"
    places = sorted((node["x"], node["y"]) for node in picture["nodes"])
    assert all(math.isfinite(part) for place in places for part in place)
    assert _nearest(places) > 40
    assert told(site, route, **params) == picture


def _nearest(places: list[tuple[float, float]]) -> float:
    """The least distance between two places, which come sorted from left to right."""
    nearest = math.inf
    for number, one in enumerate(places):
        for other in places[number + 1 :]:
            if other[0] - one[0] >= nearest:
                break
            nearest = min(nearest, math.dist(one, other))
    return nearest


def test_few_things_are_left_to_the_browser_to_lay_out(site: Endpoint) -> None:
    picture = told(site, "graph", focus=TATA)
    assert picture["layout"] == "browser"
    assert all("x" not in node for node in picture["nodes"])


def test_reviews_are_joined_to_the_studies_the_graph_says_they_pool(site: Endpoint) -> None:
    picture = told(site, "overlap", question=REVIEWED)
    query = f"""SELECT ?pair WHERE {{ ?r ml:pools ?s ; ml:question ml:{REVIEWED} .
      BIND(CONCAT(STR(?r), " ", STR(?s)) AS ?pair) }}"""
    pooled = {
        f"{BASE}{edge['source']} {BASE}{edge['target']}".removeprefix(BASE)
        for edge in picture["edges"]
        if edge["relation"] == "pools"
    }
    assert pooled == set(column(site, query))


def test_a_question_without_reviews_is_told_to_have_none(site: Endpoint) -> None:
    reviews = """?s ml:question ?q ; ml:design ?d .
      FILTER(?d IN (ml:meta_analysis, ml:systematic_review) || EXISTS { ?s ml:pools ?x })"""
    reviewed = set(column(site, f"SELECT DISTINCT ?q WHERE {{ {reviews} }}"))
    others = set(column(site, "SELECT ?q WHERE { ?q a ml:Question }")) - reviewed
    assert others
    for question in others:
        picture = told(site, "overlap", question=question.removeprefix("ontology/"))
        assert picture["nodes"] == []
        assert picture["notice"].startswith("No review in the graph is about")
    one = min(reviewed).removeprefix("ontology/")
    assert told(site, "overlap", question=one)["nodes"]


def test_a_review_whose_list_nobody_gives_is_shown_as_not_known(site: Endpoint) -> None:
    picture = told(site, "overlap", question=REVIEWED)
    joined = {edge["source"] for edge in picture["edges"] if edge["relation"] == "pools"}
    reviews = [node for node in picture["nodes"] if node["column"] == "reviews"]
    lists = {node["id"]: node["data"]["list"] for node in reviews}
    assert {one for one, word in lists.items() if word == "known"} == joined
    assert "not known" in lists.values()


def export(site: Endpoint, form: str, things: list[str], name: str = "Ours / two") -> Any:
    answer = site.client.post(
        "/explore/export", data={"ids": ",".join(things), "format": form, "name": name}
    )
    assert answer.status_code == 200, answer.text
    return answer


def test_graphml_holds_the_things_and_the_relations_among_them(site: Endpoint) -> None:
    picture = told(site, "graph", focus=TATA, limit=60)
    found = nx.read_graphml(io.BytesIO(export(site, "graphml", ids(picture)).content))
    assert set(found) == {BASE + one for one in ids(picture)}
    relations = {(a, b, data["relation"]) for a, b, data in found.edges(data=True)}
    assert relations == {
        (BASE + edge["source"], BASE + edge["target"], edge["relation"])
        for edge in picture["edges"]
    }


def test_turtle_says_of_each_thing_what_the_graph_says(site: Endpoint) -> None:
    answer = export(site, "turtle", [TATA, E2108])
    found = {quad.triple for quad in ox.parse(answer.content, format=ox.RdfFormat.TURTLE)}
    for thing in (TATA, E2108):
        query = f"SELECT DISTINCT ?p ?o WHERE {{ <{BASE}{thing}> ?p ?o }}"
        own = [triple for triple in found if triple.subject == ox.NamedNode(BASE + thing)]
        rows = site.ask(query, "application/sparql-results+json").json()["results"]["bindings"]
        assert len(own) == len(rows) > 5


def test_the_exported_query_gives_what_the_turtle_holds(site: Endpoint) -> None:
    query = export(site, "sparql", [TATA, E2108]).text
    assert query.startswith("# What the graph says of 2 chosen things")
    answer = site.ask(query, "application/n-triples")
    found = {quad.triple for quad in ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES)}
    turtle = export(site, "turtle", [TATA, E2108]).content
    assert found == {quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)}


def test_a_file_is_named_for_the_view_and_the_version_of_the_graph(site: Endpoint) -> None:
    version = column(
        site, f"SELECT ?v WHERE {{ <{BASE}id/dataset/metalocal> owl:versionInfo ?v }}"
    )[0]
    named = export(site, "graphml", [TATA]).headers["content-disposition"]
    assert named == f'attachment; filename="metalocal-ours-two-{version}.graphml"'


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"format": "graphml", "ids": ""}, 400, "names nothing"),
        ({"format": "gexf", "ids": TATA}, 400, "graphml, sparql, turtle"),
        ({"format": "turtle", "ids": f"{TATA},id/study/nowhere"}, 404, "'id/study/nowhere'"),
        ({"format": "turtle", "ids": ",".join(map(str, range(5001)))}, 400, "5000 is the most"),
        ({"format": "turtle", "ids": "x" * 1_000_001}, 413, "larger than"),
    ],
)
def test_an_export_that_cannot_be_is_refused(
    site: Endpoint, form: dict[str, str], status: int, words: str
) -> None:
    answer = site.client.post("/explore/export", data=form)
    assert (answer.status_code, words in answer.text) == (status, True), answer.text


def test_five_thousand_things_can_be_exported_but_not_as_a_query(site: Endpoint) -> None:
    things = ids(told(site, "graph", all=1, limit=5000))
    assert not any("," in one or "|" in one for one in things)
    found = nx.read_graphml(io.BytesIO(export(site, "graphml", things).content))
    assert len(found) == len(things) == 5000
    form = {"ids": ",".join(things), "format": "sparql"}
    refusal = site.client.post("/explore/export", data=form)
    assert refusal.status_code == 400
    assert "take Turtle" in refusal.text


def test_the_regions_of_questions_do_not_run_into_each_other(site: Endpoint) -> None:
    picture = told(site, "graph", all=1, limit=1000, type=["Study", "Arm"])
    of: dict[str, list[Picture]] = {}
    for node in picture["nodes"]:
        if node["type"] == "Study":
            of.setdefault(node["keys"]["question"][0], []).append(node)
    discs = []
    for nodes in of.values():
        x, y = (sum(node[axis] for node in nodes) / len(nodes) for axis in "xy")
        discs.append(((x, y), max(math.dist((x, y), (n["x"], n["y"])) for n in nodes)))
    overlapping = [
        (one, other)
        for one, other in combinations(discs, 2)
        if math.dist(one[0], other[0]) < 0.8 * (one[1] + other[1])
    ]
    assert overlapping == []
