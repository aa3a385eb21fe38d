"""The map as text for a terminal: one table for each question."""

from __future__ import annotations

import io

from rich.console import Console
from rich.table import Table

from metalocal.evidence_map.records import (
    ABSOLUTE,
    GAPS,
    SYNTHESISED,
    THIN,
    Cell,
    EvidenceMap,
    Panel,
)
from metalocal.evidence_map.words import (
    KEY,
    SIGNS,
    TITLE,
    indirect_words,
    marks_of,
    mix_words,
    summary_of,
)

_STARS = {ABSOLUTE: "!", THIN: "·", SYNTHESISED: "*"}


def as_text(found: EvidenceMap, notice: str, width: int = 120) -> str:
    """The map as plain text, `width` characters wide; `notice` stands at its end."""
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(TITLE)
    for panel in found.panels:
        console.print()
        console.print(_table(found, panel))
    console.print(f"\n{summary_of(found)}.")
    console.print(f"{KEY} Signs: {', '.join(f'{sign} {d}' for d, sign in SIGNS.items())}.")
    meanings = (f"{_STARS.get(gap, 'unmarked')} {gap}: {why}" for gap, why in GAPS.items())
    console.print("; ".join(meanings))
    console.print(notice)
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def _table(found: EvidenceMap, panel: Panel) -> Table:
    table = Table(title=f"{panel.label} (mix: {panel.family})", title_justify="left")
    table.add_column("")
    for subtype in found.axes.subtypes:
        table.add_column(subtype.label)
    for pattern in panel.patterns:
        cells = (panel.cell(pattern.id, subtype.id) for subtype in found.axes.subtypes)
        table.add_row(pattern.label, *(_short(cell) for cell in cells))
    return table


def _short(cell: Cell) -> str:
    direct = f"{len(cell.direct)}{_STARS.get(cell.gap, '')}"
    parts = (direct, mix_words(cell), marks_of(cell), indirect_words(cell))
    return " ".join(part for part in parts if part)
