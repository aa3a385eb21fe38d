"""Whatever is sent as a value of a named query is a value: it never becomes a piece of the query.

Every parameter of every query of the catalogue gets every attack, in the URL and in a body; a new
query is covered by being there.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest

from metalocal.attributes import attributes_of
from metalocal.catalogue import ID, ML, NamedQuery, Parameter, catalogue
from metalocal.endpoint import Sources
from metalocal.endpoint.api.query_slots import own_parameters, takes_profile
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.server import create_app
from tests.endpoint.small_graph import small_graph

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint, Listener

QUERIES = catalogue(locations().queries)
PARAMETERS = [(query, one) for query in QUERIES.values() for one in own_parameters(query)]
PLAIN = {"iri": "ml:age", "text": "a", "integer": "1", "decimal": "1"}
OUTSIDE = "OUTSIDE"
"""Stands in an attack for the address of a listener that nobody may call."""

ATTACKS = (
    '"',
    "'",
    "\\",
    '\\"',
    "\\u0022",
    "\\\\u0022 ) } #",
    "}",
    ") } UNION { ?s ?p ?o } #",
    '") } UNION { ?s ?p ?o } VALUES (?x) { ("',
    "> } UNION { ?s ?p ?o } #",
    f'") }} SERVICE <{OUTSIDE}> {{ ?s ?p ?o }} #',
    f"ml:age) }} SERVICE <{OUTSIDE}> {{ ?s ?p ?o }} #",
    f"1) }} SERVICE SILENT <{OUTSIDE}> {{ ?s ?p ?o }} #",
    f"{OUTSIDE}",
    f"<{OUTSIDE}>",
    "brain # comment",
    "brain\n} #",
    "brain\r\nX-Header: 1",
    "brain\tbrain",
    "\x00",
    "brain\x00",
    "\x7f\x1b[31m",
    "http://example.org/a b",
    "http://example.org/a>b",
    "http://example.org/%3E%20%7D",
    "http://example.org/%",
    "http://example.org/%zz",
    "http://example.org/\u202eabc",
    "http://[::1]/",
    "http://example.org:99999999/",
    "mlid:study/../../x",
    "mlid:",
    "ml:ml:age",
    "%22%20%7D",
    "%2522",
    "\u202ebrain\u202c",
    "\u200bbrain\ufeff",
    unicodedata.normalize("NFD", "Étude"),
    unicodedata.normalize("NFC", "Étude"),
    "\uff1c\uff1e\uff02",
    "\ufffe\U0010ffff",
    "1e999999999",
    "0x10",
    "1_000",
    "١٢",
    "NaN",
    "1; DROP ALL",
    "a" * 501,
    "ab" * 20_000,
    "?text",
    "$text",
    "_:b0",
    "<< ml:a ml:b ml:c >>",
    "'''",
    '"@en',
    '"^^<http://www.w3.org/2001/XMLSchema#integer>',
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_graph(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def graph(small: Path) -> LocalGraph:
    return LocalGraph(small)


@pytest.fixture(scope="module")
def api(
    small: Path, serve_app: Callable[..., AbstractContextManager[Endpoint]]
) -> Iterator[Endpoint]:
    with serve_app(create_app(Sources(small, locations().queries))) as running:
        yield running


@pytest.fixture
def attacks(listener: Listener) -> Iterator[list[str]]:
    """All attacks; that nothing was called by them is found at the end."""
    yield [attack.replace(OUTSIDE, listener.url) for attack in ATTACKS]
    assert listener.visits == []


@pytest.fixture(scope="module", autouse=True)
def unchanged(api: Endpoint) -> Iterator[None]:
    """The store holds after all of it what it held before."""
    count = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    before = api.ask(count).json()["results"]
    yield
    assert api.ask(count).json()["results"] == before


def values(parameter: Parameter, column: str, attack: str) -> dict[str, str]:
    """A row of a parameter with the attack in one column and harmless values in the others."""
    plain = {name: PLAIN[kind] for name, kind in parameter.columns.items()}
    return {**plain, column: attack}


def honest_rows(
    graph: LocalGraph, query: NamedQuery, parameter: Parameter, row: dict[str, str]
) -> list[dict[str, str]]:
    """Rows for a value, its term written by the engine's own serializer, not by ours."""
    terms = " ".join(str(honest_term(row[n], kind)) for n, kind in parameter.columns.items())
    head = "VALUES (" + " ".join(f"?{name}" for name in parameter.columns) + ") {"
    first, *others = query.text.split(head)
    blocks = [f"{head} ({terms}) }}{other.partition('}')[2]}" for other in others]
    return graph.select(first + "".join(blocks)).texts()


