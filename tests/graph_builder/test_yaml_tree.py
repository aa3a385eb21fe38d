from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from graph_builder.problems import Place
from graph_builder.yaml_tree import PLACES, read_yaml

NESTED = """\
study:
  arms:
    - {id: surgery, role: intervention}
    -   id: systemic
        "role":   comparator
  none:
"""


def test_each_value_has_the_place_where_it_begins() -> None:
    tree, problems = read_yaml(NESTED, "a.yaml")
    assert problems == []
    first, second = tree["study"]["arms"]
    assert first[PLACES]["role"] == Place("a.yaml", 3, 27)
    assert second[PLACES]["role"] == Place("a.yaml", 5, 19)
    assert tree["study"][PLACES]["arms"] == Place("a.yaml", 3, 5)


def test_each_key_and_each_mapping_has_its_place() -> None:
    tree, _ = read_yaml(NESTED, "a.yaml")
    first, second = tree["study"]["arms"]
    assert first[PLACES][""] == Place("a.yaml", 3, 7)
    assert first[PLACES]["key role"] == Place("a.yaml", 3, 21)
    assert second[PLACES][""] == Place("a.yaml", 4, 9)
    assert tree[PLACES][""] == Place("a.yaml", 1, 1)


def test_a_column_counts_characters_and_not_bytes() -> None:
    tree, _ = read_yaml("{label: 'Étude – été', id: x}", "a.yaml")
    assert tree[PLACES]["id"] == Place("a.yaml", 1, 28)


def test_norway_and_yes_stay_words_as_in_yaml_1_2() -> None:
    tree, _ = read_yaml("{country: NO, answer: yes, truth: true, at: 2020-01-01}", "a.yaml")
    given = {key: value for key, value in tree.items() if key != PLACES}
    assert given == {"country": "NO", "answer": "yes", "truth": True, "at": "2020-01-01"}


@settings(max_examples=40)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.from_regex(r"[a-z ]{0,8}", fullmatch=True),
        lambda part: (
            st.lists(part, max_size=3)
            | st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), part, max_size=3)
        ),
        max_leaves=8,
    ).filter(lambda data: data is not None)
)
def test_what_is_written_is_read_back(data: Any) -> None:
    tree, problems = read_yaml(json.dumps(data), "a.yaml")
    assert problems == []
    assert without_places(tree) == data


def without_places(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: without_places(value) for key, value in tree.items() if key != PLACES}
    return [without_places(item) for item in tree] if isinstance(tree, list) else tree
