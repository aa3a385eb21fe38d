"""The codes of the built graph as SKOS concept schemes: outcomes, interventions, and the like."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pyoxigraph as ox

from graph_builder.problems import ToldError
from graph_builder.vocabulary import ONTOLOGY, thing
from metalocal.dumps import BrokenBuildError, DumpError, verified_quads
from metalocal.files import replacing

PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "ml": f"{ONTOLOGY}/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
SCHEMES = {"Outcome": "outcomes", "Intervention": "interventions"}
"""Class of codes to the name of its scheme: always written."""
IF_HIERARCHICAL = {
    "BaselineCharacteristic": "baseline characteristics",
    "Question": "questions",
}
"""Written once a code of theirs has a broader one."""
_FORMATS = {
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".ttl": ox.RdfFormat.TURTLE,
}
_GRAPHS = ("ontology", "mappings", "void")
_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")


class SkosError(ToldError):
    """The hierarchy of the ontology is none: it has a circle, or leads out of its word list."""


def write_skos(graph_file: Path, out: Path) -> int:
    """Write the concept schemes into one file; gives the number of concepts.

    The suffix of `out` chooses the format. Readers of `out` see the old file or the whole new one.

    Raises:
        BrokenBuildError: the built graph is missing or broken.
        DumpError: the suffix names no format written here.
        SkosError: the hierarchy has a circle or leads out of its word list.
    """
    form = _FORMATS.get(out.suffix.lower())
    if form is None:
        endings = ", ".join(_FORMATS)
        raise DumpError(f"cannot write {out.name}: the SKOS file is named {endings}")
    triples = skos_triples(verified_quads(graph_file))
    with replacing(out) as beside, beside.open("wb") as file:
        ox.serialize(sorted(triples, key=_reading_order), file, form, prefixes=PREFIXES)
    concept = _term("skos", "Concept")
    return sum(triple.object == concept for triple in triples)


def skos_triples(quads: Iterable[ox.Quad]) -> set[ox.Triple]:
    """All schemes with their concepts.

    Raises:
        BrokenBuildError: the graph holds no codes.
        SkosError: as `write_skos`.
    """
    codes = Codes.of(quads)
    found: set[ox.Triple] = set()
    for cls, plural in {**SCHEMES, **IF_HIERARCHICAL}.items():
        members = codes.members(cls)
        if cls in SCHEMES or any(codes.values(code, "skos", "broader") for code in members):
            found |= set(_scheme(codes, cls, plural))
    return found


@dataclass
class Codes:
    """What ontology, mappings and the description of the dataset say, by subject and property."""

    facts: dict[tuple[ox.NamedNode, ox.NamedNode], list[ox.NamedNode | ox.Literal]] = field(
        default_factory=lambda: defaultdict(list)
    )

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> Codes:
        """The facts of the named things in the graphs that tell of terms."""
        graphs = {ox.NamedNode(str(thing("graph", name))) for name in _GRAPHS}
        found = cls()
        for quad in quads:
            if quad.graph_name in graphs and isinstance(quad.subject, ox.NamedNode):
                value = quad.object
                if isinstance(value, ox.NamedNode | ox.Literal):
                    found.facts[quad.subject, quad.predicate].append(value)
        return found

    def values(
        self, subject: ox.NamedNode, prefix: str, name: str
    ) -> list[ox.NamedNode | ox.Literal]:
        """The values of one property, sorted."""
        return sorted(self.facts.get((subject, _term(prefix, name)), []), key=str)

    def members(self, cls: str) -> list[ox.NamedNode]:
        """The codes of one class, sorted."""
        kind, is_a = _term("ml", cls), _term("rdf", "type")
        found = (s for (s, p), values in self.facts.items() if p == is_a and kind in values)
        return sorted(found, key=str)


def _scheme(codes: Codes, cls: str, plural: str) -> Iterator[ox.Triple]:
    members = codes.members(cls)
    if not members:
        message = f"the built graph has no {plural}, so it is no graph of metalocal"
        raise BrokenBuildError(f"{message}; build it anew: metalocal build")
    scheme = ox.NamedNode(str(thing("scheme", plural.replace(" ", "-"))))
    dataset = ox.NamedNode(str(thing("dataset", "metalocal")))
    about = _Subject(scheme)
    yield about.says("rdf", "type", _term("skos", "ConceptScheme"))
    title = ox.Literal(f"metalocal: {plural}", language="en")
    yield about.says("dcterms", "title", title)
    yield about.says("rdfs", "label", title)
    for definition in codes.values(_term("ml", cls), "skos", "definition"):
        yield about.says("dcterms", "description", definition)
    for licence in codes.values(dataset, "dcterms", "license"):
        yield about.says("dcterms", "license", licence)
    for version in codes.values(dataset, "dcterms", "identifier"):
        yield about.says("dcterms", "hasVersion", version)
    broader = _hierarchy(codes, members, plural)
    for code in members:
        yield from _concept(codes, code, scheme)
        yield from _relations(code, broader[code], scheme)


def _concept(codes: Codes, code: ox.NamedNode, scheme: ox.NamedNode) -> Iterator[ox.Triple]:
    about = _Subject(code)
    yield about.says("rdf", "type", _term("skos", "Concept"))
    yield about.says("skos", "inScheme", scheme)
    yield about.says("skos", "notation", ox.Literal(code.value.removeprefix(PREFIXES["ml"])))
    for label in codes.values(code, "rdfs", "label"):
        yield about.says("skos", "prefLabel", label)
    for name in ("definition", *_MATCHES):
        for value in codes.values(code, "skos", name):
            yield about.says("skos", name, value)


def _relations(
    code: ox.NamedNode, broader: list[ox.NamedNode], scheme: ox.NamedNode
) -> Iterator[ox.Triple]:
    about = _Subject(code)
    for above in broader:
        yield about.says("skos", "broader", above)
        yield _Subject(above).says("skos", "narrower", code)
    if not broader:
        yield about.says("skos", "topConceptOf", scheme)
        yield _Subject(scheme).says("skos", "hasTopConcept", code)


def _hierarchy(
    codes: Codes, members: list[ox.NamedNode], plural: str
) -> dict[ox.NamedNode, list[ox.NamedNode]]:
    """Each code with the codes directly above it.

    Raises:
        SkosError: a code stands above itself, or one above is of another word list.
    """
    known = set(members)
    broader: dict[ox.NamedNode, list[ox.NamedNode]] = {code: [] for code in members}
    for code in members:
        for above in codes.values(code, "skos", "broader"):
            if above not in known:
                message = f"{_shown(code)} has the broader term {_shown(above)}"
                mend = "use skos:broadMatch for a term of another vocabulary"
                raise SkosError(f"{message}, which is none of the {plural}; {mend}")
            assert isinstance(above, ox.NamedNode)
            broader[code].append(above)
    try:
        TopologicalSorter(broader).prepare()
    except CycleError as error:
        way = " above ".join(_shown(code) for code in error.args[1])
        message = f"the {plural} stand in a circle: {way}"
        raise SkosError(f"{message}; take out one skos:broader") from error
    return broader


@dataclass(frozen=True)
class _Subject:
    """Somebody something is said of."""

    iri: ox.NamedNode

    def says(self, prefix: str, name: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
        return ox.Triple(self.iri, _term(prefix, name), value)


def _shown(term: ox.NamedNode | ox.Literal) -> str:
    return term.value.removeprefix(PREFIXES["ml"])


def _term(prefix: str, name: str) -> ox.NamedNode:
    return ox.NamedNode(PREFIXES[prefix] + name)


def _reading_order(triple: ox.Triple) -> tuple[bool, str, bool, str, str]:
    """Put the schemes first, and of each thing its type first."""
    subject, predicate = str(triple.subject), triple.predicate
    is_code = subject.startswith(f"<{PREFIXES['ml']}")
    return is_code, subject, predicate != _term("rdf", "type"), str(predicate), str(triple.object)
