"""Verdicts on all groups by criteria -> how many populations of studies a profile fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from metalocal.answers import VERDICTS, Answer
from metalocal.attributes import local_name
from metalocal.catalogue import ID

Verdict = tuple[str, str, str]
"""A population, the code of the question its study is about, and the verdict on the profile."""


def verdicts_in(rows: Iterable[Mapping[str, str]]) -> list[Verdict]:
    """The verdicts on populations of studies, of the rows of the query verdicts."""
    studies = f"{ID}study/"
    return [
        (row["group"], local_name(row.get("question", "")), row["verdict"])
        for row in rows
        if row["owner"].startswith(studies)
    ]


def verdicts_of(answer: Answer) -> list[Verdict]:
    """The verdicts on populations of studies that an answer holds."""
    return [
        (population.id, question.code, population.verdict)
        for question in answer.questions
        for study in question.studies
        for population in study.populations
    ]


def counts_of(verdicts: Iterable[Verdict], questions: Mapping[str, str]) -> dict[str, Any]:
    """Populations by verdict: all of them, each once, and those of each question."""
    found = list(verdicts)
    every = {population: verdict for population, _, verdict in found}
    of_question = {
        code: [verdict for _, asked, verdict in found if asked == code] for code in questions
    }
    return {
        **_counted(every.values()),
        "questions": [
            {"code": code, "label": questions[code], **_counted(told)}
            for code, told in of_question.items()
            if told
        ],
    }


def _counted(verdicts: Iterable[str]) -> dict[str, int]:
    told = list(verdicts)
    return {verdict: told.count(verdict) for verdict in VERDICTS}
