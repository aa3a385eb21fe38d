"""Axioms into Turtle as the hand-written modules are laid out: one predicate a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from graph_builder.turtle.reading import TYPE, Fact, Members, Tree, owl, words_of

NEXT = " ;\n    "
XSD = "http://www.w3.org/2001/XMLSchema#"
_ML = "https://w3id.org/metalocal/ontology/"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_DCTERMS = "http://purl.org/dc/terms/"
_OBO = "http://purl.obolibrary.org/obo/"

_ORDER = [
    TYPE.value,
    *(owl(name).value for name in ("versionIRI", "versionInfo", "priorVersion", "imports")),
    f"{_RDFS}label",
    f"{_ML}shortLabel",
    *(f"{_DCTERMS}{name}" for name in ("title", "description")),
    f"{_SKOS}definition",
    f"{_OBO}IAO_0000119",
    f"{_SKOS}example",
    *(f"{_ML}{name}" for name in ("questionText", "attributeGroup", "displayOrder")),
    *(f"{_ML}{name}" for name in ("factProperty", "absenceProperty", "lowest", "highest", "unit")),
    *(f"{_ML}{name}" for name in ("hasValue", "onlyWith", "ifValue", "thenValue", "thenNotValue")),
    *(f"{_RDFS}{name}" for name in ("subClassOf", "subPropertyOf", "domain", "range")),
    *(owl(name).value for name in ("inverseOf", "equivalentClass", "disjointWith", "members")),
]
_LAST = [
    *(f"{_SKOS}{name}Match" for name in ("exact", "close", "broad", "narrow", "related")),
    owl("deprecated").value,
    f"{_OBO}IAO_0100001",
]
_MAIN, _QUALITY, _INDIVIDUAL = range(3)
_SHORT = {
    "integer": re.compile(r"[+-]?[0-9]+"),
    "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    "double": re.compile(r"[+-]?[0-9]+(\.[0-9]*)?[eE][+-]?[0-9]+"),
    "boolean": re.compile(r"true|false"),
}
_LOCAL = re.compile(r"[A-Za-z0-9_][\w-]*")
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def rank(predicate: ox.NamedNode) -> tuple[int, str]:
    """Where a predicate stands in a statement: types, label, definition; matches at the end."""
    iri = predicate.value
    if iri in _ORDER:
        return _ORDER.index(iri), ""
    late = len(_ORDER) + 1 + _LAST.index(iri) if iri in _LAST else len(_ORDER)
    return late, iri


@dataclass(frozen=True)
class Layout:
    """Writes terms with the prefixes of a file (IRI to prefix), in the order of an `earlier` text.

    What the earlier text does not hold comes after what it holds, in the order of the alphabet.
    """

    prefixes: Mapping[str, str]
    earlier: str = ""
    _places: dict[str, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._places.update(reversed(words_of(self.earlier)))

    def statement(self, subject: ox.NamedNode | None, facts: Iterable[Fact]) -> str:
        """A whole statement, one predicate a line; a subject of none is a blank node."""
        name = "[]" if subject is None else self.name(subject)
        return f"{name} {NEXT.join(self.predicates(facts))} ."

    def predicates(self, facts: Iterable[Fact]) -> list[str]:
        """Each predicate with its objects, in our order."""
        grouped: dict[ox.NamedNode, list[Tree]] = {}
        for predicate, tree in facts:
            grouped.setdefault(predicate, []).append(tree)
        return [self.predicate(p, grouped[p]) for p in sorted(grouped, key=rank)]

    def predicate(self, predicate: ox.NamedNode, trees: Iterable[Tree], comma: str = " , ") -> str:
        """One predicate with its objects, a `comma` between them."""
        objects = sorted(trees, key=lambda tree: (_type_rank(predicate, tree), self._order(tree)))
        name = "a" if predicate == TYPE else self.name(predicate)
        return f"{name} {comma.join(self.object(tree) for tree in objects)}"

    def object(self, tree: Tree) -> str:
        """An object: name, literal, list or blank node."""
        if isinstance(tree, ox.NamedNode):
            return self.name(tree)
        if isinstance(tree, ox.Literal):
            return self._literal(tree)
        if isinstance(tree, Members):
            items = tree.items if tree.ordered else sorted(tree.items, key=self._order)
            return f"( {' '.join(self.object(item) for item in items)} )" if items else "()"
        return f"[ {' ; '.join(self.predicates(tree.facts))} ]"

    def name(self, node: ox.NamedNode) -> str:
        """The prefixed name, or the IRI where no prefix fits."""
        for start in sorted(self.prefixes, key=len, reverse=True):
            local = node.value.removeprefix(start)
            if local != node.value and _LOCAL.fullmatch(local):
                return f"{self.prefixes[start]}:{local}"
        return f"<{node.value}>"

    def _literal(self, literal: ox.Literal) -> str:
        kind = literal.datatype.value.removeprefix(XSD)
        if kind in _SHORT and _SHORT[kind].fullmatch(literal.value):
            return literal.value
        quoted = f'"{literal.value.translate(_ESCAPES)}"'
        if literal.language:
            return f"{quoted}@{literal.language}"
        return quoted if kind == "string" else f"{quoted}^^{self.name(literal.datatype)}"

    def _order(self, tree: Tree) -> tuple[int, str]:
        text = self.object(tree)
        place = self._places.get(text, -1)
        if place < 0 and text[0] in '[("':
            place = self.earlier.find(text)
        return (place if place >= 0 else len(self.earlier)), text


def _type_rank(predicate: ox.NamedNode, tree: Tree) -> int:
    """Put `owl:Class`, `ml:Code` before `owl:FunctionalProperty` before `owl:NamedIndividual`."""
    if predicate != TYPE or not isinstance(tree, ox.NamedNode):
        return _MAIN
    if tree == owl("NamedIndividual"):
        return _INDIVIDUAL
    main = tree.value.endswith(("ObjectProperty", "DatatypeProperty", "AnnotationProperty"))
    return _QUALITY if tree.value.endswith("Property") and not main else _MAIN
