"""The answer as JSON (versioned) and CSV, for programs and spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import Any

from metalocal.answers import Answer, Evidence, PopulationAnswer, StudyAnswer

SCHEMA_VERSION = "1"

CSV_COLUMNS = (
    "question", "study", "design", "study_verdict", "population", "population_verdict",
    "not_met", "unknown", "outcome", "measure", "time_point", "arm", "versus", "value", "unit",
    "p", "effect_direction", "wording", "source", "line", "at", "note",
)  # fmt: skip


def as_json(answer: Answer) -> str:
    """The answer as JSON; keys as in `Answer` and the records below it."""
    data: dict[str, Any] = {"schema_version": SCHEMA_VERSION, "notice": answer.notice}
    data["profile"] = {"sentence": answer.sentence, "given": answer.profile.given}
    data["models"] = [asdict(model) for model in answer.models]
    data["questions"] = [
        {
            "question": question.question,
            "local_therapy": question.local_therapy,
            "counts": question.counts(),
            "studies": [_study(study) for study in question.studies],
        }
        for question in answer.questions
    ]
    data["guidance"] = [asdict(statement) for statement in answer.guidance]
    data["unknowns"] = [asdict(unknown) for unknown in answer.unknowns]
    data["conflicts"] = [asdict(conflict) for conflict in answer.conflicts]
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _study(study: StudyAnswer) -> dict[str, Any]:
    return {**asdict(study), "verdict": study.verdict}


def as_csv(answer: Answer) -> str:
    """One row for each report of each outcome, with the verdict it stands under."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for question in answer.questions:
        for study in question.studies:
            for population in study.populations:
                for one in population.evidence:
                    writer.writerows(_rows(question.question, study, population, one))
    return out.getvalue()


def _rows(
    question: str, study: StudyAnswer, population: PopulationAnswer, one: Evidence
) -> list[tuple[object, ...]]:
    head = (
        question, study.label, study.design, study.verdict, population.label, population.verdict,
        "; ".join(population.open_criteria("not met")),
        "; ".join(population.open_criteria("unknown")),
        one.outcome, one.measure, one.time, one.arm or one.across, one.versus,
    )  # fmt: skip
    return [
        (
            *head, report.text, one.unit, report.p, report.direction, report.wording,
            report.source, report.line, report.place,
            " ".join(note for note in (one.note, report.note) if note),
        )
        for report in one.reports
    ]  # fmt: skip
