"""The properties the ontology declares to a JSON-LD context: readable keys and typed values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from graph_builder.vocabulary import ID, ML, ONTOLOGY, thing

Json = dict[str, Any]
Node = ox.NamedNode | ox.BlankNode
Value = Node | ox.Literal | ox.Triple

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = f"{RDF}type"
LABEL = f"{RDFS}label"
PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "ml": f"{ONTOLOGY}/",
    "mlid": ID,
    "obo": "http://purl.obolibrary.org/obo/",
    "owl": OWL,
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
}
_FIXED: Json = {
    "@version": 1.1,
    "@vocab": PREFIXES["ml"],
    **PREFIXES,
    "id": "@id",
    "type": "@type",
    "studies": "@included",
    "sources": "@included",
    "others": "@included",
    "derivations": {"@reverse": "ml:ofReport", "@type": "@id", "@container": "@set"},
}
_PROPERTIES = {f"{OWL}{kind}Property" for kind in ("Object", "Datatype", "Annotation")}
_WORDS = (ML.Code, ML.Attribute, f"{ONTOLOGY}/AttributeValue")
"""The classes whose members are terms of the ontology: their local name is enough."""
_IRREGULAR = {"criterion": "criteria"}
_EXACT = 2**53
"""Up to here every JSON reader keeps an integer as it is."""


@dataclass(frozen=True)
class Term:
    """One key: `kind` is @id, @vocab or a datatype, `language` a tag, `many` always a list."""

    key: str
    iri: str
    kind: str = ""
    language: str = ""
    many: bool = False
    part: bool = False

    def entry(self, compact: str) -> Json:
        """Its definition in the context."""
        found: Json = {"@id": compact}
        if self.kind:
            found["@type"] = self.kind.replace(XSD, "xsd:")
        if self.language:
            found["@language"] = self.language
        if self.many:
            found["@container"] = "@set"
        return found


class Context:
    """Names and values as the JSON-LD context writes them."""

    label = LABEL

    def __init__(self, terms: Iterable[Term]) -> None:
        ordered = sorted(terms, key=lambda term: term.key)
        self.terms = {term.iri: term for term in ordered}
        self.parts = {term.iri for term in ordered if term.part}
        entries = {term.key: term.entry(self.iri(term.iri)) for term in ordered}
        self.document: Json = {**_FIXED, **entries}

    def iri(self, iri: str) -> str:
        """An IRI shortened by a prefix where one fits."""
        for prefix, start in PREFIXES.items():
            rest = iri.removeprefix(start)
            if rest != iri and not rest.startswith("//"):
                return f"{prefix}:{rest}"
        return iri

    def ref(self, node: Node) -> str:
        """What stands under `id`."""
        return str(node) if isinstance(node, ox.BlankNode) else self.iri(node.value)

    def word(self, node: Node) -> str:
        """The local name of a term of the ontology, unless the context means another by it."""
        if isinstance(node, ox.BlankNode):
            return self.ref(node)
        name = node.value.removeprefix(PREFIXES["ml"])
        plain = name != node.value and name and ":" not in name and not name.startswith("@")
        return name if plain and name not in self.document else self.ref(node)

    def key(self, predicate: str) -> str:
        """The key of a property."""
        return self.terms[predicate].key if predicate in self.terms else self.iri(predicate)

    def many(self, predicate: str) -> bool:
        """Whether its value is always written as a list."""
        return predicate in self.terms and self.terms[predicate].many

    def link(self, predicate: str, node: Node) -> object:
        """A reference to a thing, under the key of `predicate`."""
        kind = self.terms[predicate].kind if predicate in self.terms else ""
        if kind == "@vocab":
            return self.word(node)
        return self.ref(node) if kind == "@id" else {"id": self.ref(node)}

    def literal(self, predicate: str, literal: ox.Literal) -> object:
        """A value with its printed characters; a bare one means what the context says of the key.

        Decimals are strings, so that no reader makes 0.7 of 0.70; integers and truth values are
        JSON's own where these are written in one way only.
        """
        term = self.terms.get(predicate, Term("", predicate))
        value, datatype = literal.value, literal.datatype.value
        if literal.language:
            fits = literal.language == term.language
            return value if fits else {"@value": value, "@language": literal.language}
        if datatype == f"{XSD}string":
            return {"@value": value} if term.kind or term.language else value
        if datatype != term.kind:
            return {"@value": value, "@type": self.iri(datatype)}
        return _native(value, datatype)


def _native(value: str, datatype: str) -> object:
    if datatype == f"{XSD}boolean" and value in {"true", "false"}:
        return value == "true"
    digits = value.removeprefix("-")
    if datatype == f"{XSD}integer" and digits.isascii() and digits.isdigit():
        number = int(value)
        return number if str(number) == value and abs(number) < _EXACT else value
    return value


@dataclass
class Usage:
    """How the graph uses one property: kinds of value, and whether a thing has several."""

    kinds: set[str] = field(default_factory=set)
    repeated: bool = False

    def coercion(self) -> tuple[str, str]:
        """Type and language that fit every value; empty where none does."""
        if self.kinds and self.kinds <= {"@vocab", "@id"}:
            return ("@vocab" if self.kinds == {"@vocab"} else "@id"), ""
        (only,) = self.kinds if len(self.kinds) == 1 else ("",)
        return ("", only[1:]) if only.startswith("@") else (only.removeprefix(f"{XSD}string"), "")


def context_of(quads: Iterable[ox.Quad]) -> Context:
    """The context of a built graph, from its ontology alone where that says enough.

    Of an annotation property the ontology gives no range: there the values in the graph tell
    language or type, and a property that a thing has twice is written as a list everywhere.
    """
    quads = list(quads)
    ontology = Declared(quads)
    usage = _usage(quads)
    known = {iri: ontology.term(iri, usage[iri]) for iri in ontology.properties}
    known[LABEL] = Term("label", LABEL, language="en")
    return Context(known.values())


def _usage(quads: Iterable[ox.Quad]) -> dict[str, Usage]:
    found: dict[str, Usage] = defaultdict(Usage)
    times = Counter((q.subject, q.predicate.value, q.graph_name) for q in quads)
    for (_, predicate, _), count in times.items():
        found[predicate].repeated |= count > 1
    for quad in quads:
        found[quad.predicate.value].kinds.add(_kind(quad.object))
    return found


def _kind(value: Value) -> str:
    if isinstance(value, ox.Literal):
        return f"@{value.language}" if value.language else value.datatype.value
    ours = isinstance(value, ox.NamedNode) and value.value.startswith(PREFIXES["ml"])
    return "@vocab" if ours else "@id"


class Declared:
    """What the ontology of a built graph declares of its properties."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        graph = ox.NamedNode(str(thing("graph", "ontology")))
        self.values: dict[tuple[str, str], list[str]] = defaultdict(list)
        for quad in quads:
            if quad.graph_name == graph and not isinstance(quad.subject, ox.Triple):
                value = quad.object
                if not isinstance(value, ox.Triple):
                    key = quad.subject.value, quad.predicate.value
                    self.values[key].append(value.value)
        self.properties = sorted(
            subject
            for (subject, predicate), types in self.values.items()
            if predicate == TYPE and _PROPERTIES & set(types)
        )

    def term(self, iri: str, usage: Usage) -> Term:
        """The key of a property, and how its values are written."""
        types = set(self.values[iri, TYPE])
        if f"{OWL}AnnotationProperty" in types:
            kind, language = usage.coercion()
            return Term(self._key(iri), iri, kind, language, many=usage.repeated)
        many = f"{OWL}FunctionalProperty" not in types
        ranges = self.values[iri, f"{RDFS}range"]
        if f"{OWL}ObjectProperty" in types:
            words = any(self._is_word(one) for one in ranges)
            part = many and _is_part(iri)
            key = self._plural(iri) if part else self._key(iri)
            return Term(key, iri, "@vocab" if words else "@id", many=many, part=part)
        kind, language = usage.coercion()
        for one in ranges:
            if one.startswith(XSD):
                kind, language = one.removeprefix(f"{XSD}string"), ""
        return Term(self._key(iri), iri, kind, language, many=many)

    def _key(self, iri: str) -> str:
        """Our own local name; of an outside property its label, written in one word."""
        name = iri.removeprefix(PREFIXES["ml"])
        if name == iri:
            first, *rest = self.values[iri, LABEL][0].split()
            name = first + "".join(word[0].upper() + word[1:] for word in rest)
        return f"ml:{name}" if name in _FIXED else name

    def _plural(self, iri: str) -> str:
        """HasArm gives arms; where the ontology means another thing by that, hasArm stays."""
        name = iri.removeprefix(f"{PREFIXES['ml']}has")
        one = name[0].lower() + name[1:]
        regular = f"{one[:-1]}ies" if one.endswith("y") else f"{one}s"
        plural = _IRREGULAR.get(one, regular)
        taken = plural in _FIXED or f"{PREFIXES['ml']}{plural}" in self.properties
        return self._key(iri) if taken else plural

    def _is_word(self, cls: str) -> bool:
        above, seen = [cls], set[str]()
        while above:
            one = above.pop()
            if one in map(str, _WORDS):
                return True
            if one not in seen:
                seen.add(one)
                above += self.values[one, f"{RDFS}subClassOf"]
        return False


def _is_part(iri: str) -> bool:
    return iri.startswith(f"{PREFIXES['ml']}has")
