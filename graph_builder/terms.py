"""Reads ontology/*.ttl into the words study files may use: attributes, codes, implications."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef
from rdflib.namespace import SKOS
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node

from graph_builder.attributes import Attribute, Implication, Kind
from graph_builder.problems import Place, Problem, ProblemsFoundError
from graph_builder.vocabulary import ML, ONTOLOGY

MODULES = ("core", "attributes", "codes", "metalocal")

_KINDS = {
    ML.YesNoAttribute: Kind.YES_NO,
    ML.OneOfAttribute: Kind.ONE_OF,
    ML.NumberAttribute: Kind.NUMBER,
    ML.SetAttribute: Kind.SET,
}


@dataclass(frozen=True)
class Terms:
    """The ontology's words: `codes` maps class name to code to label.

    `comparing_measures` set two sides against each other; `ratio_measures` are among them.
    """

    attributes: Mapping[str, Attribute]
    codes: Mapping[str, Mapping[str, str]]
    implications: tuple[Implication, ...]
    ratio_measures: frozenset[str]
    comparing_measures: frozenset[str]
    graph: Graph

    @cached_property
    def labels(self) -> dict[str, str]:
        """Label of every code, whatever its class."""
        return {code: label for words in self.codes.values() for code, label in words.items()}


def read_ontology(folder: Path) -> Graph:
    """The hand-written modules of the ontology as one graph.

    Raises:
        ProblemsFoundError: a module is missing or is no Turtle; with file and line.
    """
    graph = Graph()
    problems = []
    for name in MODULES:
        path = folder / f"{name}.ttl"
        place = Place(f"ontology/{name}.ttl")
        if not path.is_file():
            mend = "restore it; every module is needed"
            problems.append(Problem(place, "this module is missing", "ontology-module", mend))
            continue
        try:
            graph.parse(path, format="turtle")
        except BadSyntax as error:
            place = Place(f"ontology/{name}.ttl", error.lines + 1, 1)
            message = f"this is not Turtle: {str(error._why).strip()}"
            problems.append(Problem(place, message, "turtle-syntax", "check this statement"))
    if problems:
        raise ProblemsFoundError(problems)
    return graph


def as_one_ontology(modules: Graph) -> Graph:
    """The modules under the one ontology IRI: no module headers, nothing left to import."""
    whole = Graph()
    for triple in modules:
        if triple[1] != OWL.imports and not str(triple[0]).startswith(f"{ONTOLOGY}/module/"):
            whole.add(triple)
    return whole


def terms_of(graph: Graph) -> Terms:
    """The words of an ontology graph."""
    attributes = [_attribute(graph, node, kind) for node, kind in _attribute_nodes(graph)]
    ratio_measures = graph.subjects(ML.isRatio, Literal(True))
    return Terms(
        attributes={a.key: a for a in sorted(attributes, key=lambda a: a.order)},
        codes=_codes(graph),
        implications=tuple(sorted(_implications(graph), key=lambda i: i.label)),
        ratio_measures=frozenset(_local(node) for node in ratio_measures),
        comparing_measures=frozenset(map(_local, graph.subjects(ML.noDifferenceAt))),
        graph=graph,
    )


def _local(node: object) -> str:
    return str(node).rpartition("/")[2]


def _text(graph: Graph, node: Node, predicate: URIRef) -> str:
    return str(graph.value(node, predicate) or "")


def _attribute_nodes(graph: Graph) -> list[tuple[URIRef, Kind]]:
    return [
        (node, kind)
        for cls, kind in _KINDS.items()
        for node in graph.subjects(RDF.type, cls)
        if isinstance(node, URIRef)
    ]


def _attribute(graph: Graph, node: URIRef, kind: Kind) -> Attribute:
    def linked(predicate: URIRef) -> str | None:
        found = graph.value(node, predicate)
        return _local(found) if found is not None else None

    def whole(predicate: URIRef) -> int | None:
        found = graph.value(node, predicate)
        return int(str(found)) if found is not None else None

    fact_property = graph.value(node, ML.factProperty)
    numbers = graph.value(fact_property, RDFS.range) if fact_property is not None else None
    unit = graph.value(node, ML.unit)
    return Attribute(
        key=_local(node),
        kind=kind,
        label=_text(graph, node, RDFS.label),
        definition=_text(graph, node, SKOS.definition),
        question=_text(graph, node, ML.questionText),
        group=_text(graph, node, ML.attributeGroup),
        order=whole(ML.displayOrder) or 0,
        values=_values(graph, node),
        unit=str(graph.value(unit, RDFS.label)) if unit is not None else "",
        lowest=whole(ML.lowest),
        highest=whole(ML.highest),
        whole_numbers=numbers == XSD.integer,
        only_with=linked(ML.onlyWith),
        count_of=linked(ML.countOf),
        not_below_count_of=linked(ML.notBelowCountOf),
        not_above=linked(ML.notAbove),
        in_every_profile=graph.value(node, ML.inEveryProfile) == Literal(True),
    )


def _values(graph: Graph, attribute: URIRef) -> dict[str, str]:
    values = sorted(
        graph.objects(attribute, ML.hasValue),
        key=lambda value: int(str(graph.value(value, ML.displayOrder) or 0)),
    )
    prefix = f"{_local(attribute)}-"
    return {_local(v).removeprefix(prefix): str(graph.value(v, ML.shortLabel)) for v in values}


def _codes(graph: Graph) -> dict[str, dict[str, str]]:
    codes: dict[str, dict[str, str]] = {}
    for cls in graph.transitive_subjects(RDFS.subClassOf, ML.Code):
        members = {_local(s): _text(graph, s, RDFS.label) for s in graph.subjects(RDF.type, cls)}
        if members:
            codes[_local(cls)] = dict(sorted(members.items()))
    return codes


def _implications(graph: Graph) -> list[Implication]:
    return [
        Implication(
            label=str(graph.value(node, RDFS.label)),
            conditions=frozenset(map(_local, graph.objects(node, ML.ifValue))),
            consequences=frozenset(map(_local, graph.objects(node, ML.thenValue))),
            ruled_out=frozenset(map(_local, graph.objects(node, ML.thenNotValue))),
        )
        for node in graph.subjects(RDF.type, ML.Implication)
    ]
