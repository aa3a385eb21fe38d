"""Pieces and what they share to the whole graph: its description, and its lines in order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from rdflib import Graph, URIRef

from graph_builder.assembly import PROVENANCE
from graph_builder.audit import AUDIT, audit_graph
from graph_builder.conformance import Sketch
from graph_builder.criteria import BoundTest
from graph_builder.examples import EXAMPLES, example_graph
from graph_builder.nquads import (
    RDF_TYPE,
    Triple,
    lines_in,
    lines_of,
    lines_of_graphs,
    merged,
    triple_of,
    triples_of,
)
from graph_builder.pieces.across import AuditAcross, File, is_study
from graph_builder.pieces.compiling import ROOT
from graph_builder.pieces.ground import ONTOLOGY_GRAPH, Ground
from graph_builder.pieces.piece import Facts, Lines, Part, Piece, text_of_piece
from graph_builder.pieces.shelf import Shelf
from graph_builder.populations import CLASS_GRAPHS, value_graph
from graph_builder.rules import DERIVED
from graph_builder.tally import Tally, count, types_in
from graph_builder.value_classes import VALUES
from graph_builder.vocabulary import ID, thing
from graph_builder.void import VOID_GRAPH, Dataset, Subset, void_triples

_ALWAYS = (*CLASS_GRAPHS, DERIVED, AUDIT)
"""Named graphs that a built graph has even where they hold nothing."""


class Kept(NamedTuple):
    """Some sorted lines of a piece: the first of them, and where they are."""

    first: bytes
    key: str
    part: Part


@dataclass
class Gathered:
    """What is remembered of all pieces; their lines stay on the shelf."""

    shelf: Shelf
    kept: list[Kept] = field(default_factory=list)
    limits: set[BoundTest] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    sizes: Counter[str] = field(default_factory=Counter)
    tally: Tally = field(default_factory=Tally)
    doubtful: set[str] = field(default_factory=set)

    def take(self, piece: Piece) -> None:
        """Remembers a piece, and holds the lines that others may say too."""
        parts = zip(piece.first, (piece.own, piece.blank), strict=True)
        self.kept += [Kept(first, piece.key, part) for first, part in parts if first]
        self.limits |= piece.limits
        shared = self.shelf.lines(piece.key, piece.shared).decode()
        self.shared.update(line for line in shared.split("\n") if line)
        self.sizes.update(piece.sizes)
        self.tally.add(piece.tally)
        if not piece.conforms:
            self.doubtful.add(piece.key)


class Whole:
    """The graph made of pieces and of what they share: `common`, triples by named graph."""

    def __init__(self, ground: Ground, gathered: Gathered, files: Sequence[File]) -> None:
        self.ground, self.gathered, self.files = ground, gathered, files
        self.shelf, self.tally = gathered.shelf, gathered.tally
        self.used = {file.key for file in files}
        self.common: dict[str, set[Triple]] = {str(name): set() for name in _ALWAYS}
        if files:
            self.common[str(PROVENANCE)] = set()
        for name, triples in ground.triples.items():
            self.common.setdefault(str(name), set()).update(triples)
        self.common[str(VALUES)] = set(triples_of(value_graph(ground.terms, gathered.limits)))
        for line in gathered.shared:
            graph = line.rsplit(" ", 2)[1][1:-1]
            self.common.setdefault(graph, set()).add(triple_of(line))

    def doubtful(self) -> list[File] | None:
        """The files that the validator must look at; nothing where all surely fits the shapes."""
        said = [triple for triples in self.common.values() for triple in triples]
        if self.ground.shapes is None or not self.ground.shapes.holds(Sketch(said, {})):
            return list(self.files)
        found = [file for file in self.files if file.key in self.gathered.doubtful]
        return found or None

    def add(self, name: URIRef, triples: Iterable[Triple]) -> None:
        """Adds triples that belong to no piece."""
        self.common.setdefault(str(name), set()).update(triples)

    def add_audit(self, across: AuditAcross) -> None:
        """Adds what does not fit between studies, which the shelf may know already."""
        self.used.add(across.key)
        piece = self.shelf.get(across.key)
        if piece is None:
            graph = audit_graph(across.findings(self.ground), self.ground.terms)
            lines = Lines([], sorted(lines_of(triples_of(graph), AUDIT)), [])
            text = text_of_piece(Facts("audit", ""), frozenset(), Tally(), True, lines)
            self.shelf.put(across.key, text)
            piece = self.shelf.get(across.key)
        assert piece is not None
        found = lines_in(self.shelf.lines(across.key, piece.own))
        self.add(AUDIT, (triple_of(line.decode()) for line in found))

    def classes(self) -> Graph:
        """The ontology and the classes of profiles, for a reasoner."""
        names = [str(name) for name in (ONTOLOGY_GRAPH, *CLASS_GRAPHS)]
        found = [triple for name in names for triple in self.common[name]]
        ends = tuple(f" <{name}> ." for name in names)
        for kept in self.gathered.kept:
            lines = self.shelf.lines(kept.key, kept.part).decode().split("\n")
            found += [triple_of(line) for line in lines if line.endswith(ends)]
        # all at once: blank nodes that are read apart would be others
        return Graph().parse(data="".join(f"{s} {p} {o} .\n" for s, p, o in found), format="nt")

    def describe(self, version: str) -> dict[str, int]:
        """Adds the example queries and the description; gives the size of each named graph."""
        if self.ground.examples:
            self.add(EXAMPLES, triples_of(example_graph(self.ground.examples)))
        sizes = Counter({name: len(triples) for name, triples in self.common.items()})
        sizes.update(self.gathered.sizes)
        triples = [triple for triples in self.common.values() for triple in triples]
        types = types_in(triples)
        self.tally.add(count(triples, types))
        studies = [URIRef(f"{ID}{file.facts.root}") for file in self.files if is_study(file)]
        example = min(studies, key=str, default=None)
        asked = self.tally.objects() | ({f"<{example}>"} if example else set())
        types |= self._types_of(asked - types.keys())
        self.tally.settle(types)
        subsets = tuple(
            Subset(URIRef(name), size, self._about(name)) for name, size in sizes.items()
        )
        told = Dataset(version, subsets, self.tally, types, self.ground.ontology, example)
        self.common[str(VOID_GRAPH)] = set(void_triples(told))
        sizes[str(VOID_GRAPH)] = len(self.common[str(VOID_GRAPH)])
        return dict(sorted(sizes.items()))

    def _about(self, name: str) -> str | None:
        """The label of the study or model that a named graph is about."""
        return self._labels.get(name.removeprefix(thing("graph", "")))

    @cached_property
    def _labels(self) -> dict[str, str]:
        named = ("study/", "model/")
        return {f.facts.root: f.facts.label for f in self.files if f.facts.root.startswith(named)}

    def _types_of(self, things: Iterable[str]) -> dict[str, list[str]]:
        """The classes of things that stand in pieces."""
        keys = {file.facts.root: file.key for file in self.files}
        asked: dict[str, set[str]] = defaultdict(set)
        for each in things:
            found = ROOT.match(each)
            if found and found[1] in keys:
                asked[keys[found[1]]].add(each)
        types: dict[str, list[str]] = defaultdict(list)
        for kept in self.gathered.kept:
            if kept.key not in asked:
                continue
            for line in self.shelf.lines(kept.key, kept.part).decode().split("\n"):
                subject, _, rest = line.partition(" ")
                if subject in asked[kept.key] and rest.startswith(RDF_TYPE):
                    types[subject].append(triple_of(line)[2])
        return dict(types)

    def lines(self) -> Iterator[bytes]:
        """All lines of the graph, sorted, in blocks."""
        common = [line.encode() for line in lines_of_graphs(self.common)]
        parts = (self.shelf.lines(one.key, one.part) for one in sorted(self.gathered.kept))
        return merged(common, map(lines_in, parts))
