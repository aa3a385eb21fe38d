"""Words and short forms that text, picture and page of the map share."""

from __future__ import annotations

from metalocal.answers.directions import AGAINST, FAVOURS, MIXED, NO_DIFFERENCE
from metalocal.evidence_map.records import (
    DIRECT,
    DIRECTIONS,
    GAPS,
    NOT_ESTIMABLE,
    NOT_STATED,
    ONGOING,
    PARTLY,
    STATE_UNKNOWN,
    WIDER,
    Cell,
    EvidenceMap,
    Panel,
)

TITLE = "Evidence gap map: local therapy in metastatic breast cancer"
SIGNS = {FAVOURS: "+", NO_DIFFERENCE: "=", AGAINST: "−", MIXED: "±", NOT_ESTIMABLE: "?"}
"""One sign for each direction of a comparison."""

RELATION_WORDS = {
    DIRECT: "just such patients",
    WIDER: "all such patients, among others",
    NOT_STATED: "does not say",
    PARTLY: "some such patients, or a criterion stays open",
}
KEY = (
    "Large number: primary studies with results of just such patients (direct). "
    "L: the best level of direct evidence, 1 the strongest. "
    "S: meta-analyses and systematic reviews with results of just such patients. "
    "O: ongoing studies of just such patients; n? those whose state no source tells. "
    "+n and O+n: primary and ongoing studies that are indirect, since their population is wider, "
    "overlaps or does not say; they do not exclude such patients."
)
MIX_KEY = (
    "Bar: what direct primary studies found between treatments, one count for each study, "
    "outcome and pair of treatments, among the outcomes that decide the question first. "
    "It counts; it does not weigh."
)


def mix_words(cell: Cell) -> str:
    """The direction mix in signs, such as "2+ 1=", empty without a comparison."""
    return " ".join(f"{cell.mix[d]}{SIGNS[d]}" for d in DIRECTIONS if cell.mix[d])


def ongoing_words(cell: Cell, *relations: str) -> str:
    """Ongoing studies and, with a question mark, those of unknown state: "2+1?", or nothing."""
    going, unknown = len(cell.of(ONGOING, *relations)), len(cell.of(STATE_UNKNOWN, *relations))
    parts = [str(going)] if going else []
    parts += [f"{unknown}?"] if unknown else []
    return "+".join(parts)


def marks_of(cell: Cell) -> str:
    """Level, syntheses and ongoing studies of just such patients, in short: "L2 S1 O3"."""
    level = f"L{cell.best_level}" if cell.best_level else ""
    syntheses = f"S{len(cell.syntheses)}" if cell.syntheses else ""
    going = ongoing_words(cell, DIRECT)
    return " ".join(part for part in (level, syntheses, f"O{going}" if going else "") if part)


def indirect_words(cell: Cell) -> str:
    """Indirect primary studies and ongoing studies, in short: "+46 O+3?"."""
    studies = f"+{len(cell.indirect)}" if cell.indirect else ""
    going = ongoing_words(cell, WIDER, NOT_STATED, PARTLY)
    return " ".join(part for part in (studies, f"O+{going}" if going else "") if part)


def sentence_of(panel: Panel, cell: Cell) -> str:
    """A cell in one sentence, for those who cannot see it or point at it."""
    parts = [f"{cell.gap}: {len(cell.direct)} direct and {len(cell.indirect)} indirect studies"]
    if cell.best_level:
        parts.append(f"best level {cell.best_level}")
    told = [f"{cell.mix[d]} {d}" for d in DIRECTIONS if cell.mix[d]]
    parts += [f"{panel.family}: {', '.join(told)}"] if told else []
    parts += [f"{len(cell.syntheses)} direct syntheses"] if cell.syntheses else []
    going, unknown = len(cell.of(ONGOING)), len(cell.of(STATE_UNKNOWN))
    parts += [f"{going} ongoing"] if going else []
    parts += [f"{unknown} of unknown state"] if unknown else []
    return f"{cell.pattern.label}, {cell.subtype.label}: {'; '.join(parts)}"


def summary_of(found: EvidenceMap) -> str:
    """How many cells of each kind: by pattern and subtype, and by pattern or subtype alone."""
    counts = []
    for name, narrow in (("pattern and subtype", True), ("pattern or subtype alone", False)):
        cells = [c for p in found.panels for c in p.cells if _narrow(c) is narrow]
        told = ", ".join(f"{sum(c.gap == gap for c in cells)} {gap}" for gap in GAPS)
        counts.append(f"By {name}, {len(cells)} cells: {told}")
    return ". ".join(counts)


def _narrow(cell: Cell) -> bool | None:
    """Whether a cell asks for pattern and subtype, or for one of them; none where for neither."""
    asks = [not value.takes_everybody for value in (cell.pattern, cell.subtype)]
    return all(asks) if any(asks) else None
