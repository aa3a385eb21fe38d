"""The gap map, as far as filters let it through -> panels, cells and one cell opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from graph_builder.attributes import Attribute
from metalocal.attributes import attributes_of
from metalocal.evidence_map import Cell, EvidenceMap, evidence_map
from metalocal.evidence_map.records import (
    DIRECTIONS,
    ONGOING,
    PRIMARY,
    RELATIONS,
    STATE_UNKNOWN,
    SYNTHESIS,
    Entry,
    Panel,
)
from metalocal.evidence_map.words import (
    RELATION_WORDS,
    indirect_words,
    marks_of,
    mix_words,
    sentence_of,
)
from metalocal.explorer.maps.patients import Patient, patient_of
from metalocal.graph import EvidenceGraph

_DESIGNS = """\
PREFIX ml: <https://w3id.org/metalocal/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?word ?label ?rank WHERE {
  ?study ml:design ?design . ?design rdfs:label ?label ; ml:designRank ?rank
  BIND(STRAFTER(STR(?design), STR(ml:)) AS ?word)
} ORDER BY ?rank ?label"""
_ROLES = {
    PRIMARY: "Primary studies with results",
    SYNTHESIS: "Meta-analyses and systematic reviews",
    ONGOING: "Ongoing studies",
    STATE_UNKNOWN: "Studies without results whose state no source tells",
}
_BAR = 100.0


@dataclass(frozen=True)
class GapMap:
    """The map with the words for designs and for what is told of a patient."""

    found: EvidenceMap
    designs: Mapping[str, str]
    attributes: Mapping[str, Attribute]


@dataclass(frozen=True)
class Segment:
    """A part of a bar 100 wide: the class of its direction, where it begins, how wide it is."""

    css: str
    x: float
    width: float


@dataclass(frozen=True)
class Tile:
    """A cell as it is drawn; `name` is what opens it, `sentence` what it says to all."""

    name: str
    css: str
    number: int
    marks: str
    indirect: str
    mix: str
    bar: tuple[Segment, ...]
    sentence: str


@dataclass(frozen=True)
class Group:
    """Entries of a cell that stand to its patients in one way."""

    title: str
    relation: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Opened:
    """A cell with its studies, by role and by how they stand to its patients."""

    panel: Panel
    cell: Cell
    tile: Tile
    groups: tuple[Group, ...]
    patient: Patient


def gap_map(graph: EvidenceGraph, queries: Path) -> GapMap:
    """The whole map: all questions, all designs."""
    designs = {row["word"]: row["label"] for row in graph.select(_DESIGNS).texts()}
    return GapMap(evidence_map(graph, queries), designs, attributes_of(graph, queries))


def name_of(panel: Panel, cell: Cell) -> str:
    """What a cell is called in a URL: question, pattern and subtype."""
    return f"{panel.question}-{cell.pattern.id}-{cell.subtype.id}"


def narrowed(held: GapMap, question: str = "", design: str = "") -> EvidenceMap:
    """The map of one question, of studies of one design; of all where none is named."""
    label = held.designs[design] if design else ""
    panels = tuple(
        replace(panel, cells=tuple(_of_design(cell, label) for cell in panel.cells))
        for panel in held.found.panels
        if question in ("", panel.question)
    )
    return EvidenceMap(held.found.axes, panels)


def _of_design(cell: Cell, label: str) -> Cell:
    if not label:
        return cell
    return replace(cell, entries=tuple(e for e in cell.entries if e.design == label))


def tile_of(panel: Panel, cell: Cell) -> Tile:
    """A cell in numbers and short words."""
    return Tile(
        name=name_of(panel, cell),
        css=css_of(cell.gap),
        number=len(cell.direct),
        marks=marks_of(cell),
        indirect=indirect_words(cell),
        mix=mix_words(cell),
        bar=_bar(cell),
        sentence=sentence_of(panel, cell),
    )


def css_of(words: str) -> str:
    """Class in the style sheet of a kind of gap or a direction.

    >>> css_of("absolute gap")
    'absolute-gap'
    """
    return words.replace(" ", "-")


def _bar(cell: Cell) -> tuple[Segment, ...]:
    total = sum(cell.mix.values())
    found: list[Segment] = []
    x = 0.0
    for direction in DIRECTIONS:
        if cell.mix[direction]:
            width = _BAR * cell.mix[direction] / total
            found.append(Segment(css_of(direction), round(x, 2), round(width, 2)))
            x += width
    return tuple(found)


def opened(held: GapMap, shown: EvidenceMap, name: str) -> Opened:
    """The cell called `name`, which is one of `shown`."""
    panel, cell = next(
        (panel, cell)
        for panel in shown.panels
        for cell in panel.cells
        if name_of(panel, cell) == name
    )
    groups = (
        Group(title, RELATION_WORDS[relation], cell.of(role, relation))
        for role, title in _ROLES.items()
        for relation in RELATIONS
    )
    return Opened(
        panel,
        cell,
        tile_of(panel, cell),
        tuple(group for group in groups if group.entries),
        patient_of((cell.pattern, cell.subtype), held.attributes),
    )
