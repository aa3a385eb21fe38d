"""IRIs of ours and the addresses they have on this server, one into the other."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request

from metalocal.catalogue import ID, ML, CatalogueError, term

BASE = ID.removesuffix("id/")
ONTOLOGY = ML.removesuffix("/")
GRAPHS = f"{ID}graph/"

_PREFIXES = {
    "ml": ML,
    "mlid": ID,
    "dcterms": "http://purl.org/dc/terms/",
    "obo": "http://purl.obolibrary.org/obo/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# Turtle escapes the slashes in names of things, which some OWL tools cannot read back.
PREFIXES = {name: start for name, start in _PREFIXES.items() if name != "mlid"}


@dataclass(frozen=True)
class Link:
    """Text for a person, and where it leads; without `href` it is text alone."""

    text: str
    href: str = ""
    title: str = ""


def path_of(iri: str) -> str | None:
    """The path that `iri` has on this server; None for an IRI that is not ours.

    >>> path_of("https://w3id.org/metalocal/id/study/mf07-01")
    '/id/study/mf07-01'
    """
    if not iri.startswith(BASE):
        return None
    return "/" + quote(iri.removeprefix(BASE), safe="/:@!$&'()*+,;=~")


def iri_of(path: str) -> str | None:
    """The IRI whose path, percent-decoded, is `path`; None where none can be.

    >>> iri_of("/ontology/age")
    'https://w3id.org/metalocal/ontology/age'
    """
    iri = BASE + path.removeprefix("/")
    try:
        term(iri, "iri")
    except CatalogueError:
        return None
    return ONTOLOGY if iri == ML else iri


def prefix_of(request: Request) -> str:
    """What a proxy puts before every path of ours; mostly nothing."""
    prefix: str = request.scope.get("root_path", "")
    return prefix


def own_path(request: Request) -> str:
    """Path of the request, percent-decoded, without the prefix of a proxy."""
    path: str = request.scope["path"]
    return path.removeprefix(prefix_of(request))


def short(iri: str) -> str:
    """An IRI with a prefix where one fits.

    >>> short("https://w3id.org/metalocal/id/study/mf07-01")
    'mlid:study/mf07-01'
    """
    for prefix, start in _PREFIXES.items():
        if iri.startswith(start) and iri != start:
            return f"{prefix}:{iri.removeprefix(start)}"
    return iri


def link_of(iri: str, label: str = "") -> Link:
    """Link to the page of `iri`: here for ours, on the web for others, none for other schemes."""
    web = iri if iri.startswith(("https://", "http://")) else ""
    return Link(label or short(iri), path_of(iri) or web, iri)


def graph_name(graph: str) -> str:
    """Short name of a named graph.

    >>> graph_name("https://w3id.org/metalocal/id/graph/study/tata")
    'study/tata'
    """
    return graph.removeprefix(GRAPHS)
