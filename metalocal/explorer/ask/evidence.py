"""Rows of evidence -> what a table shows of each, with links to where each number is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from metalocal.answers import Evidence, EvidenceRow, StudyAnswer
from metalocal.explorer.ask.desk import Places
from metalocal.pages.addresses import Link, path_of
from metalocal.render.verdicts import DIRECTNESS_WORDS, deciding_effect
from metalocal.render.words import findings, sides

BRIEF = 3
"""Numbers of a finding that are in sight, where not all of them are asked for."""


@dataclass(frozen=True)
class Row:
    """One outcome in one population of one study.

    `fits` says how direct the population is; `met`, `unknown` and `unmet` are its criteria by
    status. `more` numbers are left out of `parts`. `differs` names numbers that sources print
    differently.
    """

    study: Link
    design: str
    level: str
    level_reason: str
    population: Link
    status: str
    mixed: bool
    anyone: bool
    patients: str
    fits: str
    verdict: str
    met: tuple[str, ...]
    unknown: tuple[str, ...]
    unmet: tuple[str, ...]
    outcome: str
    compared: str
    parts: tuple[str, ...]
    more: int
    notes: tuple[str, ...]
    differs: tuple[str, ...]
    direction: str
    because: str
    limits: tuple[str, ...]
    places: tuple[Link, ...]


def row_of(row: EvidenceRow, places: Places, *, brief: bool = True) -> Row:
    """The row as shown; `brief`: with its first numbers alone."""
    population, study = row.population, row.study
    parts, notes = told_of(row)
    shown = parts[:BRIEF] if brief else parts
    effect = deciding_effect(row)
    return Row(
        study=study_link(study),
        design=f"{study.design}, phase {study.phase}" if study.phase else study.design,
        level=f"level {row.level.value}" if row.level.value else "",
        level_reason=row.level.reason,
        population=Link(population.label, path_of(population.id) or "", "the population"),
        status=population.status if population.depth else "",
        mixed=population.mixed,
        anyone=population.anyone,
        patients=population.patients,
        fits=DIRECTNESS_WORDS[row.directness],
        verdict=population.verdict,
        met=tuple(population.open_criteria("met")),
        unknown=tuple(population.open_criteria("unknown")),
        unmet=tuple(population.open_criteria("not met")),
        outcome=row.outcome,
        compared=arms_of(row),
        parts=tuple(part.replace(f" → {row.direction}", "") for part in shown),
        more=len(parts) - len(shown),
        notes=notes[:1] if brief else notes,
        differs=differing(row),
        direction=row.direction,
        because=(effect[1].because if effect else "") or row.basis,
        limits=limits_of(study),
        places=links_of(row, places),
    )


def told_of(row: EvidenceRow) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The numbers of a row, or the words where there is none, and the notes on them."""
    found = next(one for one in findings(row.population) if one.outcome == row.outcome)
    numbers = tuple(part for part in found.parts if not part.startswith("in words"))
    return numbers or found.parts[:1], found.notes


def key_numbers(row: EvidenceRow) -> str:
    """The comparison first told, and the values of the arms."""
    parts, _ = told_of(row)
    compared = [part.partition(" → ")[0] for part in parts if "→" in part]
    arms = [part for part in parts if "→" not in part]
    return "; ".join([*compared[:1], *arms[:1]] or parts[:1])


def differing(row: EvidenceRow) -> tuple[str, ...]:
    """The numbers of a row whose value or interval sources print differently, with each print."""
    return tuple(
        f"{one.measure}{f' [{one.arm}]' if one.arm and not one.versus else ''}: "
        + " | ".join(one.printed)
        for one in row.evidence
        if _differs(one)
    )


def _differs(one: Evidence) -> bool:
    values = {report.value for report in one.reports if report.value}
    bounds = {(report.low, report.high) for report in one.reports if report.low}
    return len(values) > 1 or len(bounds) > 1


def arms_of(row: EvidenceRow) -> str:
    """The arms compared: those that the direction rests on, or else those compared most."""
    effect = deciding_effect(row)
    if effect is not None and effect[0].arm and effect[0].versus:
        return f"{effect[0].arm} versus {effect[0].versus}"
    return sides(row.population)


def links_of(row: EvidenceRow, places: Places) -> tuple[Link, ...]:
    """Where the numbers of a row are printed: each report once, sorted by source and line."""
    found = {(report.source, report.line): one.id for one in row.evidence for report in one.reports}
    return tuple(
        places.link(f"{source}:{line}", owner) for (source, line), owner in sorted(found.items())
    )


def study_link(study: StudyAnswer) -> Link:
    """The page of a study."""
    return Link(study.label, path_of(study.id) or "", "the study")


def limits_of(study: StudyAnswer) -> tuple[str, ...]:
    """The kinds of limitation that sources state of a study."""
    return tuple(dict.fromkeys(one.kind for one in study.statements if one.limitation))


@dataclass(frozen=True)
class Limit:
    """A limitation as a source states it."""

    study: Link
    kind: str
    text: str
    places: tuple[Link, ...]


def limitations_of(rows: Iterable[EvidenceRow], places: Places) -> list[Limit]:
    """The limitations of the studies of these rows, a study at a time."""
    studies = {row.study.id: row.study for row in rows}
    return [
        Limit(study_link(study), one.kind, one.text, places.links(one.locators))
        for study in studies.values()
        for one in study.statements
        if one.limitation
    ]
