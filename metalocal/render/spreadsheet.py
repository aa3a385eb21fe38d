"""The answer as CSV: a row for each printing of each number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from metalocal.answers import (
    Answer,
    Evidence,
    EvidenceRow,
    PopulationAnswer,
    QuestionAnswer,
    Report,
    StudyAnswer,
)
from metalocal.render.verdicts import DIRECTNESS_WORDS

CSV_COLUMNS = (
    "question", "study", "design", "study_verdict", "population", "population_verdict",
    "not_met", "unknown", "outcome", "measure", "time_point", "arm", "versus", "value", "unit",
    "p", "effect_direction", "wording", "source", "line", "at", "note",
    "rank", "level", "directness", "row_direction", "because", "authors_say",
)  # fmt: skip
"""Described one by one in docs/answer-formats.md; new ones are added at the end."""

Key = tuple[str, str, str]
"""Study, population and outcome of a row."""


@dataclass(frozen=True)
class Place:
    """Where a number stands: question, study, population, and the ranked row it belongs to."""

    question: str
    study: StudyAnswer
    population: PopulationAnswer
    row: EvidenceRow | None
    rank: int | None


def as_csv(answer: Answer) -> str:
    """One row for each report of each number, with the verdict it stands under.

    What is in no ranked row (patients' characteristics; populations that exclude) has no rank.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for question in answer.questions:
        writer.writerows(_rows(question))
    return out.getvalue()


def _rows(question: QuestionAnswer) -> Iterator[tuple[object, ...]]:
    ranked = {
        (row.study.id, row.population.id, row.outcome): (row, rank)
        for rank, row in enumerate(question.rows, 1)
    }
    for study in question.studies:
        for population in study.populations:
            for one in population.evidence:
                place = _place(question, study, population, one, ranked)
                for report in one.reports:
                    yield (*_old_cells(place, one, report), *_new_cells(place, report))


def _place(
    question: QuestionAnswer,
    study: StudyAnswer,
    population: PopulationAnswer,
    one: Evidence,
    ranked: Mapping[Key, tuple[EvidenceRow, int]],
) -> Place:
    key = (study.id, population.id, one.outcome)
    row, rank = ranked.get(key, (None, None)) if one.is_outcome else (None, None)
    return Place(question.question, study, population, row, rank)


def _old_cells(place: Place, one: Evidence, report: Report) -> tuple[object, ...]:
    study, population = place.study, place.population
    return (
        place.question, study.label, study.design, study.verdict,
        population.label, population.verdict,
        "; ".join(population.open_criteria("not met")),
        "; ".join(population.open_criteria("unknown")),
        one.outcome, one.measure, one.time, one.arm or one.across, one.versus,
        report.text, one.unit, report.p, report.direction, report.wording,
        report.source, report.line, report.place,
        " ".join(note for note in (one.note, report.note) if note),
    )  # fmt: skip


def _new_cells(place: Place, report: Report) -> tuple[object, ...]:
    row = place.row
    if row is None:
        return "", "", "", "", report.because, report.stated
    level = row.level.value or ""
    directness = DIRECTNESS_WORDS[row.directness]
    return place.rank, level, directness, row.direction, report.because, report.stated
