"""Limits on numbers as classes of profiles, in the order that the line of numbers gives them.

What the numbers entail, that at most 3 is at most 5 and never at least 4, is also said between the
classes: not every reasoner finds it in the data ranges.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from rdflib import OWL, RDFS, XSD, URIRef

from graph_builder.axioms import ClassWriter
from graph_builder.criteria import BoundTest, limit_words
from graph_builder.terms import Terms
from graph_builder.value_classes import gathered
from graph_builder.vocabulary import ML, code, thing

_LOWER = ("min", "above")


def cut(test: BoundTest) -> tuple[Decimal, int]:
    """Where a limit cuts the line of numbers: before (0) or behind (1) its number.

    >>> cut(BoundTest("age", "max", "55")) > cut(BoundTest("age", "below", "55"))
    True
    """
    return Decimal(test.limit), int(test.side in ("max", "above"))


class BoundClasses:
    """Gathers the limits that groups ask for, then writes a class for each."""

    def __init__(self, terms: Terms, writer: ClassWriter) -> None:
        self.terms, self.writer = terms, writer
        self.asked: dict[str, set[BoundTest]] = {}

    def of(self, test: BoundTest) -> URIRef:
        """The class of the profiles whose number keeps to the limit."""
        self.asked.setdefault(test.attribute, set()).add(test)
        return thing("profiles", test.attribute, test.side, test.limit)

    def write(self) -> None:
        """All classes asked for, gathered by attribute."""
        for key, tests in sorted(self.asked.items()):
            lower = sorted((t for t in tests if t.side in _LOWER), key=cut)
            upper = sorted((t for t in tests if t.side not in _LOWER), key=cut, reverse=True)
            above = gathered(self.terms.attributes[key], self.writer)
            for test in (*lower, *upper):
                self._class(test, above)
            for wider, narrower in (*pairwise(lower), *pairwise(upper)):
                self.writer.graph.add((self.of(narrower), RDFS.subClassOf, self.of(wider)))
            for test in lower:
                apart = [other for other in upper if cut(other) <= cut(test)]
                if apart:
                    self.writer.disjoint([self.of(test), self.of(apart[0])])

    def _class(self, test: BoundTest, above: URIRef) -> None:
        attribute = self.terms.attributes[test.attribute]
        fact_property = self.terms.graph.value(code(test.attribute), ML.factProperty)
        if fact_property is None:
            raise LookupError(f"the ontology gives number {test.attribute} no fact property")
        words = f"{attribute.label} {limit_words(test, attribute)}"
        node = self.of(test)
        self.writer.named(node, f"profile with {words}", f"A profile that tells {words}.", above)
        whole = attribute.whole_numbers and "." not in test.limit
        datatype = XSD.integer if whole else XSD.decimal
        numbers = self.writer.within_bound(fact_property, test.side, test.limit, datatype)
        both = self.writer.intersection([ML.Profile, numbers])
        self.writer.graph.add((node, OWL.equivalentClass, both))
