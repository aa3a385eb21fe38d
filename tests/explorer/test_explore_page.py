"""/explore without its script: a form, lists and links."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.endpoint.conftest import Endpoint

HTML = {"Accept": "text/html"}
VIEWS = [
    "focus=id/study/tata",
    "study=id/study/tata",
    "overlap=local_therapy_of_primary",
    "path=id/study/mf07-01&path=id/study/tata",
]


def page_of(site: Endpoint, query: str) -> str:
    answer = site.client.get(f"/explore?{query}", headers=HTML)
    assert answer.status_code == 200
    return unescape(answer.text)


@pytest.mark.parametrize("query", VIEWS)
def test_the_page_lists_each_thing_of_the_view_with_a_link(site: Endpoint, query: str) -> None:
    text = page_of(site, query)
    for node in site.client.get(f"/explore/graph?{query}").json()["nodes"]:
        assert f'<a href="/explore?focus={node["id"]}">{node["label"]}</a>' in text


def test_relations_of_the_focus_have_their_counts(site: Endpoint) -> None:
    text = re.sub(r"\s+", " ", page_of(site, "focus=id/study/tata"))
    for one in site.client.get("/explore/relations?id=id/study/tata").json()["relations"]:
        assert f'{one["label"]} <span class="count">{one["count"]:,}' in text


def test_the_steps_of_a_path_are_an_ordered_list(site: Endpoint) -> None:
    text = page_of(site, VIEWS[-1])
    told = site.client.get("/explore/path?from=id/study/mf07-01&to=id/study/tata").json()
    for words in told["words"]:
        assert "".join(f"<li>{word}</li>" for word in words) in text


def test_a_search_lists_what_it_finds_and_says_when_there_is_nothing(site: Endpoint) -> None:
    found = page_of(site, "search=NCT00193778")
    assert '<a href="/explore?focus=id/study/tata">TATA</a>' in found
    assert "Nothing has a name like" in page_of(site, "search=xyzzyx")


def test_filters_without_script_keep_what_is_looked_at(site: Endpoint) -> None:
    text = page_of(site, "focus=id/study/tata&depth=2&type=Arm")
    assert '<input type="hidden" name="focus" value="id/study/tata">' in text
    assert '<input type="hidden" name="depth" value="2">' in text
    assert re.search(r'name="type" value="Arm" checked', text)


def test_what_cannot_be_shown_is_said_on_the_page(site: Endpoint) -> None:
    answer = site.client.get("/explore?focus=id/study/no-such", headers=HTML)
    assert answer.status_code == 404
    assert "id/study/no-such" in unescape(answer.text)
    assert 'role="alert"' in answer.text
    assert "search" in answer.text
