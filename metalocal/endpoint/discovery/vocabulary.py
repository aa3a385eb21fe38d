"""The ontology in the graph -> what an editor of queries offers: its terms and prefixes."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from metalocal.catalogue import ID, term
from metalocal.endpoint.discovery.kept import kept
from metalocal.endpoint.service import Service
from metalocal.pages.addresses import GRAPHS, PREFIXES, short

PATH = "/sparql/vocabulary"

_ONTOLOGY = f"{GRAPHS}ontology"
_OWL = PREFIXES["owl"]
_FACTS = f"""\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?iri ?fact ?value WHERE {{
  GRAPH {term(_ONTOLOGY, "iri")} {{
    VALUES (?property ?fact) {{
      (<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "type") (rdfs:label "label")
      (skos:definition "definition") (rdfs:domain "domain") (rdfs:range "range")
    }}
    ?iri rdfs:label ?named .
    ?iri ?property ?value FILTER(isIRI(?iri) && !isBlank(?value))
  }}
}}"""
_USES = f"""\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?iri (COUNT(*) AS ?uses) WHERE {{
  GRAPH {term(_ONTOLOGY, "iri")} {{ ?iri rdfs:label ?label }}
  {{ ?subject ?iri ?object }} UNION {{ ?subject ?property ?iri }}
}} GROUP BY ?iri"""
_PLAIN = {
    "rdf:type": ("type", "What a thing is; a query may write it as: a"),
    "rdfs:label": ("label", "The name of a thing for people."),
    "rdfs:comment": ("comment", "What is to be said of a thing."),
    "rdfs:subClassOf": ("subclass of", "Leads from a class to a wider one."),
    "rdfs:subPropertyOf": ("subproperty of", "Leads from a property to a wider one."),
    "rdfs:domain": ("domain", "The class of what a property is told of."),
    "rdfs:range": ("range", "The class of the values of a property."),
    "skos:definition": ("definition", "What a term of the ontology means."),
    "skos:broader": ("broader", "Leads from a narrower concept to a wider one."),
}
"""Properties of others that the ontology need not describe: label and definition."""


@dataclass(frozen=True)
class Vocabulary:
    """The vocabulary as JSON, and a word that changes when it does."""

    body: str
    version: str

    @property
    def path(self) -> str:
        """The address at which it never changes."""
        return f"{PATH}?version={self.version}"


def vocabulary_routes(service: Service) -> list[Route]:
    """The route of the vocabulary."""

    async def respond(request: Request) -> Response:
        vocabulary = await vocabulary_of(service, request)
        tag = f'"{vocabulary.version}"'
        lasting = request.query_params.get("version") == vocabulary.version
        headers = {
            "ETag": tag,
            "Cache-Control": "public, max-age=31536000, immutable" if lasting else "no-cache",
        }
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(vocabulary.body, media_type="application/json", headers=headers)

    return [Route(PATH, respond)]


@kept
async def vocabulary_of(service: Service, request: Request) -> Vocabulary:
    """Prefixes and terms: name, kind, label, definition, and what each is used with."""
    facts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in (await service.rows(_FACTS, request)).texts():
        facts[row["iri"]][row["fact"]].append(row["value"])
    uses = {row["iri"]: int(row["uses"]) for row in (await service.rows(_USES, request)).texts()}
    terms = [_term(iri, told, uses) for iri, told in sorted(facts.items())]
    known = {told["name"] for told in terms}
    terms += [
        {"name": name, "kind": "property", "label": label, "definition": definition}
        for name, (label, definition) in _PLAIN.items()
        if name not in known
    ]
    told = {"prefixes": {**PREFIXES, "mlid": ID}, "terms": terms}
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return Vocabulary(body, sha256(body.encode()).hexdigest()[:12])


def _term(iri: str, told: dict[str, list[str]], uses: dict[str, int]) -> dict[str, object]:
    types = {short(each) for each in told["type"]}
    kind = "individual"
    if f"{_OWL}Class" in told["type"]:
        kind = "class"
    elif any(each.startswith("owl:") and each.endswith("Property") for each in types):
        kind = "property"
    term_: dict[str, object] = {
        "name": named if (named := short(iri)) != iri else f"<{iri}>",
        "kind": kind,
        "label": min(told["label"]),
        "definition": min(told["definition"], default=""),
    }
    more: dict[str, object] = {
        "types": sorted(each for each in types if not each.startswith("owl:")),
        "domain": sorted(map(short, told["domain"])),
        "range": sorted(map(short, told["range"])),
        "uses": uses.get(iri, 0),
    }
    return term_ | {name: value for name, value in more.items() if value}
