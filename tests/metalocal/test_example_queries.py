"""Every example answers its question with the number of rows, and the first row, on record."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

from graph_builder.examples import Example, read_examples
from metalocal.locations import locations

GOLDEN = Path(__file__).parents[1] / "golden" / "queries" / "examples.yaml"
EXPECTED = yaml.safe_load(GOLDEN.read_text("utf-8"))
EXAMPLES = {found.name: found for found in read_examples(locations().queries / "examples")}


@pytest.fixture(scope="module")
def store(graph_file: Path) -> ox.Store:
    found = ox.Store()
    found.bulk_load(path=graph_file, format=ox.RdfFormat.N_QUADS)
    return found


def answered(store: ox.Store, example: Example) -> dict[str, object]:
    found = store.query(example.text, use_default_graph_as_union=True)
    if isinstance(found, ox.QueryBoolean):
        return {"answer": bool(found)}
    if isinstance(found, ox.QueryTriples):
        return {"triples": len(list(found))}
    names = [variable.value for variable in found.variables]
    rows = [dict(zip(names, map(shown, row), strict=True)) for row in found]
    first = {name: text for name, text in rows[0].items() if text is not None} if rows else {}
    return {"rows": len(rows), "first": first}


def shown(term: object) -> str | None:
    text = getattr(term, "value", None)
    return text.replace("https://w3id.org/metalocal/", "") if text is not None else None


def test_every_example_has_its_answer_on_record() -> None:
    assert sorted(EXPECTED) == sorted(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_gives_the_answer_on_record(name: str, store: ox.Store) -> None:
    assert answered(store, EXAMPLES[name]) == EXPECTED[name]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_finds_something(name: str) -> None:
    assert EXPECTED[name].get("rows", 1) > 0
    assert EXPECTED[name].get("triples", 1) > 0
    assert EXPECTED[name].get("answer", True) is True
