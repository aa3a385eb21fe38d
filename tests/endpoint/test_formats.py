from __future__ import annotations

import pytest

from metalocal.endpoint.formats import GRAPH_FORMATS, RESULT_FORMATS, choose


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("application/*", "json"),
        ("text/*", "xml"),
        ("text/csv", "csv"),
        ("TEXT/CSV", "csv"),
        ("text/csv;q=0.2, text/tab-separated-values;q=0.9", "tsv"),
        ("application/sparql-results+xml, */*;q=0.1", "xml"),
        ("application/sparql-results+json;q=0, */*", "json"),
        ("application/sparql-results+json;q=0, application/json;q=0, */*", "xml"),
        ("text/csv;q=none", "csv"),
        ("text/html, text/csv;q=0.4", "csv"),
        ("nonsense, text/csv", "csv"),
    ],
)
def test_the_format_follows_the_weights_of_the_accept_header(accept: str, name: str) -> None:
    chosen = choose(accept, RESULT_FORMATS)
    assert chosen
    assert chosen.name == name


def test_nothing_is_chosen_when_everything_is_refused() -> None:
    assert choose("text/html, */*;q=0", RESULT_FORMATS) is None


def test_the_content_type_is_the_name_the_client_asked_for() -> None:
    chosen = choose("application/json", RESULT_FORMATS)
    assert chosen
    assert chosen.content_type == "application/json"


def test_a_graph_comes_as_turtle_unless_asked_otherwise() -> None:
    chosen = choose("*/*", GRAPH_FORMATS)
    assert chosen
    assert chosen.content_type == "text/turtle; charset=utf-8"
