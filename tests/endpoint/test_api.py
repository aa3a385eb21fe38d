"""`/api`: named queries, attributes and answers for a profile, as JSON and the other formats."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from metalocal.answers import NOTICE, Library, answer
from metalocal.attributes import attributes_of, implications_of
from metalocal.catalogue import ML, catalogue
from metalocal.commands.ask import graph_sha256
from metalocal.commands.common import built_graph
from metalocal.endpoint import Sources
from metalocal.endpoint.api.paging import columns_of
from metalocal.endpoint.api.query_slots import takes_profile
from metalocal.graph import LocalGraph
from metalocal.locations import locations, version
from metalocal.profiles import profile_of
from metalocal.render.data import Maker, as_json
from metalocal.server import create_app
from tests.endpoint.small_graph import small_graph

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint

QUERIES = catalogue(locations().queries)
PROFILE = {"presentation": "de_novo", "age": 48, "metastatic_sites": ["bone"]}


@pytest.fixture(scope="module")
def graph() -> LocalGraph:
    return LocalGraph(built_graph())


@pytest.fixture(scope="module")
def api(built: Endpoint) -> Endpoint:
    return built


def body(api: Endpoint, path: str, **parameters: object) -> Any:
    response = api.client.get(f"/api{path}", params=parameters)
    assert response.status_code == 200, response.text
    return response.json()


def refused(api: Endpoint, path: str, status: int = 400) -> Any:
    response = api.client.get(f"/api{path}")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.status_code == response.json()["status"] == status
    return response.json()


# What there is


def test_the_list_names_every_query_with_a_link_that_works(api: Endpoint) -> None:
    listed = {one["name"]: one for one in body(api, "")["queries"]}
    assert set(listed) == set(QUERIES)
    assert api.client.get(listed["outcome"]["link"]).status_code == 200
    assert listed["outcome"]["parameters"][0]["columns"] == {"outcome": "iri"}
    assert listed["verdicts"]["takes_profile"]
    assert listed["verdicts"]["parameters"] == []


def test_the_list_is_the_same_with_and_without_a_last_slash(api: Endpoint) -> None:
    assert body(api, "") == body(api, "/")


def test_attributes_tell_what_a_form_needs(api: Endpoint) -> None:
    asked = {one["name"]: one for one in body(api, "/attributes")["attributes"]}
    assert asked["age"]["kind"] == "number"
    assert (asked["age"]["lowest"], asked["age"]["unit"]) == (15, "years")
    assert {"value": "de_novo", "label": "de novo"} in asked["presentation"]["values"]
    assert asked["metastatic_sites"]["kind"] == "set"


def test_every_query_has_an_operation_in_the_openapi_document(api: Endpoint) -> None:
    document = body(api, "/openapi.json")
    assert document["openapi"].startswith("3.1")
    assert {f"/queries/{name}" for name in QUERIES} < set(document["paths"])
    assert NOTICE in document["info"]["description"]
    for name, query in QUERIES.items():
        operation = document["paths"][f"/queries/{name}"]["get"]
        assert operation["summary"] == query.summary
        assert operation["tags"] == list(query.tags)
    outcome = document["paths"]["/queries/outcome"]["get"]["parameters"][0]
    assert "overall_survival" in outcome["schema"]["items"]["enum"]


@pytest.mark.parametrize("name", QUERIES)
def test_columns_are_read_from_the_text_as_the_engine_sees_them(
    name: str, graph: LocalGraph
) -> None:
    found = graph.select(f"{QUERIES[name].text}\nLIMIT 1")
    assert columns_of(QUERIES[name]) == found.columns


# Rows


@pytest.mark.parametrize("name", [name for name in QUERIES if not takes_profile(QUERIES[name])])
def test_a_query_gives_the_rows_that_its_file_gives(
    name: str, api: Endpoint, graph: LocalGraph
) -> None:
    response = api.client.get(f"/api/queries/{name}", params={"format": "sparql-json"})
    table = graph.select(QUERIES[name].text)
    found = response.json()
    assert found["head"]["vars"] == list(table.columns)
    assert [{n: c["value"] for n, c in row.items()} for row in found["results"]["bindings"]] == (
        table.texts()
    )


def test_rows_have_every_column_with_numbers_as_numbers(api: Endpoint) -> None:
    found = body(api, "/queries/estimates", limit=50)
    assert all(list(row) == found["columns"] for row in found["rows"])
    assert all(isinstance(row["line"], int) for row in found["rows"])
    assert any(row["p"] is None for row in found["rows"])
    assert found["notice"] == NOTICE


def test_a_parameter_takes_a_word_a_prefixed_name_and_an_iri(api: Endpoint) -> None:
    words = ("local_control", "ml:local_control", f"{ML}local_control")
    found = [body(api, "/queries/outcome", outcome=word)["rows"] for word in words]
    assert found[0] == found[1] == found[2] != []
    assert found[0] != body(api, "/queries/outcome")["rows"]


def test_a_parameter_given_twice_gives_the_rows_of_both(api: Endpoint) -> None:
    words = ["overall_survival", "local_control"]
    both = body(api, "/queries/outcome", outcome=words)["rows"]
    each = [row for word in words for row in body(api, "/queries/outcome", outcome=word)["rows"]]
    assert sorted(map(json.dumps, both)) == sorted(map(json.dumps, each))
    posted = api.client.post("/api/queries/outcome", json={"outcome": words})
    assert posted.json()["rows"] == both


def test_rows_of_several_columns_come_with_commas_or_as_objects(api: Endpoint) -> None:
    cases = ["liver,inside,a", "liver,outside,b"]
    facts = ["a,metastatic_sites-liver,1", "b,metastatic_sites-liver,0"]
    found = body(api, "/queries/evidence-map", cases=cases, facts=facts, about="metastatic_sites")
    told = {
        "cases": [
            {"axisValue": "liver", "side": "inside", "case": "a"},
            {"axisValue": "liver", "side": "outside", "case": "b"},
        ],
        "facts": [
            {"case": "a", "value": "metastatic_sites-liver", "truth": 1},
            {"case": "b", "value": "metastatic_sites-liver", "truth": 0},
        ],
        "about": ["metastatic_sites"],
    }
    posted = api.client.post("/api/queries/evidence-map", json=told)
    assert posted.json()["rows"] == found["rows"] != []


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values, text/csv;q=0.5", "text/tab-separated-values; charset=utf-8"),
    ],
)
def test_the_accept_header_chooses_the_format(
    accept: str, content_type: str, api: Endpoint
) -> None:
    response = api.client.get("/api/queries/outcomes?limit=1", headers={"Accept": accept})
    assert response.headers["content-type"] == content_type


def test_a_format_named_in_the_url_wins_over_the_accept_header(api: Endpoint) -> None:
    response = api.client.get("/api/queries/outcomes?format=csv", headers={"Accept": "text/html"})
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [row["outcome"] for row in rows] == [
        row["outcome"] for row in body(api, "/queries/outcomes")["rows"]
    ]


def test_an_accept_header_without_any_of_the_formats_is_406(api: Endpoint) -> None:
    response = api.client.get("/api/queries/outcomes", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/csv" in response.json()["detail"]


# Pages


@pytest.mark.parametrize("name", ["outcome", "verdicts", "comparisons", "arm-treatments"])
def test_pages_joined_are_all_rows_once(name: str, api: Endpoint) -> None:
    whole = body(api, f"/queries/{name}")["rows"]
    size = len(whole) // 3 + 1
    response = api.client.get(f"/api/queries/{name}", params={"limit": size})
    pages = list(response.json()["rows"])
    while "next" in response.links:
        response = api.client.get(response.links["next"]["url"])
        pages += response.json()["rows"]
    in_order = sorted(map(json.dumps, pages))
    assert in_order == sorted(map(json.dumps, whole))
    assert len(pages) == len(whole) > size


def test_the_last_page_has_no_next_one_even_when_it_is_full(api: Endpoint) -> None:
    count = len(body(api, "/queries/questions")["rows"])
    full = api.client.get(f"/api/queries/questions?limit={count}")
    assert "link" not in full.headers
    assert full.json()["next_offset"] is None
    short = api.client.get(f"/api/queries/questions?limit={count - 1}&format=csv")
    assert f"offset={count - 1}" in short.links["next"]["url"]
    assert "format=csv" in short.links["next"]["url"]


# Profiles


def test_a_profile_in_the_url_in_a_body_and_of_the_command_line_is_the_same(
    api: Endpoint, graph: LocalGraph
) -> None:
    queries = locations().queries
    rules = implications_of(graph, queries)
    known = profile_of(PROFILE, attributes_of(graph, queries), rules)
    told = graph.select(QUERIES["verdicts"].bound(known.rows())).texts()
    posted = api.client.post("/api/queries/verdicts", json=PROFILE).json()["rows"]
    assert body(api, "/queries/verdicts", **PROFILE)["rows"] == posted
    assert [(row["group"], row["verdict"]) for row in posted] == [
        (row["group"], row["verdict"]) for row in told
    ]


def test_sites_may_be_told_as_absent_or_as_all_there_are(api: Endpoint) -> None:
    by_url = body(api, "/queries/verdicts", metastatic_sites_only="bone")["rows"]
    for told in (
        {"metastatic_sites": {"only": ["bone"]}},
        {"metastatic_sites": ["bone"], "metastatic_sites_complete": True},
    ):
        assert api.client.post("/api/queries/verdicts", json=told).json()["rows"] == by_url
    assert body(api, "/queries/verdicts", metastatic_sites="bone")["rows"] != by_url


def test_a_profile_that_tells_nothing_leaves_every_group_open_or_included(api: Endpoint) -> None:
    verdicts = {row["verdict"] for row in body(api, "/queries/verdicts")["rows"]}
    assert "indeterminate" in verdicts
    assert "excluded" not in verdicts


def test_a_profile_that_contradicts_itself_is_422_and_says_where(api: Endpoint) -> None:
    found = refused(api, "/queries/verdicts?er_status=positive&hr_status=negative", 422)
    assert "contradicts" in found["detail"]
    assert found["errors"][0]["in"] == "profile"


# Answers


def test_the_answer_for_a_profile_is_the_one_of_the_command_line(
    api: Endpoint, graph: LocalGraph
) -> None:
    library = Library(graph, locations().queries)
    by_hand = answer(profile_of(PROFILE, library.attributes, library.rules), library)
    told = body(api, "/answer", **PROFILE)
    assert told == json.loads(as_json(by_hand, Maker(version(), graph_sha256())))
    assert api.client.post("/api/answer", json=PROFILE).json() == told


def test_the_answer_in_words_is_brief_and_carries_the_notice(api: Endpoint) -> None:
    response = api.client.get("/api/answer", params=PROFILE, headers={"Accept": "text/plain"})
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert NOTICE in response.text
    assert len(response.text.splitlines()) < 200


def test_sparql_is_answered_while_an_answer_is_made(api: Endpoint) -> None:
    made: list[int] = []
    asking = threading.Thread(
        target=lambda: made.append(api.client.get("/api/answer?age=50").status_code)
    )
    asking.start()
    found = [api.ask("ASK {}").status_code for _ in range(20)]
    asking.join()
    assert (made, found) == ([200], [200] * 20)


# What is wrong with a request


def test_a_wrong_word_is_told_with_the_nearest_right_one(api: Endpoint) -> None:
    found = refused(api, "/queries/outcome?outcome=overal_survival")
    assert found["errors"] == [
        {
            "in": "query",
            "parameter": "outcome",
            "found": "overal_survival",
            "what": "is not among the words taken here",
            "mend": found["errors"][0]["mend"],
        }
    ]
    assert "overall_survival" in found["errors"][0]["mend"]


def test_all_that_is_wrong_is_told_at_once(api: Endpoint) -> None:
    found = refused(api, "/queries/verdicts?age=200&hr_status=maybe&limit=0")
    assert {one["parameter"] for one in found["errors"]} == {"age", "hr_status", "limit"}
    assert "lies outside 15 to 120 years" in found["detail"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/queries/studies?colour=red", "'colour' (red) is not known"),
        ("/queries/verdicts?agee=48", "did you mean age"),
        ("/queries/verdicts?age=48&age=50", "'age' is given 2 times"),
        ("/queries/verdicts?age=48.5", "no whole number"),
        ("/queries/verdicts?age=nan", "is no number"),
        ("/queries/verdicts?age=1e999999999", "is no number"),
        ("/queries/outcome?limit=-1", "a whole number from 1 to"),
        ("/queries/outcome?format=pdf", "sparql-json"),
        ("/queries/evidence-map?cases=a,b", "has 2 values, not 3"),
        ("/queries/evidence-map?facts=a,b,c", "in column truth is no number"),
        ("/queries/outcome?outcome=%ff", "not UTF-8"),
        ("/queries/search?text=%ed%a0%80", "not UTF-8"),
        ("/queries/study?study=mlid:study/a%20b", "is no IRI"),
        ("/queries/search?text=", "not empty"),
    ],
)
def test_a_value_that_does_not_fit_is_told_in_a_sentence(
    path: str, words: str, api: Endpoint
) -> None:
    assert words in refused(api, path)["detail"]


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"{", 400, "is no JSON"),
        (b"", 400, "is missing"),
        (b"[]", 400, "is no object"),
        (b"null", 400, "is no object"),
        (b"[" * 100_000, 400, "body"),
        (b'{"age": "48"}', 400, "without quotes"),
        (b'{"age": 1e400}', 400, "is no number"),
        (b'{"age": true}', 400, "is no number"),
        (b'{"age": [48]}', 400, "is no number"),
        (b'{"presentation": ["de_novo"]}', 400, "is not among the values"),
        (b'{"metastatic_sites": "bone"}', 400, "is no list"),
        (b'{"metastatic_sites": {"here": ["bone"]}}', 400, "present, absent, only"),
        (b'{"metastatic_sites": [{"a": 1}]}', 400, "is not among the values"),
        (b'{"metastatic_sites_complete": 1}', 400, "write true or false"),
        (b'{"\\ud800": 1}', 400, "is not known"),
        (b'{"age": 48, "x": "' + b"a" * 1_000_000 + b'"}', 413, "larger than 1000000 bytes"),
    ],
)
def test_a_body_that_does_not_fit_is_told_in_a_sentence(
    content: bytes, status: int, words: str, api: Endpoint
) -> None:
    headers = {"Content-Type": "application/json"}
    response = api.client.post("/api/queries/verdicts", content=content, headers=headers)
    assert response.status_code == status, response.text
    assert words in response.json()["detail"]
    assert response.headers["content-type"] == "application/problem+json"


def test_a_body_that_is_not_said_to_be_json_is_415(api: Endpoint) -> None:
    response = api.client.post("/api/answer", data={"age": "48"})
    assert response.status_code == 415
    assert "application/json" in response.json()["detail"]


def test_a_path_that_is_not_there_is_404_with_the_nearest_name(api: Endpoint) -> None:
    assert "/api/queries/verdicts" in refused(api, "/queries/verdict", 404)["detail"]


def test_a_method_that_is_not_taken_is_405_with_those_that_are(api: Endpoint) -> None:
    response = api.client.put("/api/queries/verdicts")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert api.client.post("/api/queries/studies").headers["content-type"].endswith("problem+json")


def test_a_browser_may_post_json_from_another_site(api: Endpoint) -> None:
    response = api.client.options("/api/answer")
    assert response.status_code == 204
    assert "Content-Type" in response.headers["access-control-allow-headers"]
    assert response.headers["access-control-allow-origin"] == "*"


def test_head_gives_the_headers_of_get_without_a_body(api: Endpoint) -> None:
    response = api.client.head("/api/queries/outcomes")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-type"] == "application/json"


def test_the_headers_of_the_endpoint_are_on_refusals_too(api: Endpoint) -> None:
    for path in ("/api", "/api/nothing", "/api/queries/outcome?x=1"):
        assert api.client.get(path).headers["x-content-type-options"] == "nosniff"


def test_an_endpoint_without_named_queries_has_no_api(endpoint: Endpoint) -> None:
    assert endpoint.client.get("/api").status_code == 404
    assert endpoint.client.get("/api/openapi.json").status_code == 404


def test_another_graph_that_is_served_gives_another_api(tmp_path: Path) -> None:
    file = small_graph(tmp_path)

    async def keys(client: httpx.AsyncClient) -> set[str]:
        found = (await client.get("/api/attributes")).json()
        return {attribute["name"] for attribute in found["attributes"]}

    async def before_and_after() -> tuple[set[str], set[str]]:
        app = create_app(Sources(file, locations().queries))
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):
            before = await keys(client)
            lines = file.read_text("utf-8").splitlines(keepends=True)
            others = [line for line in lines if not line.startswith(f"<{ML}ecog> ")]
            file.write_text("".join(others), encoding="utf-8")
            await app.state.pool.reload()
            return before, await keys(client)

    before, after = asyncio.run(before_and_after())
    assert before - after == {"ecog"}
