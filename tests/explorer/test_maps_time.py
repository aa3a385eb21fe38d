"""Studies in time: years as printed, marks where the years are, nothing left out in silence."""

from __future__ import annotations

import csv
import io
import re

import pytest

from metalocal.commands.common import open_graph
from metalocal.explorer.maps.timeline import axis_of, by_period, by_publication, shape_of
from metalocal.explorer.maps.years import Dated, Printed, dated_studies
from metalocal.locations import locations
from tests.endpoint.conftest import Endpoint

PATH = "/maps/time"
_PUBLISHED = """\
PREFIX ml: <https://w3id.org/metalocal/ontology/>
SELECT ?study (GROUP_CONCAT(DISTINCT ?year; separator=" or ") AS ?years) WHERE {
  { SELECT DISTINCT ?study ?year WHERE {
    ?study ml:hasFact ?fact . ?fact ml:property ml:publication_year .
    ?fact ml:hasReport/ml:printedValue ?year } ORDER BY ?study ?year }
} GROUP BY ?study"""


def study(**told: object) -> Dated:
    """A study with a year, unless told otherwise."""
    usual: dict[str, object] = {
        "id": "a", "label": "A", "design": "case_series", "design_label": "case series", "rank": 6,
        "question": "q", "question_label": "Q", "status": "completed", "direction": "",
        "published": (2010,), "began": None, "ended": None, "is_open": False, "printed": (),
    }  # fmt: skip
    return Dated(**{**usual, **told})  # type: ignore[arg-type]


def marks_on(page: str) -> list[str]:
    return re.findall(r'<a href="/id/study/([^"]+)" class="mark', page)


def test_every_study_stands_in_the_table_once(site: Endpoint) -> None:
    rows = list(csv.DictReader(io.StringIO(site.client.get(f"{PATH}.csv").text)))
    query = "PREFIX ml: <https://w3id.org/metalocal/ontology/> SELECT ?s WHERE { ?s a ml:Study }"
    told = site.ask(query, accept="application/json").json()["results"]["bindings"]
    assert sorted(row["study"] for row in rows) == sorted(
        one["s"]["value"].rpartition("/")[2] for one in told
    )


def test_years_of_publication_are_those_that_sources_print(site: Endpoint) -> None:
    rows = csv.DictReader(io.StringIO(site.client.get(f"{PATH}.csv").text))
    told = site.ask(_PUBLISHED, accept="application/json").json()["results"]["bindings"]
    printed = {one["study"]["value"].rpartition("/")[2]: one["years"]["value"] for one in told}
    shown = {row["study"]: row["published"] for row in rows if row["published"]}
    assert {k: set(v.split(" or ")) for k, v in shown.items()} == {
        k: set(v.split(" or ")) for k, v in printed.items()
    }


def test_every_study_is_drawn_or_named_as_not_drawn(site: Endpoint) -> None:
    page = site.client.get(PATH).text
    drawn = marks_on(page)
    unmarked = re.search(r'<details class="unmarked">(.*?)</details>', page, re.DOTALL)
    named = re.findall(r"/id/study/([^\"]+)", unmarked[1] if unmarked else "")
    rows = csv.DictReader(io.StringIO(site.client.get(f"{PATH}.csv").text))
    assert sorted([*drawn, *named]) == sorted(row["study"] for row in rows)


def test_filters_leave_studies_of_that_question_and_design(site: Endpoint) -> None:
    asked = {"question": "local_therapy_of_primary", "design": "randomised_controlled_trial"}
    rows = list(csv.DictReader(io.StringIO(site.client.get(f"{PATH}.csv", params=asked).text)))
    assert {(row["question"], row["design"]) for row in rows} == {tuple(asked.values())}
    assert set(marks_on(site.client.get(PATH, params=asked).text)) <= {r["study"] for r in rows}
    assert {"e2108", "mf07-01", "tata"} <= {row["study"] for row in rows}


@pytest.mark.parametrize(("asked", "said"), [({"by": "month"}, "period"), ({"design": "x"}, "use")])
def test_what_is_no_filter_of_time_is_refused(
    site: Endpoint, asked: dict[str, str], said: str
) -> None:
    answer = site.client.get(PATH, params=asked)
    assert answer.status_code == 400
    assert said in answer.text


def test_a_period_that_is_printed_as_still_recruiting_has_no_end() -> None:
    found = {one.id: one for one in dated_studies(open_graph(None), locations().queries, {})}
    assert found["stereo-os"].is_open
    assert found["stereo-os"].ended is None
    assert (found["gobbini-2018"].began, found["gobbini-2018"].ended) == (2008, 2014)


def test_studies_of_one_year_and_question_stand_above_one_another() -> None:
    drawn = by_publication([study(id="a"), study(id="b"), study(id="c", published=(2011,))])
    places = {mark.study.id: (mark.x, mark.y) for mark in drawn.lanes[0].marks}
    assert places["a"][0] == places["b"][0]
    assert places["a"][1] > places["b"][1]
    assert places["c"][0] > places["a"][0]
    assert places["c"][1] == places["a"][1]


def test_a_bar_is_as_long_as_the_study_took() -> None:
    drawn = by_period([study(began=2005, ended=2013), study(id="b", began=2013, is_open=True)])
    widths = {mark.study.id: mark.width for mark in drawn.lanes[0].marks}
    assert widths["a"] == 8 * axis_of([2005, 2013]).step
    assert widths["b"] == 0


def test_a_study_without_a_year_has_no_mark() -> None:
    assert by_publication([study(published=())]).lanes == ()


def test_a_design_that_is_not_stated_has_an_outline_of_its_own() -> None:
    assert shape_of(study(design="design_not_stated", rank=6)) == "not-stated"
    assert shape_of(study(design="consensus_process", rank=7)) == "other"


def test_a_year_printed_on_several_lines_is_shown_once_with_the_number_of_the_others() -> None:
    printed = tuple(Printed("publication_year", "year", "2010", "s", line) for line in (1, 2, 3))
    assert [(p.line, p.others) for p in study(printed=printed).prints] == [(1, 2)]
