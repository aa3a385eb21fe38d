"""Asserted graph against the SHACL shapes; findings led back to the line of the data file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import Node

from graph_builder.problems import Place, Problem


def read_shapes(folder: Path) -> Graph:
    """The shapes of the ontology's folder."""
    return Graph().parse(folder / "shapes.ttl", format="turtle")


def shape_problems(graph: Graph, folder: Path, places: Mapping[URIRef, Place]) -> list[Problem]:
    """What in `graph` (ontology and data together) does not fit `folder`/shapes.ttl."""
    import pyshacl  # noqa: PLC0415  (slow, and only a build needs it)

    shapes = read_shapes(folder)
    conforms, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none")
    if conforms:
        return []
    assert isinstance(report, Graph)
    return [
        _problem(report, result, places)
        for result in report.subjects(RDF.type, SH.ValidationResult)
    ]


def _problem(report: Graph, result: Node, places: Mapping[URIRef, Place]) -> Problem:
    focus = report.value(result, SH.focusNode)
    message = str(report.value(result, SH.resultMessage))
    what, _, mend = message.partition(" Mend: ")
    place = places.get(URIRef(str(focus)), Place(str(focus)))
    return Problem(place, what, "shape", mend or "correct the record")
