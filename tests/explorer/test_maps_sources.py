"""Lines of the sources: each cited line with as much as a query counts there."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

import pytest

from metalocal.explorer.maps.lines import FACTS, GUIDANCE, RESULTS, Line, Read
from metalocal.explorer.maps.strip import ACROSS, strip_of
from tests.endpoint.conftest import Endpoint

SOURCES = ("cervantes-2023", "liu-2023", "merloni-2023", "merloni-2024", "ueno-2022")
_LINES = """\
PREFIX ml: <https://w3id.org/metalocal/ontology/>
PREFIX mlid: <https://w3id.org/metalocal/id/>
SELECT ?line (COUNT(DISTINCT ?report) AS ?reports) WHERE {{
  ?report ml:reportedIn <https://w3id.org/metalocal/id/source/{source}> ; ml:line ?line
}} GROUP BY ?line ORDER BY ?line"""
_REPORTS = """\
PREFIX ml: <https://w3id.org/metalocal/ontology/>
SELECT ?report WHERE {{
  ?report ml:reportedIn <https://w3id.org/metalocal/id/source/{source}> ; ml:line ?line
  FILTER(?line >= {first} && ?line <= {last})
}}"""


def rows(site: Endpoint, query: str) -> list[dict[str, str]]:
    told = site.ask(query, accept="application/json").json()["results"]["bindings"]
    return [{name: value["value"] for name, value in one.items()} for one in told]


def reports_on(page: str) -> list[str]:
    """Paths of the reports in the table of what was read."""
    table = page.partition('<table class="read"')[2].partition("</table>")[0]
    return re.findall(r'<td><a href="(/id/[^"]*/report/[^"]*)"', table)


@pytest.mark.parametrize("source", SOURCES)
def test_every_cited_line_is_drawn_with_the_number_of_its_reports(
    site: Endpoint, source: str
) -> None:
    page = site.client.get(f"/maps/source/{source}").text
    drawn = re.findall(r'\?line=(\d+)#read" class="line q[1-4]".*?<text[^>]*>(\d+)</text>', page)
    counted = rows(site, _LINES.format(source=source))
    assert drawn == [(row["line"], row["reports"]) for row in counted]


@pytest.mark.parametrize(("source", "first", "last"), [("ueno-2022", 85, 85), ("liu-2023", 50, 62)])
def test_a_range_lists_every_report_that_stands_on_it(
    site: Endpoint, source: str, first: int, last: int
) -> None:
    asked = {"from": first, "to": last}
    page = site.client.get(f"/maps/source/{source}", params=asked).text
    found = rows(site, _REPORTS.format(source=source, first=first, last=last))
    told = [row["report"].removeprefix("https://w3id.org/metalocal") for row in found]
    assert Counter(reports_on(page)) == Counter(told)


def test_a_line_shows_the_print_with_its_interval_and_leads_to_its_report(site: Endpoint) -> None:
    page = site.client.get("/maps/source/ueno-2022", params={"line": "85"}).text
    assert re.search(r'/id/study/mf07-01/estimate/os-hr/report/ueno-2022-85">[^<]*\(', page)
    assert "Read from line 85" in page


def test_a_kind_leaves_what_is_of_that_kind(site: Endpoint) -> None:
    both = [
        len(reports_on(site.client.get("/maps/source/liu-2023", params={"line": 52, **kind}).text))
        for kind in ({}, *({"kind": kind} for kind in (RESULTS, FACTS, GUIDANCE)))
    ]
    assert both[0] == sum(both[1:])
    assert both[0] > max(both[1:])


def test_the_file_of_a_source_holds_each_of_its_reports_once(site: Endpoint) -> None:
    text = site.client.get("/maps/source/ueno-2022.csv").text
    named = [row["report"] for row in csv.DictReader(io.StringIO(text))]
    found = rows(site, _REPORTS.format(source="ueno-2022", first=1, last=1000))
    assert sorted(named) == sorted(row["report"] for row in found)


def test_a_line_from_which_nothing_was_read_says_so(site: Endpoint) -> None:
    answer = site.client.get("/maps/source/ueno-2022", params={"line": "1"})
    assert answer.status_code == 200
    assert "Nothing in the graph was read from line 1" in answer.text.replace("\n", " ")


def test_the_page_says_that_the_article_is_not_here(site: Endpoint) -> None:
    assert "The text of the article is not part" in site.client.get("/maps/source/liu-2023").text


def test_the_list_of_sources_counts_reports_and_cited_lines(site: Endpoint) -> None:
    page = site.client.get("/maps/sources").text
    for source in SOURCES:
        counted = rows(site, _LINES.format(source=source))
        reports = sum(int(row["reports"]) for row in counted)
        row = page.partition(f'/maps/source/{source}"')[2].partition("</tr>")[0]
        assert f">{len(counted)} of {counted[-1]['line']}<" in row
        assert f">{reports:,}<" in row


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("line=zero", "no line"),
        ("line=0", "no line"),
        ("line=99999999999999999999", "no line"),
        ("line=%D9%A3", "no line"),
        ("from=20&to=10", "no range"),
        ("line=85&from=2", "not both"),
        ("kind=result", "results"),
        ("lin=85", "did you mean line"),
    ],
)
def test_what_is_no_line_is_refused(site: Endpoint, asked: str, said: str) -> None:
    answer = site.client.get(f"/maps/source/ueno-2022?{asked}")
    assert answer.status_code == 400
    assert said in answer.text


def test_a_source_that_is_not_there_is_refused_with_one_like_it(site: Endpoint) -> None:
    answer = site.client.get("/maps/source/ueno-2023")
    assert answer.status_code == 404
    assert "ueno-2022" in answer.text


def test_the_picture_goes_on_to_the_last_cited_line() -> None:
    read = Read(1, "", RESULTS, "", "", "", "", "", "", "", False)
    drawn = strip_of([Line(2, (read,)), Line(ACROSS + 1, (read,) * 20)])
    squares = [square for row in drawn.rows for square in row.squares]
    assert [square.number for square in squares] == list(range(1, ACROSS + 2))
    assert [s.shade for s in squares if s.count] == [1, 4]
    assert squares[1].kinds == (True, False, False)
