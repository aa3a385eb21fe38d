"""`/ask/compare`: what changes when a fact changes, against the two answers of the same graph."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest

from metalocal.answers import Answer, Library, Reason, answer
from metalocal.commands.common import built_graph
from metalocal.explorer.ask.asked import Pair
from metalocal.explorer.ask.choosing import changed
from metalocal.explorer.ask.compare import changes_of, decided_by
from metalocal.explorer.ask.desk import Desk, desk_of
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.pages.addresses import path_of
from metalocal.profiles import profile_of

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint

FACTS = "presentation=de_novo&hr_status=positive&her2_status=negative&primary_status=intact"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(LocalGraph(built_graph()), locations().queries)


@pytest.fixture(scope="module")
def desk(library: Library) -> Desk:
    return desk_of(library)


def answer_of(library: Library, query: str) -> Answer:
    return answer(profile_of(dict(parse_qsl(query)), library.attributes, library.rules), library)


@pytest.fixture(scope="module")
def before(library: Library) -> Answer:
    return answer_of(library, FACTS)


@pytest.fixture(scope="module")
def recurrent(library: Library) -> Answer:
    return answer_of(library, FACTS.replace("de_novo", "recurrent"))


@pytest.fixture(scope="module")
def page(site: Endpoint) -> str:
    response = site.client.get(f"/ask/compare?{FACTS}&but.presentation=recurrent")
    assert response.status_code == 200
    return unescape(response.text)


def populations_of(found: Answer) -> dict[str, str]:
    return {
        population.id: population.verdict
        for question in found.questions
        for study in question.studies
        for population in study.populations
    }


def test_each_population_that_changes_its_verdict_is_listed_and_no_other(
    page: str, before: Answer, recurrent: Answer
) -> None:
    then, now = populations_of(before), populations_of(recurrent)
    moved = {path_of(one) for one in now if now[one] != then[one]}
    assert len(moved) > 50
    assert set(re.findall(r'href="(/id/study/[^"]+/population/[^"]+)"', page)) == moved
    assert f"{len(moved)} change, {len(now) - len(moved)} stay as before" in page


def test_recurrence_moves_e2108_out_by_the_criterion_that_is_not_met(page: str) -> None:
    row = re.search(r'<tr><th scope="row"><a href="/id/study/e2108".*?</tr>', page)
    assert row
    cells = re.findall(r"<td>(.*?)</td>", row[0])
    assert cells[2].endswith("excludes")
    assert cells[3] == "presentation: de novo"


def test_each_verdict_word_that_changes_is_told_on_both_sides(
    page: str, before: Answer, recurrent: Answer
) -> None:
    table = page.partition('id="q-heading"')[2].partition("</section>")[0]
    for one, two in zip(before.questions, recurrent.questions, strict=True):
        words = one.judgement.word, two.judgement.word
        if one.local_therapy and words[0] != words[1]:
            row = next(row for row in table.split("<tr>") if one.question in row.lower())
            assert row.index(words[0]) < row.rindex(words[1])


def test_recommendations_that_begin_or_cease_to_apply_are_told_apart(
    before: Answer, recurrent: Answer
) -> None:
    then = {one.id: one.verdict for one in before.guidance if one.kind == "recommendation"}
    now = {one.id: one.verdict for one in recurrent.guidance if one.kind == "recommendation"}
    begun = {id_ for id_ in now if now[id_] == "included" != then[id_]}
    ceased = {id_ for id_ in now if then[id_] == "included" != now[id_]}
    changes = changes_of(before, recurrent)
    assert begun | ceased
    assert {one.link.href for one in changes.begin} == {path_of(id_) for id_ in begun}
    assert {one.link.href for one in changes.cease} == {path_of(id_) for id_ in ceased}
    assert changes.same_statements == len(now) - len(begun) - len(ceased)


def test_nothing_changes_between_an_answer_and_itself(before: Answer) -> None:
    changes = changes_of(before, before)
    listed = (changes.questions, changes.populations, changes.begin, changes.cease, changes.groups)
    assert not any(listed)
    assert changes.same_groups == len(before.models)


def test_the_criteria_told_are_those_that_stand_otherwise_than_before() -> None:
    then = [Reason("age at least 18", "met", ()), Reason("de novo", "unknown", ())]
    now = [Reason("age at least 18", "met", ()), Reason("de novo", "met", ())]
    assert decided_by(then, now, "included") == ("de novo",)


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ([("her2_status", "positive")], [("age", "48"), ("her2_status", "positive")]),
        ([("her2_status", "unknown")], [("age", "48")]),
        ([("metastatic_sites_only", "bone")], [("metastatic_sites_only", "bone")]),
    ],
)
def test_a_changed_fact_takes_the_place_of_all_that_was_told_of_it(
    desk: Desk, changes: list[Pair], left: list[Pair]
) -> None:
    told = [("age", "48"), ("her2_status", "low")]
    if changes[0][0].startswith("metastatic"):
        told = [("metastatic_sites", "liver"), ("metastatic_sites_absent", "brain")]
    assert changed(told, changes, desk) == left


def test_the_form_sends_to_an_address_that_can_be_shared(site: Endpoint) -> None:
    sent = f"{FACTS}&change=her2_status%3Dpositive&number=&to="
    response = site.client.get(f"/ask/compare?{sent}")
    assert response.headers["location"] == f"/ask/compare?{FACTS}&but.her2_status=positive"
    sent = f"{FACTS}&change=&number=metastasis_count&to=3"
    response = site.client.get(f"/ask/compare?{sent}")
    assert response.headers["location"] == f"/ask/compare?{FACTS}&but.metastasis_count=3"


def test_both_sides_lead_to_their_answers(site: Endpoint, page: str) -> None:
    links = re.findall(r'<a href="(/ask\?[^"]+)">The answer</a>', page)
    assert links[0] == f"/ask?{FACTS}"
    assert dict(parse_qsl(links[1].partition("?")[2]))["presentation"] == "recurrent"
    assert all(site.client.get(link).status_code == 200 for link in links)


def test_without_a_change_the_page_asks_for_one(site: Endpoint) -> None:
    response = site.client.get(f"/ask/compare?{FACTS}")
    assert response.status_code == 200
    assert "Choose a fact to change" in response.text


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("but.her2=positive", 400, "did you mean her2_status?"),
        ("but.her2_statu=unknown", 400, "did you mean her2_status"),
        ("but.presentation=denovo", 400, "did you mean de_novo?"),
        ("but.disease_free_interval_months=24", 422, "it needs presentation recurrent"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_the_page(
    site: Endpoint, query: str, status: int, words: str
) -> None:
    response = site.client.get(f"/ask/compare?{FACTS}&{query}")
    assert response.status_code == status
    assert words in unescape(response.text)
