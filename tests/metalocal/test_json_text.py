"""JSON is written as the standard library writes it, whatever an answer may hold."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metalocal.render.json_text import indented

_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
_DOCUMENTS = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=40,
)


@given(_DOCUMENTS)
def test_any_document_is_the_text_of_the_standard_library(document: Any) -> None:
    assert indented(document) == json.dumps(document, indent=1, ensure_ascii=False)


@pytest.mark.parametrize(
    "document",
    [
        {"line\nbreak": 'tab\t, quote ", back\\slash, \u2028, DEL \x7f, bell \x07'},
        {"zeros": [0, 0.0, -0.0], "great": [10**30, 1e30, 1e-7], "not numbers": [float("inf")]},
        {"true": True, "one": 1, "nothing": None, "empty": [{}, [], (), ""]},
        Counter({"included": 2}),
    ],
)
def test_signs_numbers_and_empty_parts_are_written_as_before(document: Any) -> None:
    assert indented(document) == json.dumps(document, indent=1, ensure_ascii=False)


def test_what_json_has_no_word_for_is_refused() -> None:
    with pytest.raises(TypeError):
        indented({"studies": {"E2108"}})
    with pytest.raises(TypeError):
        indented({1: "a key that is no text"})
