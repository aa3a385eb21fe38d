"""Unnamed classes and lists -> one line a person can read, with links at the names in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from metalocal.pages.addresses import PREFIXES, Link, link_of, short

_RDF, _OWL, _XSD = PREFIXES["rdf"], PREFIXES["owl"], PREFIXES["xsd"]
_NIL = ox.NamedNode(f"{_RDF}nil")
_JOINED = {f"{_OWL}intersectionOf": " and ", f"{_OWL}unionOf": " or ", f"{_OWL}oneOf": ", "}
_FACETS = {
    f"{_XSD}minInclusive": "≥ ",
    f"{_XSD}minExclusive": "> ",
    f"{_XSD}maxInclusive": "≤ ",
    f"{_XSD}maxExclusive": "< ",
}
_QUANTIFIERS = {
    f"{_OWL}someValuesFrom": " some ",
    f"{_OWL}allValuesFrom": " only ",
    f"{_OWL}hasValue": " value ",
}
_DEEPEST = 12

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Pieces = list[Link]


class Expressions:
    """The blank nodes of some triples, each to be written as a line."""

    def __init__(self, triples: Iterable[ox.Triple], labels: Mapping[str, str]) -> None:
        self._labels = labels
        self._facts: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            self._facts[triple.subject][triple.predicate.value].append(triple.object)

    def unnamed(self, subject: str, predicate: str) -> list[Node]:
        """The blank nodes that `predicate` leads to from `subject`."""
        values = self._facts[ox.NamedNode(subject)].get(predicate, [])
        return [value for value in values if isinstance(value, ox.BlankNode)]

    def line(self, node: Node, depth: int = 0) -> Pieces:
        """`node` in the manner of OWL's Manchester syntax; what it cannot say so, as facts."""
        if isinstance(node, ox.NamedNode):
            return [link_of(node.value, self._labels.get(node.value, ""))]
        if isinstance(node, ox.Literal | ox.Triple):
            return [Link(node.value if isinstance(node, ox.Literal) else str(node))]
        if depth > _DEEPEST:
            return [Link("…")]
        facts = self._facts[node]
        if f"{_RDF}first" in facts:
            return self._joined(self._members(node), ", ", depth)
        for predicate, between in _JOINED.items():
            if predicate in facts:
                return self._group(facts[predicate][0], between, depth)
        return self._restriction(facts, depth) or self._listed(facts, depth)

    def _group(self, first: Node, between: str, depth: int) -> Pieces:
        pieces = self._joined(self._members(first), between, depth)
        return [Link("("), *pieces, Link(")")] if depth else pieces

    def _restriction(self, facts: Mapping[str, list[Node]], depth: int) -> Pieces:
        if f"{_OWL}complementOf" in facts:
            return [Link("not "), *self.line(facts[f"{_OWL}complementOf"][0], depth + 1)]
        if f"{_OWL}withRestrictions" in facts:
            return self._joined(self._members(facts[f"{_OWL}withRestrictions"][0]), ", ", depth)
        for predicate, sign in _FACETS.items():
            if predicate in facts:
                return [Link(sign), *self.line(facts[predicate][0], depth + 1)]
        for predicate, word in _QUANTIFIERS.items():
            if predicate in facts and f"{_OWL}onProperty" in facts:
                on = self.line(facts[f"{_OWL}onProperty"][0], depth + 1)
                return [*on, Link(word), *self.line(facts[predicate][0], depth + 1)]
        return []

    def _listed(self, facts: Mapping[str, list[Node]], depth: int) -> Pieces:
        """Any other node: each fact by its property."""
        pieces: Pieces = [Link("[")]
        for predicate, values in sorted(facts.items()):
            for value in values:
                pieces += [
                    Link("; " if len(pieces) > 1 else ""),
                    link_of(predicate, self._labels.get(predicate, short(predicate))),
                    Link(" "),
                    *self.line(value, depth + 1),
                ]
        return [*pieces, Link("]")]

    def _joined(self, members: Iterable[Node], between: str, depth: int) -> Pieces:
        pieces: Pieces = []
        for member in members:
            pieces += [Link(between)] if pieces else []
            pieces += self.line(member, depth + 1)
        return pieces

    def _members(self, node: Node) -> list[Node]:
        """What a list holds; one that comes back to itself ends there."""
        members: list[Node] = []
        seen: set[Node] = set()
        while node != _NIL and node not in seen:
            seen.add(node)
            members += self._facts[node].get(f"{_RDF}first", [])
            node = next(iter(self._facts[node].get(f"{_RDF}rest", [])), _NIL)
        return members
