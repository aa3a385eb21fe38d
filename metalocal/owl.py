"""The built graph to OWL 2 files that Protégé and any OWL reasoner open as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from graph_builder.problems import ToldError
from graph_builder.vocabulary import ONTOLOGY
from metalocal.files import replacing, replacing_folder
from metalocal.owl_parts import WHOLE, Part, module_of, modules_of, triples_of

PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "ml": f"{ONTOLOGY}/",
    "module": f"{ONTOLOGY}/module/",
    "obo": "http://purl.obolibrary.org/obo/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""None for things: Turtle escapes the slashes in their names, which some OWL APIs cannot read."""
_FORMATS = {
    ".owl": ox.RdfFormat.RDF_XML,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".ttl": ox.RdfFormat.TURTLE,
}
_HEADER = ox.NamedNode(ONTOLOGY)
_TYPE = ox.NamedNode(f"{PREFIXES['rdf']}type")
_ONTOLOGY_CLASS = ox.NamedNode(f"{PREFIXES['owl']}Ontology")
_IMPORTS = ox.NamedNode(f"{PREFIXES['owl']}imports")
_VERSION_IRI = ox.NamedNode(f"{PREFIXES['owl']}versionIRI")
_VERSION_INFO = ox.NamedNode(f"{PREFIXES['owl']}versionInfo")
_CATALOG = "catalog-v001.xml"


class OwlExportError(ToldError):
    """The OWL file cannot be written; the message says what works instead."""


def write_owl(
    graph_file: Path, out: Path, *, version: str | None = None, part: Part = WHOLE
) -> int:
    """Write the graph or a part of it into one OWL file without imports.

    The suffix of `out` chooses the format. Readers of `out` see the old file or the whole new one.

    Args:
        graph_file: the N-Quads of a built graph.
        out: .owl, .rdf or .xml for RDF/XML, .ttl for Turtle.
        version: set as version IRI and version information; without it, the ontology's own stay.
        part: what to write; see `metalocal.owl_parts`.

    Returns:
        The number of triples written.

    Raises:
        OwlExportError: the suffix names no format written here, or `graph_file` holds no ontology.
        UnknownQuestionError: no study is on the question of the part.
    """
    form = _format_of(out)
    triples = owl_triples(graph_file, part)
    if version is not None:
        triples = _with_version(triples, version)
    with replacing(out) as beside:
        _write(beside, triples, form)
    return len(triples)


def owl_triples(graph_file: Path, part: Part = WHOLE) -> set[ox.Triple]:
    """The triples of a part of the graph.

    Raises:
        OwlExportError: the graph declares no ontology.
    """
    triples = triples_of(_quads(graph_file), part)
    if ox.Triple(_HEADER, _TYPE, _ONTOLOGY_CLASS) not in triples:
        raise OwlExportError(
            f"{graph_file} declares no ontology {ONTOLOGY}, so it is no built graph; "
            "build one with `metalocal build`"
        )
    return triples


def write_folder(graph_file: Path, ontology: Path, out: Path) -> list[str]:
    """Write the graph as modules that import each other, with the catalog Protégé finds them by.

    The hand-written modules are copied as they are, and each generated one is written as Turtle.

    Args:
        graph_file: the N-Quads of a built graph.
        ontology: the folder of the hand-written modules.
        out: a folder that is not there, is empty, or was written by this function.

    Returns:
        The names of the files written.

    Raises:
        OwlExportError: `out` holds something else.
    """
    if out.is_file():
        raise OwlExportError(f"{out} is a file; name a new folder, or a file that ends in .owl")
    if out.exists() and any(out.iterdir()) and not (out / _CATALOG).is_file():
        raise OwlExportError(
            f"{out} holds other files and no {_CATALOG}; name a new or an empty folder"
        )
    own = {path.stem: path for path in ontology.glob("*.ttl") if path.stem != "shapes"}
    generated = modules_of(_quads(graph_file))
    needed = _needed(generated)
    with replacing_folder(out) as beside:
        for path in own.values():
            (beside / path.name).write_bytes(path.read_bytes())
        for name, triples in generated.items():
            terms = [module for module in own if module != "metalocal"]
            header = _module_header(name, [*terms, *needed[name]])
            _write(beside / f"{name}.ttl", triples | header, ox.RdfFormat.TURTLE)
        whole = beside / "metalocal-all.ttl"
        _write(whole, _module_header("all", ["metalocal", *generated]), ox.RdfFormat.TURTLE)
        (beside / _CATALOG).write_text(_catalog([*own, *generated, "all"]), encoding="utf-8")
        return sorted(path.name for path in beside.iterdir())


def _needed(modules: Mapping[str, set[ox.Triple]]) -> dict[str, list[str]]:
    """The other generated modules that declare what a module speaks of, so that it can import."""
    declared = {
        name: {t.subject for t in triples if t.predicate == _TYPE}
        for name, triples in modules.items()
    }
    spoken_of = {name: {t.object for t in triples} for name, triples in modules.items()}
    return {
        name: [other for other in modules if other != name and spoken_of[name] & declared[other]]
        for name in modules
    }


def _module_header(name: str, imports: Iterable[str]) -> set[ox.Triple]:
    header = ox.NamedNode(module_of(name))
    title = ox.NamedNode(f"{PREFIXES['dcterms']}title")
    licence = ox.NamedNode(f"{PREFIXES['dcterms']}license")
    found = {ox.Triple(header, _IMPORTS, ox.NamedNode(module_of(other))) for other in imports}
    return found | {
        ox.Triple(header, _TYPE, _ONTOLOGY_CLASS),
        ox.Triple(header, title, ox.Literal(f"metalocal: {name}", language="en")),
        ox.Triple(header, licence, ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")),
    }


def _catalog(modules: Iterable[str]) -> str:
    lines = [
        f'    <uri name="{module_of(name)}" uri="{_file_of(name)}"/>' for name in sorted(modules)
    ]
    head = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>'
    opening = '<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">'
    return "\n".join([head, opening, *lines, "</catalog>", ""])


def _file_of(name: str) -> str:
    return "metalocal-all.ttl" if name == "all" else f"{name}.ttl"


def _quads(graph_file: Path) -> Iterable[ox.Quad]:
    return ox.parse(path=graph_file, format=ox.RdfFormat.N_QUADS)


def _write(path: Path, triples: Iterable[ox.Triple], form: ox.RdfFormat) -> None:
    with path.open("wb") as file:
        ox.serialize(sorted(triples, key=_reading_order), file, form, prefixes=PREFIXES)


def _format_of(out: Path) -> ox.RdfFormat:
    found = _FORMATS.get(out.suffix.lower())
    if found is None:
        raise OwlExportError(
            f"cannot write {out.name}: the OWL file is RDF/XML (.owl, .rdf, .xml) or Turtle "
            "(.ttl); a name without an ending is a folder of modules; "
            "for another syntax write .owl and convert it with Protégé or ROBOT"
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
        not str(subject).startswith(f"<{ONTOLOGY}>"),
        isinstance(subject, ox.BlankNode),
        str(subject),
        predicate != _TYPE,
        predicate.value,
        str(triple.object),
    )
