"""Bounds on numbers as plain classes, for a reasoner that fails on data ranges.

A bound cuts the line of numbers in two. All that the classes say of a property is on which side of
each cut its value lies, and a functional property has one value, so a class for each cut says as
much as the data range: what is above a cut is above every lower one, what has a number and is not
above a cut is below it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import pyoxigraph as ox

from graph_builder.problems import ToldError

CUTS = "urn:metalocal:cut:"
_OWL = "http://www.w3.org/2002/07/owl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE, _FIRST, _REST, _NIL = (ox.NamedNode(_RDF + n) for n in ("type", "first", "rest", "nil"))
_CLASS, _FUNCTIONAL = (ox.NamedNode(_OWL + n) for n in ("Class", "FunctionalProperty"))
_SUBCLASS = ox.NamedNode(f"{_RDFS}subClassOf")
_RANGE, _DOMAIN = ox.NamedNode(f"{_RDFS}range"), ox.NamedNode(f"{_RDFS}domain")
_SIDES = {
    "minInclusive": ("up", 0),
    "minExclusive": ("up", 1),
    "maxInclusive": ("down", 1),
    "maxExclusive": ("down", 0),
}
"""Facet to the side of its cut, and whether the cut lies above (1) or below (0) the number."""

_RANGES = """PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?restriction ?property ?range ?list ?facets ?facet ?limit WHERE {
  ?restriction owl:someValuesFrom ?range ; owl:onProperty ?property .
  ?range owl:withRestrictions ?list .
  ?list rdf:first ?facets ; rdf:rest rdf:nil .
  ?facets ?facet ?limit .
}"""

Cut = tuple[Decimal, int]
Node = ox.NamedNode | ox.BlankNode


class BoundError(ToldError):
    """A data range is of a form this cannot turn into cuts."""

    exit_code = 1


@dataclass(frozen=True)
class _Bound:
    """The profiles on one side of a cut, as the node of a restriction."""

    restriction: Node
    property: ox.NamedNode
    side: str
    cut: Cut


def without_data_ranges(triples: Iterable[ox.Triple]) -> set[ox.Triple]:
    """The same classes, each existential bound on a functional number replaced by a named class.

    Raises:
        BoundError: a data range has several facets or stands elsewhere than in a bound, or its
            property is not functional: then cuts would not say the same.
    """
    given = set(triples)
    store = ox.Store()
    store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in given)
    bounds, inner = _bounds(store)
    names = {bound.restriction: _name(bound.property, bound.cut, bound.side) for bound in bounds}
    gone = inner | set(names)
    kept = {
        ox.Triple(t.subject, t.predicate, names.get(t.object, t.object))  # type: ignore[arg-type]
        for t in given
        if t.subject not in gone and t.object not in inner
    }
    left = [t for t in kept if t.predicate.value == f"{_OWL}onDatatype"]
    if left:
        raise BoundError(f"{len(left)} data ranges are no bound with one facet; extend bounds.py")
    return kept | set(_axioms(bounds, store))


def _bounds(store: ox.Store) -> tuple[list[_Bound], set[Node]]:
    """All bounds, and the nodes of their data ranges."""
    found, inner = [], set()
    for row in store.query(_RANGES):  # type: ignore[union-attr]
        node, prop = row["restriction"], row["property"]
        if (prop, _TYPE, _FUNCTIONAL) not in _types(store, prop):
            raise BoundError(f"{prop} has bounds and is not functional")
        side, above = _SIDES[row["facet"].value.removeprefix(_XSD)]
        cut = _cut(Decimal(row["limit"].value), above, whole=_whole(store, prop))
        found.append(_Bound(node, prop, side, cut))
        inner |= {row["range"], row["list"], row["facets"]}
    return found, inner


def _types(store: ox.Store, prop: ox.NamedNode) -> set[tuple[Node, ox.NamedNode, Node]]:
    return {(q.subject, q.predicate, q.object) for q in store.quads_for_pattern(prop, _TYPE, None)}  # type: ignore[misc]


def _whole(store: ox.Store, prop: ox.NamedNode) -> bool:
    ranges = {q.object for q in store.quads_for_pattern(prop, _RANGE, None)}
    return ox.NamedNode(f"{_XSD}integer") in ranges


def _cut(limit: Decimal, above: int, *, whole: bool) -> Cut:
    """Between whole numbers, above 3 and from 4 on are the same cut.

    >>> _cut(Decimal(3), 1, whole=True) == _cut(Decimal(4), 0, whole=True)
    True
    """
    if not whole:
        return limit, above
    return Decimal(math.floor(limit) + 1 if above else math.ceil(limit)), 0


def _name(prop: ox.NamedNode, cut: Cut | None, side: str) -> ox.NamedNode:
    local = prop.value.rpartition("/")[2]
    where = "" if cut is None else f":{cut[0].normalize():f}:{cut[1]}"
    return ox.NamedNode(f"{CUTS}{local}:{side}{where}")


def _axioms(bounds: Iterable[_Bound], store: ox.Store) -> Iterator[ox.Triple]:
    cuts: dict[ox.NamedNode, set[Cut]] = defaultdict(set)
    for bound in bounds:
        cuts[bound.property].add(bound.cut)
    for prop, found in sorted(cuts.items(), key=lambda item: item[0].value):
        number = _name(prop, None, "number")
        yield ox.Triple(number, _TYPE, _CLASS)
        for quad in store.quads_for_pattern(prop, _DOMAIN, None):
            yield ox.Triple(number, _SUBCLASS, quad.object)
        lower = number
        for cut in sorted(found):
            upper = _name(prop, cut, "up")
            yield ox.Triple(upper, _TYPE, _CLASS)
            yield ox.Triple(upper, _SUBCLASS, lower)
            yield from _below(_name(prop, cut, "down"), number, upper)
            lower = upper


def _below(down: ox.NamedNode, number: ox.NamedNode, up: ox.NamedNode) -> Iterator[ox.Triple]:
    """`down` is what has a number and is not `up`."""
    whole, rest, cell_a, cell_b = (ox.BlankNode() for _ in range(4))
    yield ox.Triple(down, _TYPE, _CLASS)
    yield ox.Triple(down, ox.NamedNode(f"{_OWL}equivalentClass"), whole)
    yield ox.Triple(whole, _TYPE, _CLASS)
    yield ox.Triple(whole, ox.NamedNode(f"{_OWL}intersectionOf"), cell_a)
    yield ox.Triple(cell_a, _FIRST, number)
    yield ox.Triple(cell_a, _REST, cell_b)
    yield ox.Triple(cell_b, _FIRST, rest)
    yield ox.Triple(cell_b, _REST, _NIL)
    yield ox.Triple(rest, _TYPE, _CLASS)
    yield ox.Triple(rest, ox.NamedNode(f"{_OWL}complementOf"), up)
