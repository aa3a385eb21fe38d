"""The audit as page: every finding once, its prints with their lines, files as the command's."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from metalocal.commands.common import open_graph
from metalocal.findings import SEVERITIES, Finding, findings_of
from metalocal.locations import locations
from metalocal.render import findings as written
from tests.endpoint.conftest import Endpoint

PATH = "/maps/audit"


@pytest.fixture(scope="module")
def found() -> tuple[Finding, ...]:
    """Every finding, asked of the graph without a server."""
    return findings_of(open_graph(None), locations().queries)


def ids_on(page: str) -> list[str]:
    """Ids of the findings, by the names of their tables."""
    return [unescape(name) for name in re.findall(r'aria-label="Prints: ([^"]+)"', page)]


def test_every_finding_is_shown_once(site: Endpoint, found: tuple[Finding, ...]) -> None:
    shown = ids_on(site.client.get(PATH).text)
    assert sorted(shown) == sorted(one.id for one in found)
    assert len(shown) == len(set(shown))


def test_every_place_of_a_finding_leads_to_its_line_and_report(
    site: Endpoint, found: tuple[Finding, ...]
) -> None:
    page = site.client.get(PATH).text
    links = re.findall(r'<td><a class="at" href="/maps/source/([^?]+)\?line=(\d+)"', page)
    places = [(at.source, str(at.line)) for one in found for at in one.places]
    assert sorted(links) == sorted(places)
    reports = re.findall(r'<td><a href="(/id/[^"]*report[^"]*)"', page)
    assert len(reports) == len(places)
    assert site.client.get(reports[0], headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize("severity", SEVERITIES)
def test_a_severity_leaves_its_findings(
    site: Endpoint, found: tuple[Finding, ...], severity: str
) -> None:
    shown = ids_on(site.client.get(PATH, params={"severity": severity}).text)
    assert sorted(shown) == sorted(one.id for one in found if one.severity == severity)


def test_filters_join(site: Endpoint, found: tuple[Finding, ...]) -> None:
    asked = {"study": "abcsg-28", "kind": "ratio_against_arms"}
    shown = ids_on(site.client.get(PATH, params=asked).text)
    wanted = [o.id for o in found if (o.study, o.kind) == ("abcsg-28", "ratio_against_arms")]
    assert shown == wanted
    assert wanted


def test_a_study_without_a_finding_is_no_error(site: Endpoint, found: tuple[Finding, ...]) -> None:
    assert all(one.study != "palatine" for one in found)
    answer = site.client.get(PATH, params={"study": "palatine"})
    assert answer.status_code == 200
    assert "does not prove the numbers right" in answer.text


def test_files_hold_what_the_command_writes(site: Endpoint, found: tuple[Finding, ...]) -> None:
    assert site.client.get(f"{PATH}.csv").text == written.as_csv(found)
    held = json.loads(site.client.get(f"{PATH}.json").text)
    assert held == json.loads(written.as_json(found))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"kind": "ratio_against_arm"}, "ratio_against_arms"),
        ({"severity": "doubtfull"}, "doubtful"),
        ({"study": "abcsg-82"}, "abcsg-28"),
    ],
)
def test_an_unknown_word_is_refused_with_one_like_it(
    site: Endpoint, asked: dict[str, str], said: str
) -> None:
    answer = site.client.get(PATH, params=asked)
    assert answer.status_code == 400
    assert said in answer.text


def test_a_study_with_findings_says_so_where_it_stands_on_other_maps(
    site: Endpoint, found: tuple[Finding, ...]
) -> None:
    number = sum(one.study == "abcsg-28" for one in found)
    cell = {"cell": "local_therapy_of_primary-any_pattern-any_subtype"}
    for path, asked in (("/maps/time", {}), ("/maps/evidence", cell)):
        page = site.client.get(path, params=asked).text
        assert f'href="/maps/audit?study=abcsg-28">{number} audit findings</a>' in page
        assert 'href="/maps/audit?study=palatine"' not in page
