"""The release as RDF/XML, Turtle and N-Triples, read back: no triple lost on the way."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator

import pyoxigraph as ox

from graph_builder.release.findings import Check, Finding, Level, Result, result

CHECK = Check(
    "formats",
    "Written as RDF/XML and as Turtle and read back, the ontology has all its triples.",
    Level.ERROR,
    "OBO fp_002, FOOPS RDF1",
    "find the triple the format cannot hold",
)
_FORMATS = {"RDF/XML": ox.RdfFormat.RDF_XML, "Turtle": ox.RdfFormat.TURTLE}


def formats(ontology: str, triples: Collection[ox.Triple]) -> Result:
    """The check on the formats of the release."""
    return result(CHECK, _findings(ontology, triples))


def _findings(ontology: str, triples: Collection[ox.Triple]) -> Iterator[Finding]:
    for name, form in _FORMATS.items():
        try:
            text = ox.serialize(triples, format=form)
            assert text is not None
            count = len(list(ox.parse(io.BytesIO(text), format=form)))
        except (SyntaxError, ValueError, OSError) as error:
            yield Finding(ontology, f"{name}: {error}")
            continue
        if count != len(triples):
            yield Finding(ontology, f"{name}: {len(triples)} triples written, {count} read back")
