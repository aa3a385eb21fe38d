"""The map: panels by question, cells by pattern and subtype, studies in each cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from metalocal.answers.directions import AGAINST, FAVOURS, MIXED, NO_DIFFERENCE
from metalocal.evidence_map.axes import Axes, AxisValue

DIRECT, WIDER, NOT_STATED, PARTLY = "direct", "wider", "not stated", "partly"
RELATIONS = (DIRECT, WIDER, NOT_STATED, PARTLY)
"""How a study that does not exclude the patients of a cell stands to it, the closest first."""

PRIMARY, SYNTHESIS = "primary study", "synthesis"
ONGOING, STATE_UNKNOWN = "ongoing study", "study of unknown state"

NOT_ESTIMABLE = "not estimable"
DIRECTIONS = (FAVOURS, NO_DIFFERENCE, AGAINST, MIXED, NOT_ESTIMABLE)

ABSOLUTE, THIN, UNSYNTHESISED, SYNTHESISED = "absolute gap", "thin", "synthesis gap", "synthesised"
GAPS = {
    ABSOLUTE: "no study with results leaves room for such patients",
    THIN: "only indirect: results from populations that are wider, overlap or do not say",
    UNSYNTHESISED: "primary studies with results of just such patients, no synthesis of them",
    SYNTHESISED: "a meta-analysis or systematic review has results of just such patients",
}


@dataclass(frozen=True)
class Comparison:
    """What one study found of one outcome between two treatments, from all its reports.

    `contrast` names the treatments, "surgery versus systemic therapy"; `sources` are such as
    "liu-2023:62".
    """

    outcome: str
    contrast: str
    family: str
    direction: str
    populations: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A study in a cell.

    `role`: primary study, synthesis, ongoing study or study of unknown state. `relation`: direct,
    wider, not stated or partly, by the closest of its populations, which `populations` names.
    `level` (1 the strongest) is missing where its design is not told. `comparisons` are of direct
    studies only; `sources` are where the results of the named populations stand.
    """

    study: str
    label: str
    design: str
    role: str
    relation: str
    level: int | None
    populations: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """The studies about one question in patients of one pattern and one subtype.

    `family` names the outcomes that decide the question first; the direction mix counts these.
    """

    pattern: AxisValue
    subtype: AxisValue
    family: str
    entries: tuple[Entry, ...]

    def of(self, role: str, *relations: str) -> tuple[Entry, ...]:
        """The entries of a role and of any of the relations, of all where none is named."""
        wanted = relations or RELATIONS
        return tuple(e for e in self.entries if e.role == role and e.relation in wanted)

    @cached_property
    def direct(self) -> tuple[Entry, ...]:
        """Primary studies with results of just such patients."""
        return self.of(PRIMARY, DIRECT)

    @cached_property
    def indirect(self) -> tuple[Entry, ...]:
        """Primary studies with results whose population does not exclude such patients."""
        return self.of(PRIMARY, WIDER, NOT_STATED, PARTLY)

    @cached_property
    def syntheses(self) -> tuple[Entry, ...]:
        """Meta-analyses and systematic reviews with results of just such patients."""
        return self.of(SYNTHESIS, DIRECT)

    @cached_property
    def mix(self) -> dict[str, int]:
        """How many comparisons of direct primary studies point which way, in the family."""
        return directions(self.direct, self.family)

    @property
    def best_level(self) -> int | None:
        """The strongest level among direct studies, syntheses included."""
        levels = [e.level for e in (*self.direct, *self.syntheses) if e.level is not None]
        return min(levels, default=None)

    @property
    def gap(self) -> str:
        """One of the words of `GAPS`."""
        if self.syntheses:
            return SYNTHESISED
        if self.direct:
            return UNSYNTHESISED
        return THIN if self.indirect or self.of(SYNTHESIS) else ABSOLUTE


def directions(entries: Iterable[Entry], family: str = "") -> dict[str, int]:
    """Comparisons by direction, all directions named; of one family of outcomes if given."""
    found = Counter(
        comparison.direction
        for entry in entries
        for comparison in entry.comparisons
        if family in ("", comparison.family)
    )
    return {direction: found[direction] for direction in DIRECTIONS}


@dataclass(frozen=True)
class Panel:
    """One clinical question; its cells row by row."""

    question: str
    label: str
    family: str
    patterns: tuple[AxisValue, ...]
    cells: tuple[Cell, ...]

    def cell(self, pattern: str, subtype: str) -> Cell:
        """The cell of a row and a column by their ids."""
        return next(c for c in self.cells if (c.pattern.id, c.subtype.id) == (pattern, subtype))


@dataclass(frozen=True)
class EvidenceMap:
    """The map: one panel for each question about local therapy."""

    axes: Axes
    panels: tuple[Panel, ...]
