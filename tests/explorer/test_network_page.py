"""The page of /explore as it comes, before any script has run."""

from __future__ import annotations

from typing import Any

import pytest

from metalocal.pages.addresses import BASE
from tests.endpoint.conftest import Endpoint
from tests.explorer.test_network import E2108, TATA, column, ids, told


def page(site: Endpoint, **params: Any) -> tuple[int, str]:
    answer = site.client.get("/explore", params=params)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.status_code, answer.text


def test_a_page_about_a_study_links_to_all_its_neighbours(site: Endpoint) -> None:
    status, text = page(site, focus=TATA)
    assert status == 200
    for thing in ids(told(site, "graph", focus=TATA)):
        assert f'href="/{thing}"' in text, thing


def test_a_search_without_script_finds_what_the_script_finds(site: Endpoint) -> None:
    _, text = page(site, search="NCT01242800")
    assert f'href="/{E2108}"' in text or f"focus={E2108}" in text


def test_a_path_without_script_is_told_in_words(site: Endpoint) -> None:
    _, text = page(site, path=[TATA, E2108])
    words = told(site, "path", **{"from": TATA, "to": E2108})["words"]
    for said in (step for path in words for step in path):
        assert said in text


@pytest.mark.parametrize(
    ("params", "status", "words"),
    [
        ({"focus": "id/study/tataa"}, 404, "did you mean tata"),
        ({"depth": "many"}, 400, "no whole number"),
        ({"nonsense": "1"}, 400, "There is no parameter"),
        ({"path": [TATA, TATA]}, 400, "Both ends"),
    ],
)
def test_what_cannot_be_shown_is_said_on_the_page(
    site: Endpoint, params: dict[str, Any], status: int, words: str
) -> None:
    found = page(site, **params)
    assert found[0] == status
    assert words in found[1]


def test_nothing_of_the_query_string_becomes_markup(site: Endpoint) -> None:
    for name in ("search", "focus", "hr_status", "pin"):
        assert "<script>alert" not in page(site, **{name: "<script>alert(1)</script>"})[1]


def test_every_question_is_there_to_begin_with(site: Endpoint) -> None:
    _, text = page(site)
    for question in column(site, "SELECT ?q WHERE { ?q a ml:Question }"):
        assert question.removeprefix(BASE) in text
