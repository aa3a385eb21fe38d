"""Asserted graph against the SHACL shapes; findings led back to the line of the data file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rdflib import RDF, SH, Graph, URIRef

from graph_builder.problems import Place, Problem


def shape_problems(graph: Graph, folder: Path, places: Mapping[URIRef, Place]) -> list[Problem]:
    """What in `graph` (ontology and data together) does not fit `folder`/shapes.ttl."""
    import pyshacl  # noqa: PLC0415  (slow to import, and only a build needs it)

    shapes = Graph().parse(folder / "shapes.ttl", format="turtle")
    conforms, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none")
    if conforms:
        return []
    assert isinstance(report, Graph)
    return [
        _problem(report, result, places)
        for result in report.subjects(RDF.type, SH.ValidationResult)
        if isinstance(result, URIRef) or result is not None
    ]


def _problem(report: Graph, result: object, places: Mapping[URIRef, Place]) -> Problem:
    focus = report.value(result, SH.focusNode)  # type: ignore[arg-type]
    message = str(report.value(result, SH.resultMessage))  # type: ignore[arg-type]
    what, _, mend = message.partition(" Mend: ")
    place = places.get(URIRef(str(focus)), Place(str(focus)))
    return Problem(place, what, "shape", mend or "correct the record")
