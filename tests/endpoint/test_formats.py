"""Accept headers as clients send them, and as they should not."""

from __future__ import annotations

import pytest

from metalocal.endpoint.formats import (
    GRAPH_FORMATS,
    RESULT_FORMATS,
    accepted_by_name,
    choose,
    prefers_page,
)

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
YASGUI = "application/sparql-results+json,*/*;q=0.9"
JENA = (
    "application/sparql-results+json, application/sparql-results+xml;q=0.9, "
    "text/tab-separated-values;q=0.7, text/csv;q=0.5, application/json;q=0.2, "
    "application/xml;q=0.2, */*;q=0.1"
)


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("", "json"),
        (" , ", "json"),
        ("*/*", "json"),
        ("*/*;q=0.1", "json"),
        ("application/*", "json"),
        ("text/*", "csv"),
        ("text/*;q=0.3, application/*;q=0.2", "csv"),
        ("text/csv", "csv"),
        ("TEXT/CSV", "csv"),
        ("text/csv; header=present; charset=utf-8", "csv"),
        ("text/csv;q=0.2, text/tab-separated-values;q=0.9", "tsv"),
        ("text/csv, */*", "csv"),
        ("text/csv, */*;q=0.1, text/csv;q=0.05", "csv"),
        ("application/sparql-results+json;charset=utf-8", "json"),
        ("application/sparql-results+xml, */*;q=0.1", "xml"),
        ("application/sparql-results+json;q=0, */*", "xml"),
        ("application/sparql-results+json; Q = 0.2 , text/csv ; q=0.3", "csv"),
        ("text/csv;q=none, text/tab-separated-values;q=0.9", "csv"),
        ("text/csv;q=nan, text/tab-separated-values;q=0.9", "csv"),
        ("text/csv;q=-1, text/tab-separated-values;q=0.9", "csv"),
        ("text/csv;q=., text/tab-separated-values;q=0.9", "csv"),
        ("text/csv;q=0.500, text/tab-separated-values;q=.6", "tsv"),
        ("text/html, text/csv;q=0.4", "csv"),
        ("nonsense, text/csv", "csv"),
        ('text/x;p="a,text/tab-separated-values", text/csv', "csv"),
        ('text/csv;p="unclosed', "csv"),
        (JENA, "json"),
        (YASGUI, "json"),
        (FIREFOX, "xml"),
        ("application/json, text/plain, */*", "json"),
    ],
)
def test_the_format_follows_the_weights_of_the_accept_header(accept: str, name: str) -> None:
    chosen = choose(accept, RESULT_FORMATS)
    assert chosen
    assert chosen.name == name


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "text/turtle; charset=utf-8"),
        ("text/*", "text/turtle; charset=utf-8"),
        ("application/*", "application/n-triples"),
        ("application/json", "application/json"),
        ("text/n3", "text/n3; charset=utf-8"),
        ("application/trig", "application/trig; charset=utf-8"),
        ("application/n-quads", "application/n-quads"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#x,y;z"', "application/ld+json"),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.8", "application/rdf+xml"),
    ],
)
def test_a_graph_comes_in_the_form_asked_for_under_the_name_asked_for(
    accept: str, content_type: str
) -> None:
    chosen = choose(accept, GRAPH_FORMATS)
    assert chosen
    assert chosen.content_type == content_type


@pytest.mark.parametrize(
    "accept", ["text/html, */*;q=0", "text/csv;q=0", "image/*", "nonsense", "text/xml;q=0.000"]
)
def test_nothing_is_chosen_when_everything_is_refused(accept: str) -> None:
    assert choose(accept, RESULT_FORMATS) is None


def test_the_content_type_is_the_name_the_client_asked_for() -> None:
    chosen = choose("application/json", RESULT_FORMATS)
    assert chosen
    assert chosen.content_type == "application/json"


@pytest.mark.parametrize("accept", ["", "*/*", YASGUI, "text/html;q=0", "text/turtle, text/html"])
def test_a_page_is_not_for_who_takes_data_as_gladly(accept: str) -> None:
    assert not prefers_page(accept)


def test_a_page_is_for_a_browser() -> None:
    assert prefers_page(FIREFOX)


@pytest.mark.parametrize(
    ("value", "results", "graph"),
    [
        ("json", "json", "json-ld"),
        ("XML", "xml", "rdf-xml"),
        ("csv", "csv", None),
        ("n-triples", None, "n-triples"),
        ("text/tab-separated-values", "tsv", None),
    ],
)
def test_a_format_can_be_asked_for_by_name(
    value: str, results: str | None, graph: str | None
) -> None:
    accept = accepted_by_name(value)
    assert accept
    found = [choose(accept, formats) for formats in (RESULT_FORMATS, GRAPH_FORMATS)]
    assert [chosen and chosen.name for chosen in found] == [results, graph]


def test_a_name_nobody_knows_stands_for_nothing() -> None:
    assert accepted_by_name("xlsx") is None


@pytest.mark.parametrize("piece", ['"', 'a/b;p="', "a/b;", ",", "\\", '"\\'])
def test_a_hostile_header_is_read_in_one_pass(piece: str) -> None:
    assert choose(piece * 60_000, RESULT_FORMATS) is None or piece == ","
