"""A client library as it comes, over a real socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from SPARQLWrapper import CSV, GET, JSON, JSONLD, POST, POSTDIRECTLY, RDFXML, TURTLE, XML
from SPARQLWrapper import SPARQLWrapper as Client

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
EX = "PREFIX ex: <http://example.org/term#> "
WAYS = [(GET, None), (POST, None), (POST, POSTDIRECTLY)]


def asked(endpoint: Endpoint, query: str, format_: str, way: tuple[str, str | None]) -> Any:
    client = Client(endpoint.url + "/sparql")
    client.setQuery(query)
    client.setReturnFormat(format_)
    client.setMethod(way[0])
    if way[1]:
        client.setRequestMethod(way[1])
    return client.queryAndConvert()


@pytest.mark.parametrize("way", WAYS)
def test_sparqlwrapper_reads_a_select(endpoint: Endpoint, way: tuple[str, str | None]) -> None:
    query = EX + "SELECT ?n { ex:alpha ex:randomised ?n }"
    found = asked(endpoint, query, JSON, way)
    assert [row["n"]["value"] for row in found["results"]["bindings"]] == ["120"]
    assert b"120" in asked(endpoint, query, CSV, way)
    assert "120" in asked(endpoint, query, XML, way).toxml()


@pytest.mark.parametrize("way", WAYS)
def test_sparqlwrapper_reads_an_ask(endpoint: Endpoint, way: tuple[str, str | None]) -> None:
    assert asked(endpoint, "ASK { ?s ?p 60 }", JSON, way)["boolean"] is True


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("format_", [RDFXML, JSONLD])
def test_sparqlwrapper_reads_a_construct(
    endpoint: Endpoint, format_: str, way: tuple[str, str | None]
) -> None:
    graph = asked(endpoint, "CONSTRUCT WHERE { ?s ?p ?o }", format_, way)
    assert len(graph) == 6


def test_sparqlwrapper_reads_a_construct_as_turtle(endpoint: Endpoint) -> None:
    query = "CONSTRUCT WHERE { ?s ?p ?o }"
    assert b"term#alpha" in asked(endpoint, query, TURTLE, WAYS[0])
