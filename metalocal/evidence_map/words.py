"""Words and short forms that text, picture and page of the map share."""

from __future__ import annotations

from metalocal.evidence_map.records import (
    AGAINST,
    DIRECT,
    DIRECTIONS,
    FAVOURS,
    GAPS,
    MIXED,
    NO_DIFFERENCE,
    NOT_ESTIMABLE,
    NOT_STATED,
    ONGOING,
    PARTLY,
    STATE_UNKNOWN,
    WIDER,
    Cell,
    Entry,
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
    "+n indirect: primary studies with results that do not exclude such patients. "
    "O: ongoing studies that do not exclude them, n? those whose state no source tells."
)
MIX_KEY = (
    "Bar: what direct primary studies found between treatments, one count for each study and "
    "outcome, among the outcomes that decide the question first. It counts; it does not weigh."
)


def mix_words(cell: Cell) -> str:
    """The direction mix in signs, such as "2+ 1=", empty without a comparison."""
    return " ".join(f"{cell.mix[d]}{SIGNS[d]}" for d in DIRECTIONS if cell.mix[d])


def ongoing_words(cell: Cell) -> str:
    """Ongoing studies and, with a question mark, those of unknown state: "O2+1?"."""
    going, unknown = len(cell.of(ONGOING)), len(cell.of(STATE_UNKNOWN))
    parts = [str(going)] if going else []
    parts += [f"{unknown}?"] if unknown else []
    return f"O{'+'.join(parts)}" if parts else ""


def marks_of(cell: Cell) -> str:
    """Level, syntheses and ongoing studies of a cell in short."""
    level = f"L{cell.best_level}" if cell.best_level else ""
    syntheses = f"S{len(cell.syntheses)}" if cell.syntheses else ""
    return " ".join(part for part in (level, syntheses, ongoing_words(cell)) if part)


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


def found_by(entry: Entry) -> str:
    """What a study found between treatments, outcome by outcome."""
    return "; ".join(f"{c.outcome}: {c.direction}" for c in entry.comparisons)


def summary_of(found: EvidenceMap) -> str:
    """How many cells of each kind the map has, without the margins that take everybody."""
    cells = [
        cell
        for panel in found.panels
        for cell in panel.cells
        if not (cell.pattern.takes_everybody or cell.subtype.takes_everybody)
    ]
    counts = [f"{sum(cell.gap == gap for cell in cells)} {gap}" for gap in GAPS]
    return f"{len(cells)} cells of one pattern and one subtype: {', '.join(counts)}"
