from __future__ import annotations

import pyoxigraph as ox
import pytest

from metalocal.endpoint.wording import evaluation_error, parse_error


def words_for(query: str) -> str:
    with pytest.raises(SyntaxError) as raised:
        ox.Store().query(query)
    return parse_error(query, str(raised.value))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT * {\n  ?s ?p ?o", "line 2, column 11: reading stopped at the end of the query"),
        (
            "SELECT * {\n  ?s ?p ?o ?x }",
            "line 2, column 16: reading stopped at the end of the query",
        ),
        ("SELECT * { ?s ?p ex:o }", "a prefix is not declared"),
        ("SELECT ?x { ?s ?p ?o } GROUP BY ?s", "neither in GROUP BY nor inside COUNT"),
        ("SELECT (1 AS ?x) (2 AS ?x) { }", "two columns the same name"),
        ("SELECT * { ?s <relative> ?o }", "add a BASE line"),
        ("SELECT * { ?s ?p ?o } LIMIT x", "line 1, column 29: reading stopped at 'x'"),
    ],
)
def test_what_the_engine_cannot_read_is_said_in_plain_words(query: str, words: str) -> None:
    said = words_for(query)
    assert words in said
    assert said.startswith("The query could not be read at line ")


@pytest.mark.parametrize("query", ["", "SELEC", "SELECT * { ?s ?p ?o FILTER(?o > ) }", "ASK { é"])
def test_no_character_class_of_the_engine_reaches_the_reader(query: str) -> None:
    said = words_for(query)
    assert "[" not in said
    assert "\\u" not in said


def test_a_message_without_a_place_is_still_a_sentence() -> None:
    assert parse_error("x", "odd") == (
        "The query could not be read; check its brackets, quotes and keywords."
    )


def test_an_unknown_function_is_named() -> None:
    said = evaluation_error("The custom function <http://a.org/f> is not supported")
    assert said
    assert "The function <http://a.org/f> is not one of SPARQL's" in said
