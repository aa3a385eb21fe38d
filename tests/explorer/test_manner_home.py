"""The front page: where it leads, and whom it offers to ask about."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from graph_builder.yaml_tree import PLACES
from metalocal.endpoint.patients import patient_links
from metalocal.locations import locations
from metalocal.pages.addresses import Link
from metalocal.profiles import read_given
from tests.endpoint.conftest import Endpoint

BROWSER = {"Accept": "text/html"}
FOLDER = locations().data / "profiles"
PATIENTS = patient_links(FOLDER)


@pytest.fixture(scope="module")
def home(site: Endpoint) -> str:
    return site.client.get("/", headers=BROWSER).text


def links(page: str) -> list[str]:
    main = page.partition("<main")[2].partition("</main>")[0]
    return [unescape(href) for href in re.findall(r'href="([^"]*)"', main)]


def test_each_link_of_the_front_page_leads_somewhere_here(site: Endpoint, home: str) -> None:
    ours = [href for href in links(home) if href.startswith("/") and not href.startswith("/dump")]
    assert {"/ask", "/explore", "/sparql", "/maps", "/api"} <= set(ours)
    asked = {href: site.client.get(href, headers=BROWSER, follow_redirects=True) for href in ours}
    assert {href: answer.status_code for href, answer in asked.items() if answer.is_error} == {}


def test_the_search_of_the_front_page_leads_to_the_explorer(home: str) -> None:
    form = re.search(r'<form class="search"[^>]*>', home)
    assert form
    assert 'action="/explore" method="get"' in form[0]
    assert 'name="search"' in home


def test_every_example_patient_that_tells_anything_is_offered(home: str) -> None:
    files = {path.stem for path in FOLDER.glob("*.yaml")} - {"nothing-known"}
    assert {patient.title for patient in PATIENTS} == files
    assert {patient.href for patient in PATIENTS} <= set(links(home))
    assert all(patient.text and "Invented" not in patient.text for patient in PATIENTS)


def test_a_program_still_gets_lines(site: Endpoint) -> None:
    answer = site.client.get("/")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.splitlines()[-1] == "metalocal informs; it does not advise."


def plain(value: object) -> object:
    """A value of a profile file without the places of what it holds."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items() if key != PLACES}
    return list(value) if isinstance(value, list) else value


@pytest.mark.parametrize("patient", PATIENTS, ids=lambda patient: patient.title)
def test_the_link_of_a_patient_tells_all_that_the_file_tells(site: Endpoint, patient: Link) -> None:
    path = FOLDER / f"{patient.title}.yaml"
    given, _ = read_given(path.read_text("utf-8"), path.name)
    query = urlsplit(patient.href).query
    by_link = site.client.get(f"/api/queries/verdicts?{query}")
    by_file = site.client.post("/api/queries/verdicts", json=plain(given))
    assert by_link.status_code == by_file.status_code == 200
    assert by_link.json()["rows"] == by_file.json()["rows"]
    assert set(parse_qs(query)) >= {
        key for key in given if not isinstance(given[key], list | dict)
    } - {key for key in given if key.endswith("_complete")}
