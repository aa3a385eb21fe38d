"""`/ask`: the form, the counts and the answer, against the answer the same graph gives."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from graph_builder.attributes import Kind
from metalocal.answers import Answer, Library, answer
from metalocal.attributes import local_name
from metalocal.commands.common import built_graph
from metalocal.endpoint import Front, Limits, Sources
from metalocal.endpoint.api.telling import Patients
from metalocal.endpoint.engine.wire import Answer as Result
from metalocal.endpoint.engine.wire import Job
from metalocal.explorer.ask.asked import asked
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.pages.addresses import path_of
from metalocal.profiles import profile_of
from metalocal.render.html.question import deciding_rows
from metalocal.render.html.rest import settled_words
from metalocal.render.next_words import recommendations_on, trials_on
from metalocal.render.verdicts import verdict_sentence
from metalocal.server import create_app
from tests.endpoint.conftest import Endpoint, serving

if TYPE_CHECKING:
    import httpx

DE_NOVO = (
    "presentation=de_novo&hr_status=positive&her2_status=negative&age=48&metastasis_count=1"
    "&metastatic_sites_only=bone&primary_status=intact&primary_resectable=yes&prior_lines=0"
)
RECURRENT = "presentation=recurrent&metastasis_count=3&metastatic_sites=bone"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(LocalGraph(built_graph()), locations().queries)


@pytest.fixture(scope="module")
def expected(library: Library) -> Answer:
    """The answer for DE_NOVO, made without a server."""
    given: dict[str, object] = dict(parse_qsl(DE_NOVO))
    given["metastatic_sites"] = {"only": [given.pop("metastatic_sites_only")]}
    return answer(profile_of(given, library.attributes, library.rules), library)


@pytest.fixture(scope="module")
def page_of_de_novo(site: Endpoint) -> str:
    return text_of(site, DE_NOVO)


def get(site: Endpoint, query: str, path: str = "/ask") -> httpx.Response:
    return site.client.get(f"{path}?{query}" if query else path)


def text_of(site: Endpoint, query: str, path: str = "/ask") -> str:
    response = get(site, query, path)
    assert response.status_code == 200, response.text[:500]
    return unescape(response.text)


def part(page: str, id_: str) -> str:
    """The section of a page with this id."""
    found = re.search(rf'<section[^>]* id="{re.escape(id_)}".*?\n</section>', page, re.DOTALL)
    assert found, f"there is no section {id_}"
    return found[0]


def counts(site: Endpoint, query: str) -> Any:
    return get(site, query, "/ask/counts").json()


# The form


def test_the_form_asks_for_every_attribute_under_the_name_the_api_takes(
    site: Endpoint, library: Library
) -> None:
    page = text_of(site, "")
    names = set(re.findall(r'name="([a-z0-9_]+)"', page))
    for key, attribute in library.attributes.items():
        assert attribute.question in page
        assert key in names
        assert (f"{key}_absent" in names) == (attribute.kind is Kind.SET)


def test_every_select_starts_at_unknown_and_no_box_is_ticked(site: Endpoint) -> None:
    page = text_of(site, "")
    selects = re.findall(r"<select id=\"i-.*?</select>", page, re.DOTALL)
    assert len(selects) > 40
    assert all('<option value="">unknown</option>' in one for one in selects)
    assert " checked" not in page
    assert " selected" not in page


def test_a_number_is_asked_with_its_unit_and_range(site: Endpoint, library: Library) -> None:
    field = re.search(r'<input id="i-age".*?</span>', text_of(site, ""), re.DOTALL)
    age = library.attributes["age"]
    assert field
    assert f'min="{age.lowest}" max="{age.highest}"' in field[0]
    assert age.unit in field[0]


def test_rarely_used_groups_open_where_a_fact_of_them_is_told(site: Endpoint) -> None:
    assert '<details class="rarely" open>' not in text_of(site, "")
    assert text_of(site, "karnofsky=80").count('<details class="rarely" open>') == 1


def test_every_invented_patient_leads_to_an_answer(site: Endpoint) -> None:
    links = re.findall(r'<li><a href="(/ask\?[^"]+)"', text_of(site, ""))
    assert len(links) >= 3
    for link in links:
        assert "Summary of findings" in site.client.get(link).text


def test_a_plain_submit_with_empty_values_comes_to_the_clean_address(site: Endpoint) -> None:
    sent = f"age=&presentation=&her2_status=unknown&{DE_NOVO}&ecog=+"
    response = get(site, sent)
    assert response.status_code == 303
    assert response.headers["location"] == f"/ask?{DE_NOVO}"


def test_an_empty_form_comes_back_to_the_form(site: Endpoint) -> None:
    assert get(site, "age=&presentation=").headers["location"] == "/ask"


def test_staging_said_to_be_complete_becomes_these_only(site: Endpoint) -> None:
    sent = "metastatic_sites=bone&metastatic_sites=liver&metastatic_sites_complete=true"
    told = parse_qsl(urlsplit(get(site, sent).headers["location"]).query)
    assert told == [("metastatic_sites_only", "bone"), ("metastatic_sites_only", "liver")]


def test_a_clean_address_is_not_sent_elsewhere(site: Endpoint) -> None:
    assert get(site, f"{DE_NOVO}&study=e2108").status_code == 200


def test_a_form_behind_a_proxy_keeps_the_prefix() -> None:
    places = locations()
    sources = Sources(built_graph(), places.queries, places.ontology)
    front = Front(public_url="http://127.0.0.1/evidence")
    with serving(create_app(sources, Limits(), front)) as running:
        headers = {"X-Forwarded-Prefix": "/evidence"}
        sent = running.client.get("/ask?age=", headers=headers)
        root = sent.headers["location"].removesuffix("/ask")
        assert f'action="{root}/ask"' in running.client.get("/ask", headers=headers).text


# What cannot be answered


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("presentaton=de_novo", "did you mean presentation"),
        ("presentation=denovo", "did you mean de_novo?"),
        ("her2=positive", "did you mean her2_status?"),
        ("age=4", "lies outside 15 to 120 years"),
        ("age=old", "is no number"),
        ("age=48&age=50", "is told twice"),
        ("metastatic_sites=toe", "has no value"),
        ("metastatic_sites_complete=true", "said to be complete and names nothing"),
        ("age=48&all=prognosi", "did you mean prognosis?"),
    ],
)
def test_what_is_not_known_is_refused_in_the_page_with_the_nearest_name(
    site: Endpoint, query: str, words: str
) -> None:
    response = get(site, query)
    assert response.status_code == 400
    assert words in unescape(response.text)
    assert "<form" in response.text


def test_facts_that_contradict_one_another_stand_in_the_form_beside_their_field(
    site: Endpoint,
) -> None:
    response = get(site, "metastatic_sites=bone&metastatic_sites_absent=bone&age=50")
    assert response.status_code == 422
    field = response.text.partition('id="f-metastatic_sites"')[2].partition("</fieldset>")[2]
    assert "bone is said to be present and absent" in field.partition("</div>")[0]
    assert 'name="age" value="50"' in response.text


def test_the_api_refuses_the_same_contradictions(site: Endpoint) -> None:
    told = "presentation=de_novo&disease_free_interval_months=24"
    assert get(site, told).status_code == get(site, told, "/api/answer").status_code == 422


@pytest.mark.parametrize(
    "query",
    [
        "%00=%00",
        "age=%ff",
        "age=1e999999",
        "age=NaN",
        "age=%F0%9D%9F%98",
        "presentation=%22%3E%3Cscript%3E",
        "%3Cscript%3E=1",
        "metastatic_sites=bone,liver",
        "but.age=3",
        "study=%00%0d%0aX",
        "print=1",
        "all=",
        "=&=&=",
        "&".join(f"a{number}=1" for number in range(1200)),
        "age=" + "9" * 61_000,
        "number=age&to=nothing",
        "change=",
        "change=age",
        "change=a=b=c",
        "but.=1",
        "but.age=unknown",
        "but.presentation=denovo",
    ],
)
@pytest.mark.parametrize("path", ["/ask", "/ask/counts", "/ask/compare"])
def test_no_input_is_a_fault_of_ours(site: Endpoint, path: str, query: str) -> None:
    response = site.client.get(f"{path}?{query}", follow_redirects=True)
    assert response.status_code < 500
    if response.headers["content-type"].startswith("text/html"):
        assert "<script>" not in response.text


# Counts


def test_the_counts_are_those_of_the_named_query(site: Endpoint, library: Library) -> None:
    verdicts = site.client.get(
        f"/api/queries/verdicts?{DE_NOVO}&limit=1000", headers={"Accept": "application/json"}
    ).json()["rows"]
    of_studies = [row for row in verdicts if "/id/study/" in row["owner"]]
    found = counts(site, DE_NOVO)
    assert of_studies
    for verdict in ("included", "indeterminate", "excluded"):
        told = {row["group"] for row in of_studies if row["verdict"] == verdict}
        assert found[verdict] == len(told)


def test_the_counts_of_each_question_are_those_of_the_answer(
    site: Endpoint, expected: Answer
) -> None:
    told = {one["code"]: one for one in counts(site, DE_NOVO)["questions"]}
    for question in expected.questions:
        verdicts = [p.verdict for study in question.studies for p in study.populations]
        for verdict in ("included", "indeterminate", "excluded"):
            assert told[question.code][verdict] == verdicts.count(verdict)


def test_where_nothing_is_told_no_population_excludes(site: Endpoint) -> None:
    found = counts(site, "")
    assert found["excluded"] == 0
    assert found["indeterminate"] > found["included"]


def test_counts_of_contradictory_facts_name_the_contradiction(site: Endpoint) -> None:
    told = counts(site, "metastatic_sites=bone&metastatic_sites_absent=bone")
    assert told["problems"][0]["attribute"] == "metastatic_sites"
    assert get(site, "agee=4", "/ask/counts").status_code == 400


# The answer


def test_the_summary_tells_each_verdict_as_the_answer_does(
    page_of_de_novo: str, expected: Answer
) -> None:
    table = part(page_of_de_novo, "findings")
    bodies = re.findall(r"<tbody.*?</tbody>", table, re.DOTALL)
    local = [question for question in expected.questions if question.local_therapy]
    assert len(bodies) == len(local)
    for question in local:
        body = next(one for one in bodies if question.question in one.lower())
        assert question.judgement.word in body
        for vote in question.judgement.votes[:3]:
            assert vote.row.study.label in body
            assert vote.row.outcome in body
            assert vote.row.population.patients in body
        for step in question.judgement.certainty.steps if question.judgement.certainty else ():
            assert step.reason in body


def test_each_question_with_evidence_has_its_sentence_and_its_rows(
    page_of_de_novo: str, expected: Answer
) -> None:
    decided = [one for one in expected.questions if one.local_therapy and deciding_rows(one)]
    assert decided
    for question in decided:
        section = part(page_of_de_novo, question.code)
        assert verdict_sentence(question, hanging=False) in section
        for row in deciding_rows(question):
            assert f'href="{path_of(row.study.id)}"' in section
            for criterion in row.population.open_criteria("unknown"):
                assert criterion in section


def test_every_printed_place_links_to_its_report(site: Endpoint, page_of_de_novo: str) -> None:
    links = re.findall(r'<a href="(/id/[^"]+)"[^>]*>([a-z-]+-\d{4}:\d+)</a>', page_of_de_novo)
    reports = {href: place for href, place in links if "/report/" in href}
    assert len(reports) > 40
    values = " ".join(f"<https://w3id.org/metalocal{href}>" for href in reports)
    rows = site.ask(
        "PREFIX ml: <https://w3id.org/metalocal/ontology/> SELECT ?r ?s ?l WHERE { VALUES ?r { "
        f"{values} }} ?r ml:reportedIn ?s ; ml:line ?l }}",
        "application/sparql-results+json",
    ).json()["results"]["bindings"]
    found = {
        row["r"]["value"]: f"{local_name(row['s']['value'])}:{row['l']['value']}" for row in rows
    }
    assert found == {f"https://w3id.org/metalocal{href}": place for href, place in reports.items()}


def test_where_sources_print_a_number_differently_both_prints_are_in_sight(
    page_of_de_novo: str, expected: Answer
) -> None:
    table = part(page_of_de_novo, "findings")
    rows = [vote.row for one in expected.questions for vote in one.judgement.votes[:3]]
    found = [
        (one.printed, values)
        for row in rows
        for one in row.evidence
        if len(values := {report.value for report in one.reports if report.value}) > 1
    ]
    assert found
    for printed, values in found:
        assert " | ".join(printed) in table
        assert all(value in table for value in values)


def test_the_doubt_about_the_ratio_of_abcsg_28_stands_beside_it(page_of_de_novo: str) -> None:
    row = part(page_of_de_novo, "findings").partition('href="/id/study/abcsg-28"')[2]
    assert "in doubt" in row.partition("</tr>")[0]
    assert "ratio against its arms" in row.partition("</tr>")[0]


def test_all_rows_of_a_question_come_where_they_are_asked_for(
    site: Endpoint, expected: Answer
) -> None:
    question = expected.questions[0]
    page = part(text_of(site, f"{DE_NOVO}&all={question.code}"), question.code)
    table = page.partition(f"All {len(question.rows)} findings, most direct first")[2]
    assert table.count('<th scope="row">') >= len(question.rows)


def test_recommendations_stand_by_whether_they_apply(
    page_of_de_novo: str, expected: Answer
) -> None:
    section = part(page_of_de_novo, "recommended")
    local = [one.question for one in expected.questions if one.local_therapy and not one.moot]
    found = recommendations_on(expected, local)
    may = [one for one in found if one.verdict == "indeterminate"]
    barred = [one for one in found if one.verdict == "excluded"]
    assert f"{len(may)} may apply" in section
    assert f"{len(barred)} do not apply" in section
    for one in found:
        assert (f'href="{path_of(one.id)}"' in section) == (one.verdict != "not matched")


def test_the_facts_to_find_out_are_those_of_the_answer_in_its_order(
    page_of_de_novo: str, expected: Answer
) -> None:
    section = part(page_of_de_novo, "next")
    places = [section.index(f'id="next-{one.attribute}"') for one in expected.unknowns]
    assert places == sorted(places)
    for one in expected.unknowns:
        assert settled_words(one) in section


def test_an_answer_to_a_fact_is_a_link_to_the_page_that_knows_it(
    site: Endpoint, expected: Answer, page_of_de_novo: str
) -> None:
    section = part(page_of_de_novo, "next")
    links = re.findall(r'<a href="(/ask\?[^"]+response=progression[^"]*)"', section)
    assert links == [f"/ask?{DE_NOVO}&response=progression"]
    before = counts(site, DE_NOVO)
    after = counts(site, urlsplit(links[0]).query)
    assert after["indeterminate"] < before["indeterminate"]


def test_no_answer_offered_contradicts_what_is_told(page_of_de_novo: str, library: Library) -> None:
    patients = Patients(library.attributes, tuple(library.rules))
    section = part(page_of_de_novo, "next")
    links = set(re.findall(r'<a href="/ask\?([^"]+)"', section))
    assert len(links) > 10
    assert [query for query in links if asked(parse_qsl(query), patients).faults] == []


def test_a_number_to_find_out_is_a_form_that_keeps_the_rest(page_of_de_novo: str) -> None:
    field = re.search(r'<li id="next-progressing_lesions">.*?</form>', page_of_de_novo, re.DOTALL)
    assert field
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)">', field[0])
    assert urlencode(hidden) == DE_NOVO
    assert 'name="progressing_lesions"' in field[0]


def test_each_fact_can_be_taken_away(page_of_de_novo: str) -> None:
    chips = page_of_de_novo.partition('<ul class="chips"')[2].partition("</ul>")[0]
    links = [parse_qsl(query) for query in re.findall(r'href="/ask\?([^"]+)"', chips)]
    told = parse_qsl(DE_NOVO)
    assert sorted(next(iter(set(told) - set(left))) for left in links) == sorted(told)
    assert all(len(left) == len(told) - 1 for left in links)


def test_what_follows_from_the_facts_is_marked_as_derived(page_of_de_novo: str) -> None:
    derived = page_of_de_novo.partition("from these (derived)")[2].partition("</ul>")[0]
    assert "number of metastatic organs: 1" in derived
    assert "age" not in derived


def test_open_trials_link_to_their_registry_entry(page_of_de_novo: str, expected: Answer) -> None:
    section = part(page_of_de_novo, "trials")
    local = [one.question for one in expected.questions if one.local_therapy and not one.moot]
    found = trials_on(expected, local)
    assert len(found) > 4
    assert all(address in section for one in found for _, address in one.registry)


def test_what_clashes_in_deciding_studies_is_in_sight(page_of_de_novo: str) -> None:
    section = part(page_of_de_novo, "clashes")
    in_sight = section.partition("<details")[0]
    assert "ABCSG-28, ratio against its arms" in in_sight
    assert "numbers printed differently by sources" in section


# Why not a study


def test_e2108_excludes_recurrent_disease_and_says_so(site: Endpoint) -> None:
    page = text_of(site, RECURRENT)
    barriers = part(page, "excluded")
    before = barriers.partition('id="study-e2108"')[0]
    assert before.rpartition("<li><b>")[2].startswith("presentation: de novo</b>")


@pytest.mark.parametrize("text", ["e2108", "E2108", "NCT01242800"])
def test_a_study_is_found_by_name_or_number_and_stands_criterion_by_criterion(
    site: Endpoint, text: str
) -> None:
    section = part(text_of(site, f"{RECURRENT}&study={text}"), "search")
    assert 'href="/id/study/e2108"' in section
    assert "excludes this patient" in section
    assert "presentation: de novo" in section


def test_a_study_that_is_not_there_is_said_not_to_be(site: Endpoint) -> None:
    section = part(text_of(site, f"{RECURRENT}&study=e2109"), "search")
    assert "No study has this in its name or number; did you mean e2108?" in section


def test_every_study_that_excludes_has_an_anchor(site: Endpoint, expected: Answer) -> None:
    page = text_of(site, DE_NOVO)
    excluding = {
        local_name(study.id)
        for one in expected.questions
        if one.local_therapy
        for study in one.studies
        if study.verdict == "excluded"
    }
    assert set(re.findall(r'<li id="study-([^"]+)"', page)) == excluding


# Print, exports, weight


def test_for_print_every_part_is_open_and_the_form_is_left_out(site: Endpoint) -> None:
    page = text_of(site, f"{DE_NOVO}&print=1")
    folded = re.findall(r"<details(?![^>]* open)[^>]*>", page)
    assert all("id=" in one for one in folded)  # background, whose rows are asked for apart
    assert "data-profile" not in page
    assert "/ask?" + DE_NOVO + '"' in page


def test_the_exports_hold_the_same_answer(
    site: Endpoint, page_of_de_novo: str, expected: Answer
) -> None:
    links = re.findall(r'href="(/api/answer\?[^"]+)"', page_of_de_novo)
    told = {dict(parse_qsl(urlsplit(one).query))["format"]: site.client.get(one) for one in links}
    assert set(told) == {"json", "md", "text"}
    document = json.loads(told["json"].text)
    assert document["profile"]["sentence"] == expected.sentence
    assert expected.sentence in told["md"].text


def test_the_query_behind_the_verdicts_runs(site: Endpoint, page_of_de_novo: str) -> None:
    link = re.search(r'href="/sparql\?([^"]+)"', page_of_de_novo)
    assert link
    query = dict(parse_qsl(link[1]))["query"]
    rows = site.ask(query, "application/sparql-results+json").json()["results"]["bindings"]
    of_studies = [row for row in rows if "/id/study/" in row["owner"]["value"]]
    assert len(of_studies) == sum(
        counts(site, DE_NOVO)[verdict] for verdict in ("included", "indeterminate", "excluded")
    )


@pytest.mark.parametrize("query", ["", DE_NOVO, RECURRENT])
def test_a_page_stays_small(site: Endpoint, query: str) -> None:
    assert len(get(site, query).content) < 400_000


def test_the_page_is_not_kept_anywhere(site: Endpoint) -> None:
    assert get(site, DE_NOVO).headers["cache-control"] == "no-store"


# One library for all


def test_the_api_reads_nothing_again_that_the_pages_have_read(
    site: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    text_of(site, DE_NOVO)
    get(site, "", "/api/attributes")
    asked_for = []
    ask = site.pool.ask

    async def counting(job: Job) -> Result:
        asked_for.append(job.query)
        return await ask(job)

    monkeypatch.setattr(site.pool, "ask", counting)
    assert get(site, DE_NOVO, "/api/answer").status_code == 200
    assert asked_for == []


def test_where_time_runs_out_the_refusal_is_a_page() -> None:
    places = locations()
    sources = Sources(built_graph(), places.queries, places.ontology)
    with serving(create_app(sources, Limits(seconds=0.001))) as running:
        response = running.client.get(f"/ask?{DE_NOVO}")
        assert response.status_code == 503
        assert "<h1>Not answered</h1>" in response.text
        assert "after 0.001 seconds" in response.text
