"""The built graph to one OWL 2 file that Protégé and any OWL reasoner open as it is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from graph_builder.problems import ToldError
from graph_builder.vocabulary import ID, ONTOLOGY, thing
from metalocal.files import replacing

PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "ml": f"{ONTOLOGY}/",
    "mlid": ID,
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_FORMATS = {
    ".owl": ox.RdfFormat.RDF_XML,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".ttl": ox.RdfFormat.TURTLE,
}
_LEFT_OUT = {str(thing("graph", name)) for name in ("void", "examples")}
_CLASSES = {str(thing("graph", name)) for name in ("ontology", "populations")}
_HEADER = ox.NamedNode(ONTOLOGY)
_TYPE = ox.NamedNode(f"{PREFIXES['rdf']}type")
_ONTOLOGY_CLASS = ox.NamedNode(f"{PREFIXES['owl']}Ontology")
_VERSION_IRI = ox.NamedNode(f"{PREFIXES['owl']}versionIRI")
_VERSION_INFO = ox.NamedNode(f"{PREFIXES['owl']}versionInfo")


class OwlExportError(ToldError):
    """The OWL file cannot be written; the message says what works instead."""


def write_owl(
    graph_file: Path, out: Path, *, version: str | None = None, classes_only: bool = False
) -> int:
    """Write ontology, groups, studies and derived facts into one OWL file without imports.

    The suffix of `out` chooses the format. Readers of `out` see the old file or the whole new one.

    Args:
        graph_file: the N-Quads of a built graph.
        out: .owl, .rdf or .xml for RDF/XML, .ttl for Turtle.
        version: set as version IRI and version information; without it, the ontology's own stay.
        classes_only: without studies, guidance and their reports; what a reasoner needs to tell
            which groups a profile fits.

    Returns:
        The number of triples written.

    Raises:
        OwlExportError: the suffix names no format written here, or `graph_file` holds no ontology.
    """
    form = _format_of(out)
    triples = owl_triples(graph_file, classes_only=classes_only)
    if version is not None:
        triples = _with_version(triples, version)
    with replacing(out) as beside, beside.open("wb") as file:
        ox.serialize(sorted(triples, key=_reading_order), file, form, prefixes=PREFIXES)
    return len(triples)


def owl_triples(graph_file: Path, *, classes_only: bool = False) -> set[ox.Triple]:
    """Unite all named graphs but those that describe the dataset or hold examples.

    With `classes_only`, unite the ontology and the classes generated from criteria.

    Raises:
        OwlExportError: none of them declares the ontology.
    """
    quads = ox.parse(path=graph_file, format=ox.RdfFormat.N_QUADS)
    triples = {
        quad.triple
        for quad in quads
        if (_name(quad) in _CLASSES if classes_only else _name(quad) not in _LEFT_OUT)
    }
    if ox.Triple(_HEADER, _TYPE, _ONTOLOGY_CLASS) not in triples:
        raise OwlExportError(
            f"{graph_file} declares no ontology {ONTOLOGY}, so it is no built graph; "
            "build one with `metalocal build`"
        )
    return triples


def _name(quad: ox.Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""


def _format_of(out: Path) -> ox.RdfFormat:
    found = _FORMATS.get(out.suffix.lower())
    if found is None:
        raise OwlExportError(
            f"cannot write {out.name}: the OWL file is RDF/XML (.owl, .rdf, .xml) or Turtle "
            "(.ttl); for another syntax write .owl and convert it with Protégé or ROBOT"
        )
    return found


def _with_version(triples: Iterable[ox.Triple], version: str) -> set[ox.Triple]:
    stated = (_VERSION_IRI, _VERSION_INFO)
    kept = {t for t in triples if not (t.subject == _HEADER and t.predicate in stated)}
    iri = ox.NamedNode(f"{ONTOLOGY}/{version}")
    kept.add(ox.Triple(_HEADER, _VERSION_IRI, iri))
    kept.add(ox.Triple(_HEADER, _VERSION_INFO, ox.Literal(version)))
    return kept


def _reading_order(triple: ox.Triple) -> tuple[bool, bool, str, bool, str, str]:
    """Put the header first, blank nodes last, and of each thing its types first."""
    subject, predicate = triple.subject, triple.predicate
    return (
        subject != _HEADER,
        isinstance(subject, ox.BlankNode),
        str(subject),
        predicate != _TYPE,
        predicate.value,
        str(triple.object),
    )
