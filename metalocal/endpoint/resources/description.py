"""An IRI -> the triples that describe it: its own, those of its parts, names of what they name."""

from __future__ import annotations

import pyoxigraph as ox
from starlette.requests import Request

from metalocal.catalogue import term
from metalocal.endpoint.service import Service
from metalocal.endpoint.triples import constructed

_PARTS = """\
DESCRIBE ?part WHERE {{
  {{ BIND({iri} AS ?part) }}
  UNION {{ ?part a ?type . FILTER(STRSTARTS(STR(?part), {start})) }}
}}"""
_NAMES = """\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
CONSTRUCT {{ ?named rdfs:label ?label ; a ?type }} WHERE {{
  VALUES ?named {{ {named} }}
  ?named rdfs:label ?label .
  OPTIONAL {{ ?named a ?type }}
}}"""


async def described(service: Service, iri: str, request: Request) -> list[ox.Triple]:
    """What the union of all graphs says with `iri` or a part of it as subject.

    A part's IRI goes on where that of the whole ends, after a slash: of a study its arms,
    populations, estimates, facts and their reports. Blank nodes are followed to their end. Of what
    the triples point to outside, label and types come along.
    """
    query = _PARTS.format(iri=term(iri, "iri"), start=term(iri + "/", "text"))
    own = await constructed(service, query, request)
    inside = {triple.subject for triple in own}
    named = {t.object for t in own if isinstance(t.object, ox.NamedNode)} - inside
    if not named:
        return own
    values = " ".join(sorted(str(node) for node in named))
    return own + await constructed(service, _NAMES.format(named=values), request)