def honest_term(value: str, kind: str) -> ox.NamedNode | ox.Literal:
    if kind == "iri":
        for prefix, base in (("ml:", ML), ("mlid:", ID), ("", ML)):
            if value.startswith(prefix) and not value.startswith("http"):
                return ox.NamedNode(base + value.removeprefix(prefix))
        return ox.NamedNode(value)
    if kind == "text":
        return ox.Literal(value)
    return ox.Literal(value, datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{kind}"))


def json_row(parameter: Parameter, row: dict[str, str], attacked: str) -> Any:
    """The row as a JSON body has it: numbers bare, apart from the attack."""
    told: dict[str, object] = {
        name: 1 if kind in ("integer", "decimal") and name != attacked else row[name]
        for name, kind in parameter.columns.items()
    }
    return told if len(told) > 1 else told[attacked]


def check(answer: httpx.Response, honest: Any) -> bool:
    """A refusal in words, or the rows that the value as a value gives; whether it was rows."""
    assert answer.status_code in (200, 400, 414), answer.text
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert len(answer.json()["detail"].splitlines()) == 1
        return False
    found = answer.json()["results"]["bindings"]
    assert [{name: cell["value"] for name, cell in row.items()} for row in found] == honest()
    return True


@pytest.mark.parametrize(
    ("query", "parameter", "column"),
    [(query, one, column) for query, one in PARAMETERS for column in one.columns],
    ids=lambda part: part if isinstance(part, str) else part.name,
)
def test_a_value_of_a_query_is_never_a_piece_of_it(
    query: NamedQuery,
    parameter: Parameter,
    column: str,
    api: Endpoint,
    graph: LocalGraph,
    attacks: list[str],
) -> None:
    taken = 0
    for attack in attacks:
        row = values(parameter, column, attack)
        path = f"/api/queries/{query.name}?format=sparql-json"
        in_url = f"{path}&{parameter.name}={quote(','.join(row.values()), safe='')}"
        told = {parameter.name: [json_row(parameter, row, column)]}

        honest = cache(partial(honest_rows, graph, query, parameter, row))

        taken += check(api.client.get(in_url), honest)
        taken += check(api.client.post(path, json=told), honest)
    if parameter.columns[column] == "text":
        assert taken > 10, "these attacks are honest texts and must not be refused as such"


@pytest.mark.parametrize("name", [*(q.name for q in QUERIES.values() if takes_profile(q)), ""])
def test_no_attribute_takes_anything_but_its_own_values(
    name: str, api: Endpoint, graph: LocalGraph, attacks: list[str]
) -> None:
    attributes = attributes_of(graph, locations().queries)
    path = f"/api/queries/{name}" if name else "/api/answer"
    for attack in (attack for attack in attacks if len(attack) < 200):  # there are many attributes
        told = dict.fromkeys(attributes, attack)
        for found in (api.client.get(path, params=told), api.client.post(path, json=told)):
            refused = {one["parameter"] for one in found.json()["errors"]}
            assert (found.status_code, refused) == (400, set(attributes))


@pytest.mark.parametrize("where", ["limit", "offset", "format"])
def test_nothing_gets_in_by_the_page_or_the_format(
    where: str, api: Endpoint, attacks: list[str]
) -> None:
    for attack in attacks:
        found = api.client.get(f"/api/queries/questions?{where}={quote(attack, safe='')}")
        assert found.status_code in (400, 414), attack
        assert found.headers["content-type"] == "application/problem+json"


def test_half_a_character_in_a_body_is_refused(api: Endpoint) -> None:
    told = json.dumps({"text": ["brain\ud83d"]})
    headers = {"Content-Type": "application/json"}
    answer = api.client.post("/api/queries/search", content=told, headers=headers)
    assert answer.status_code == 400
    assert "half a character" in answer.json()["detail"]
