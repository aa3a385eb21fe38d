"""OWL class expressions as triples; blank nodes are numbered, so the same input gives one text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.namespace import SKOS
from rdflib.term import Node

from graph_builder.triples import gathering_graph
from graph_builder.vocabulary import DEFINITION_SOURCE

_FACET = {
    "min": XSD.minInclusive,
    "max": XSD.maxInclusive,
    "above": XSD.minExclusive,
    "below": XSD.maxExclusive,
}
OURS = Literal("metalocal")


class Axioms:
    """Named graphs of class axioms; blank nodes differ between all of them."""

    def __init__(self) -> None:
        self.graphs: dict[URIRef, Graph] = defaultdict(gathering_graph)
        self._names = count(1)

    def within(self, name: URIRef) -> ClassWriter:
        """A writer into the named graph `name`."""
        return ClassWriter(self.graphs[name], self._names)


class ClassWriter:
    """Writes classes and class expressions into one graph."""

    def __init__(self, graph: Graph, names: Iterator[int]) -> None:
        self.graph, self._names = graph, names

    def named(
        self, node: URIRef, label: str, definition: str, above: Node, sources: Iterable[Node] = ()
    ) -> URIRef:
        """A class with its label and definition below the class `above`."""
        self.graph.add((node, RDF.type, OWL.Class))
        self.graph.add((node, RDFS.label, Literal(label, lang="en")))
        self.graph.add((node, SKOS.definition, Literal(definition, lang="en")))
        self.graph.add((node, RDFS.subClassOf, above))
        for source in list(sources) or [OURS]:
            self.graph.add((node, DEFINITION_SOURCE, source))
        return node

    def disjoint(self, classes: Sequence[Node]) -> None:
        """No profile is in two of the classes."""
        if len(classes) == 2:
            self.graph.add((classes[0], OWL.disjointWith, classes[1]))
        elif len(classes) > 2:
            node = self._blank(OWL.AllDisjointClasses)
            self.graph.add((node, OWL.members, self._list(classes)))

    def union(self, parts: Sequence[Node]) -> Node:
        """What is in at least one part."""
        return parts[0] if len(parts) == 1 else self._boolean(OWL.unionOf, parts)

    def intersection(self, parts: Sequence[Node]) -> Node:
        """What is in every part."""
        return parts[0] if len(parts) == 1 else self._boolean(OWL.intersectionOf, parts)

    def within_bound(self, on: Node, side: str, limit: str, datatype: URIRef) -> Node:
        """What has, by the property `on`, a number that keeps to the limit."""
        facet = BNode(self._name())
        self.graph.add((facet, _FACET[side], Literal(limit, datatype=datatype)))
        numbers = self._blank(RDFS.Datatype)
        self.graph.add((numbers, OWL.onDatatype, datatype))
        self.graph.add((numbers, OWL.withRestrictions, self._list([facet])))
        node = self._blank(OWL.Restriction)
        self.graph.add((node, OWL.onProperty, on))
        self.graph.add((node, OWL.someValuesFrom, numbers))
        return node

    def _boolean(self, relation: URIRef, parts: Sequence[Node]) -> Node:
        node = self._blank(OWL.Class)
        self.graph.add((node, relation, self._list(parts)))
        return node

    def _list(self, items: Sequence[Node]) -> Node:
        head: Node = RDF.nil
        for item in reversed(items):
            cell = BNode(self._name())
            self.graph.add((cell, RDF.first, item))
            self.graph.add((cell, RDF.rest, head))
            head = cell
        return head

    def _blank(self, kind: URIRef) -> BNode:
        node = BNode(self._name())
        self.graph.add((node, RDF.type, kind))
        return node

    def _name(self) -> str:
        return f"p{next(self._names)}"
