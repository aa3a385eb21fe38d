"""The terms of the ontology, one page each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from metalocal.attributes import local_name
from metalocal.catalogue import ML
from metalocal.graph import Term as Bound
from metalocal.site.beside import Beside
from metalocal.site.content import Content, Page, Row, address
from metalocal.site.markdown import bullets, code, facts, folded, joined, outside, table, text

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
OBO = "http://purl.obolibrary.org/obo/"

KINDS = {
    f"{OWL}Class": "class",
    f"{OWL}ObjectProperty": "object property",
    f"{OWL}DatatypeProperty": "data property",
    f"{OWL}AnnotationProperty": "annotation property",
}
ABOVE_ALL = {f"{ML}Code", f"{ML}ReportedThing"}
MATCHES = {
    f"{SKOS}exactMatch": "means the same as",
    f"{SKOS}closeMatch": "means nearly the same as",
    f"{SKOS}broadMatch": "is narrower than",
    f"{SKOS}narrowMatch": "is broader than",
    f"{SKOS}relatedMatch": "is related to",
}
FORWARD = {
    f"{RDFS}subClassOf": "Broader",
    f"{RDFS}subPropertyOf": "Broader",
    f"{SKOS}broader": "Broader",
    f"{OBO}IAO_0000119": "Definition source",
    f"{OBO}IAO_0100001": "Replaced by",
    f"{SKOS}example": "Example",
    f"{RDFS}domain": "From (domain)",
    f"{RDFS}range": "To (range)",
    f"{OWL}disjointWith": "Shares nothing with",
    f"{OWL}propertyDisjointWith": "Never holds together with",
    f"{RDFS}comment": "Comment",
    f"{RDFS}seeAlso": "See also",
}
"""Properties in the order in which a page shows them, each with its words; ours follow."""
BACKWARD = {
    f"{RDF}type": "Members",
    f"{RDFS}subClassOf": "Narrower",
    f"{RDFS}subPropertyOf": "Narrower",
    f"{SKOS}broader": "Narrower",
    f"{RDFS}domain": "Properties from here",
    f"{RDFS}range": "Properties to here",
    f"{ML}hasValue": "Value of",
    f"{ML}factProperty": "Fact property of",
    f"{ML}ifValue": "Condition of",
    f"{ML}thenValue": "Consequence of",
    f"{ML}thenNotValue": "Ruled out by",
    f"{OBO}IAO_0100001": "Replaces",
}
UNTOLD = {
    f"{RDFS}label", f"{SKOS}definition", f"{RDF}type", f"{OWL}deprecated", f"{ML}hasValue",
    f"{ML}displayOrder", *MATCHES,
}  # fmt: skip
PARTS = {"attribute value", "implication"}
"""Kinds whose use shows in that of their attribute: criteria are brought into clauses first."""


@dataclass(frozen=True)
class Value:
    """What a term has for a property; `label` is that of another term or thing, where known."""

    bound: Bound
    label: str


@dataclass(frozen=True)
class Term:
    """A term: its IRI, and its values by IRI of the property."""

    iri: str
    values: dict[str, list[Value]]

    @property
    def name(self) -> str:
        """The local name."""
        return self.iri.removeprefix(ML)

    def texts(self, iri: str) -> list[str]:
        """What a property says, as text."""
        return [value.bound.text for value in self.values.get(iri, [])]

    @property
    def label(self) -> str:
        """The label."""
        return self.texts(f"{RDFS}label")[0]

    @property
    def definition(self) -> str:
        """The definition; empty where the ontology gives none."""
        return " ".join(self.texts(f"{SKOS}definition"))

    @property
    def deprecated(self) -> bool:
        """Whether the term is kept only for those who used it."""
        return "true" in self.texts(f"{OWL}deprecated")


class Terms:
    """All terms, and how they hang together."""

    def __init__(self, content: Content, beside: Beside) -> None:
        self.content, self.beside = content, beside
        values: dict[str, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
        for row in content.cells("terms"):
            label = row["valueLabel"].text if "valueLabel" in row else ""
            held = values[row["term"].text][row["property"].text]
            if row["value"] not in [value.bound for value in held]:
                held.append(Value(row["value"], label))
        self.terms = {iri: Term(iri, dict(held)) for iri, held in values.items()}

    def __iter__(self) -> Iterator[Term]:
        """The terms, in the order of their IRIs."""
        return iter(self.terms.values())

    @cached_property
    def backward(self) -> dict[str, dict[str, list[Term]]]:
        """For each term, by property, the terms that name it."""
        found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for term in self:
            for name, values in term.values.items():
                for value in values:
                    if value.bound.text in self.terms:
                        found[value.bound.text][name].append(term)
        return found

    def classes(self, term: Term) -> list[Term]:
        """The classes of ours that an individual is a member of."""
        return [self.terms[iri] for iri in term.texts(f"{RDF}type") if iri in self.terms]

    def kind(self, term: Term) -> str:
        """In which group of the index a term stands, such as "object property" or "outcome"."""
        for iri in term.texts(f"{RDF}type"):
            if iri in KINDS:
                return KINDS[iri]
        return self.family(self.classes(term)[0]).label

    def family(self, cls: Term) -> Term:
        """The broadest class above one, below code and reported thing."""
        above = [iri for iri in cls.texts(f"{RDFS}subClassOf") if iri in self.terms]
        nearest = [iri for iri in above if iri not in ABOVE_ALL]
        return self.family(self.terms[nearest[0]]) if nearest else cls


@dataclass(frozen=True)
class TermPage:
    """The page of one term."""

    term: Term
    terms: Terms

    @property
    def page(self) -> Page:
        """The empty page."""
        path = address(self.term.iri)
        assert path
        return Page(path, self.terms.content)

    def written(self) -> str:
        """The page in Markdown."""
        return self.page.written(
            self.term.label,
            [
                "**Deprecated: do not use this term any more.**" if self.term.deprecated else "",
                f"> {text(self.term.definition)}" if self.term.definition else "",
                facts([*self._facts(), *self._named_by()]),
                self._values(),
                self._matches(),
                self._use(),
            ],
        )

    def _facts(self) -> Iterator[tuple[str, str]]:
        yield "Address (IRI)", code(self.term.iri)
        classes = self.terms.classes(self.term)
        kinds = [self._link(cls) for cls in classes] or [self.terms.kind(self.term)]
        yield "Kind", ", ".join(kinds)
        if f"{OWL}FunctionalProperty" in self.term.texts(f"{RDF}type"):
            yield "How many", "at most one for each thing"
        yield "Since version", text(self.terms.beside.versions.get(self.term.name, ""))
        shown = [iri for iri in FORWARD if iri in self.term.values]
        shown += sorted(set(self.term.values) - UNTOLD - set(FORWARD))
        for iri in shown:
            yield self._name(iri), ", ".join(self._shown(v) for v in self.term.values[iri])

    def _name(self, iri: str) -> str:
        named = self.terms.terms.get(iri)
        words = named.label if named else local_name(iri.replace("#", "/"))
        return FORWARD.get(iri) or text(words[:1].upper() + words[1:])

    def _shown(self, value: Value) -> str:
        if value.bound.kind != "iri":
            return text(value.bound.text)
        label = value.label or local_name(value.bound.text.replace("#", "/"))
        return self.page.link(value.bound.text, label)

    def _link(self, term: Term) -> str:
        return self.page.link(term.iri, term.label)

    def _values(self) -> str:
        values = [self.terms.terms[iri] for iri in self.term.texts(f"{ML}hasValue")]
        if not values:
            return ""
        order = f"{ML}displayOrder"
        values.sort(key=lambda value: (int("".join(value.texts(order)) or 0), value.label))
        rows = [(self._link(value), text(value.definition)) for value in values]
        return "## Values\n\n" + table(["Value", "Definition"], rows)

    def _named_by(self) -> Iterator[tuple[str, str]]:
        for iri, terms in sorted(self.terms.backward.get(self.term.iri, {}).items()):
            if iri == self.term.iri:
                continue
            words = BACKWARD.get(iri) or f"Named under “{self._name(iri).lower()}” by"
            yield words, ", ".join(self._link(term) for term in sorted(terms, key=_label))

    def _matches(self) -> str:
        found = [
            f"{words} {self._outside(value)}"
            for iri, words in MATCHES.items()
            for value in self.term.values.get(iri, [])
        ]
        return joined(["## In other vocabularies", bullets(found)]) if found else ""

    def _outside(self, value: Value) -> str:
        iri = value.bound.text
        known = self.terms.beside.outside(self.term.iri, iri)
        label = known.label or value.label
        name = f"{known.short} {label}".strip() or iri
        return outside(name, iri) + (f": {text(known.comment)}" if known.comment else "")

    def _use(self) -> str:
        kind = self.terms.kind(self.term)
        if kind in PARTS:
            return ""
        counts = self.terms.content.of("term-counts", "term", self.term.iri)
        studies = self.terms.content.of("term-studies", "term", self.term.iri)
        if not counts:
            return "## Use\n\nNot used in the graph of this version."
        counted = bullets(_count(row, kind) for row in counts)
        return joined(["## Use", counted, self._studies(studies)])

    def _studies(self, rows: list[Row]) -> str:
        if not rows:
            return ""
        links = ", ".join(self.page.link(row["study"], row["label"]) for row in rows)
        number = "one study" if len(rows) == 1 else f"{len(rows)} studies"
        return folded(f"In {number}", links)


def _label(term: Term) -> str:
    return term.label.lower()


def _count(row: Row, kind: str) -> str:
    """How often a term is named: by things of a class, as a class or as a property."""
    number = f"{int(row['number']):,}"
    if "classLabel" in row:
        return f"{text(row['classLabel'])}: {number}"
    return f"members: {number}" if kind == "class" else f"times: {number}"
