"""A path -> what of ours it names: a thing, a graph, the ontology; or a 404 with near names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from starlette.requests import Request

from graph_builder.problems import closest
from metalocal.catalogue import term
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.resources.forms import Form, without_suffix
from metalocal.endpoint.service import Service
from metalocal.pages.addresses import ONTOLOGY, iri_of

_KNOWN = """\
PREFIX owl: <http://www.w3.org/2002/07/owl#>
SELECT ?iri ?isOntology WHERE {{
  VALUES ?iri {{ {iris} }}
  FILTER(EXISTS {{ ?iri ?p ?o }} || EXISTS {{ ?s ?q ?iri }})
  BIND(?iri = {ontology} || EXISTS {{ {ontology} owl:versionIRI ?iri }} AS ?isOntology)
}}"""
_BESIDE = """\
SELECT DISTINCT ?iri WHERE {{
  ?iri a ?type . FILTER(isIRI(?iri) && STRSTARTS(STR(?iri), {start}))
  FILTER(!CONTAINS(STRAFTER(STR(?iri), {start}), "/"))
}}"""


class Kind(Enum):
    """What an IRI names, as far as it is answered differently."""

    THING = auto()
    GRAPH = auto()
    ONTOLOGY = auto()


@dataclass(frozen=True)
class Found:
    """An IRI that is here, and the form its suffix asks for, if it has one."""

    iri: str
    kind: Kind
    form: Form | None


def readings(path: str) -> list[tuple[str, Form | None]]:
    """What a path may name, the likelier first: the IRI as it stands, then without a suffix."""
    stem, form = without_suffix(path)
    paths = [(path, None)] if form is None else [(path, None), (stem, form)]
    read = [(iri_of(each), wish) for each, wish in paths]
    return [(iri, wish) for iri, wish in read if iri is not None]


async def find(service: Service, path: str, request: Request) -> Found:
    """The thing at `path`; an IRI that is here goes before one that a suffix leads to.

    Raises:
        RefusedError: 404, with the nearest thing above and near names.
    """
    read = readings(path)
    known = await _known(service, [iri for iri, _ in read], request) if read else {}
    for iri, form in read:
        if iri in known:
            return Found(iri, known[iri], form)
    raise await _not_here(service, path, request)


async def _known(service: Service, iris: list[str], request: Request) -> dict[str, Kind]:
    """Those of `iris` that are in the graph or name a graph."""
    values = " ".join(term(iri, "iri") for iri in iris)
    query = _KNOWN.format(iris=values, ontology=term(ONTOLOGY, "iri"))
    rows = (await service.rows(query, request)).texts()
    graphs = {iri: Kind.GRAPH for iri in iris if iri in service.graphs}
    things = {row["iri"]: Kind.THING for row in rows}
    whole = {row["iri"]: Kind.ONTOLOGY for row in rows if row["isOntology"] == "true"}
    return things | graphs | whole


async def _not_here(service: Service, path: str, request: Request) -> RefusedError:
    """Refusal that names what is near: the thing above, and siblings with a like name."""
    above = path.rstrip("/").rpartition("/")[0]
    name = without_suffix(path.rstrip("/"))[0].rpartition("/")[2]
    start = iri_of(above + "/x")
    words = "Nothing of this graph has that IRI; check its spelling."
    if start is not None:
        query = _BESIDE.format(start=term(start.removesuffix("x"), "text"))
        rows = (await service.rows(query, request)).texts()
        beside = {row["iri"].rpartition("/")[2] for row in rows}
        words += f" Under {above}/: {closest(name, beside)}" if beside else ""
    return RefusedError(404, words)
