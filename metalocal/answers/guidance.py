"""Decision models and guidance for a profile."""

from __future__ import annotations

from collections import defaultdict

from metalocal.answers.records import VERDICTS, GuidanceAnswer, ModelAnswer, Reason
from metalocal.answers.rows import Row, Rows, place_of, verdicts_of
from metalocal.profiles import Profile

NOT_MATCHED = "not matched"


def models_of(
    rows: Rows, profile: Profile, reasons: dict[str, list[Reason]]
) -> tuple[ModelAnswer, ...]:
    """Every group of every decision model that profiles are matched to."""
    verdicts = verdicts_of(rows, profile)
    first: dict[str, Row] = {}
    places: dict[str, list[str]] = defaultdict(list)
    for row in rows("models"):
        first.setdefault(row["group"], row)
        places[row["group"]].append(place_of(row))
    return tuple(
        ModelAnswer(
            model=row["modelLabel"],
            group=row["label"],
            text=row["text"],
            verdict=verdicts[group],
            whole=row["completeness"] == "whole",
            reasons=tuple(reasons[group]),
            note=" ".join(row[key] for key in ("modelNote", "note") if key in row),
            locators=tuple(dict.fromkeys(places[group])),
        )
        for group, row in first.items()
        if group in verdicts
    )


def guidance_of(
    rows: Rows, profile: Profile, reasons: dict[str, list[Reason]]
) -> tuple[GuidanceAnswer, ...]:
    """Every guidance statement: those that apply first, then by source and order in it."""
    verdicts = verdicts_of(rows, profile)
    first: dict[str, Row] = {}
    places: dict[str, list[str]] = defaultdict(list)
    for row in rows("guidance"):
        first.setdefault(row["statement"], row)
        places[row["statement"]].append(place_of(row))
    figures: dict[str, list[str]] = defaultdict(list)
    for row in rows("figures"):
        figures[row["owner"]].append(row["said"])
    found = [
        GuidanceAnswer(
            id=statement,
            kind=row["kindLabel"],
            question=row.get("question", ""),
            label=row["label"],
            text=row["text"],
            position=row.get("position", ""),
            direction=row.get("direction", ""),
            factor=row.get("factor", ""),
            for_whom=row.get("forWhom", ""),
            line_of_therapy=row.get("line_of_therapy", ""),
            figures=tuple(dict.fromkeys(figures[statement])),
            verdict=verdicts.get(row.get("target", ""), NOT_MATCHED),
            reasons=tuple(reasons[row["target"]]) if "target" in row else (),
            note=row.get("note", ""),
            locators=tuple(dict.fromkeys(places[statement])),
        )
        for statement, row in sorted(first.items(), key=lambda item: _place_in_source(item[1]))
    ]
    order = (*VERDICTS, NOT_MATCHED)
    return tuple(sorted(found, key=lambda one: order.index(one.verdict)))


def _place_in_source(row: Row) -> tuple[str, int]:
    return row["source"], int(row["sequence"])
