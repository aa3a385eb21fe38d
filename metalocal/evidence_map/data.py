"""The map as CSV (cells, or the studies in them) and as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from metalocal.evidence_map.records import (
    DIRECT,
    DIRECTIONS,
    GAPS,
    NOT_STATED,
    ONGOING,
    PARTLY,
    PRIMARY,
    STATE_UNKNOWN,
    SYNTHESIS,
    WIDER,
    Cell,
    Entry,
    EvidenceMap,
    Panel,
    directions,
)

VERSION = 1
"""Version of the JSON form; it rises when a key goes or changes its meaning."""


def cell_row(panel: Panel, cell: Cell) -> dict[str, object]:
    """The counts of a cell, flat, in reading order."""
    every = directions(cell.direct)
    return {
        "question": panel.question,
        "pattern": cell.pattern.id,
        "subtype": cell.subtype.id,
        "gap": cell.gap,
        "direct_studies": len(cell.direct),
        "best_level": cell.best_level or "",
        "family": cell.family,
        **{_column(direction): count for direction, count in cell.mix.items()},
        **{f"all_outcomes_{_column(direction)}": count for direction, count in every.items()},
        "wider_studies": len(cell.of(PRIMARY, WIDER)),
        "not_stated_studies": len(cell.of(PRIMARY, NOT_STATED)),
        "partly_studies": len(cell.of(PRIMARY, PARTLY)),
        "direct_syntheses": len(cell.syntheses),
        "indirect_syntheses": len(cell.of(SYNTHESIS, WIDER, NOT_STATED, PARTLY)),
        "direct_ongoing": len(cell.of(ONGOING, DIRECT)),
        "indirect_ongoing": len(cell.of(ONGOING, WIDER, NOT_STATED, PARTLY)),
        "direct_of_unknown_state": len(cell.of(STATE_UNKNOWN, DIRECT)),
        "indirect_of_unknown_state": len(cell.of(STATE_UNKNOWN, WIDER, NOT_STATED, PARTLY)),
    }


def study_row(panel: Panel, cell: Cell, entry: Entry) -> dict[str, object]:
    """A study in a cell, flat, in reading order; lists are joined by "; "."""
    told = (
        f"{c.outcome}, {c.contrast}: {c.direction} {{{', '.join(c.sources)}}}"
        for c in entry.comparisons
    )
    return {
        "question": panel.question,
        "pattern": cell.pattern.id,
        "subtype": cell.subtype.id,
        "study": entry.study,
        "label": entry.label,
        "role": entry.role,
        "relation": entry.relation,
        "design": entry.design,
        "level": entry.level or "",
        "populations": "; ".join(entry.populations),
        "comparisons": "; ".join(told),
        "sources": "; ".join(entry.sources),
    }


def as_csv(found: EvidenceMap, *, studies: bool = False) -> str:
    """One row for each cell; with `studies`, one row for each study in each cell."""
    rows = list(_rows(found, studies=studies))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _rows(found: EvidenceMap, *, studies: bool) -> Iterator[dict[str, object]]:
    for panel in found.panels:
        for cell in panel.cells:
            if studies:
                yield from (study_row(panel, cell, entry) for entry in cell.entries)
            else:
                yield cell_row(panel, cell)


def as_json(found: EvidenceMap, notice: str) -> str:
    """The whole map: axes, and for each question its cells with counts and studies."""
    data = {
        "version": VERSION,
        "notice": notice,
        "gaps": GAPS,
        "subtypes": [_value(v) for v in found.axes.subtypes],
        "patterns": [_value(v) for v in found.axes.patterns],
        "questions": [
            {
                "question": panel.question,
                "label": panel.label,
                "decided_first_by": panel.family,
                "cells": [_cell(panel, cell) for cell in panel.cells],
            }
            for panel in found.panels
        ],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _value(value: Any) -> dict[str, str]:
    return {"id": value.id, "label": value.label, "definition": value.definition}


def _cell(panel: Panel, cell: Cell) -> dict[str, object]:
    row = cell_row(panel, cell)
    counts = {k: v for k, v in row.items() if k not in ("question", "family", *_MIX)}
    counts["best_level"] = cell.best_level
    return {
        **counts,
        "directions": cell.mix,
        "directions_of_all_outcomes": directions(cell.direct),
        "studies": [asdict(entry) for entry in cell.entries],
    }


def _column(direction: str) -> str:
    return direction.replace(" ", "_")


_MIX = [f"{before}{_column(d)}" for before in ("", "all_outcomes_") for d in DIRECTIONS]
