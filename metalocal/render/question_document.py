"""A question with its summary, ranked rows and studies as plain mappings and lists."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from metalocal.answers import (
    Certainty,
    Evidence,
    EvidenceRow,
    Judgement,
    Level,
    PopulationAnswer,
    QuestionAnswer,
    Reason,
    Report,
    Statement,
    StudyAnswer,
    Vote,
)
from metalocal.render.parts import MOST_PARTS, Part, made_once
from metalocal.render.printed import place, printed_number
from metalocal.render.verdicts import DIRECTNESS_WORDS, deciding_effect, verdict_sentence

Document = dict[str, Any]

Ranks = Mapping[int, int]
"""The identity of each row of a question to its rank, from 1."""


def question_document(question: QuestionAnswer) -> Document:
    """A question: summary, rows in rank order, every study, and why those that exclude do."""
    ranks = {id(row): rank for rank, row in enumerate(question.rows, 1)}
    excluding = [study for study in question.studies if study.verdict == "excluded"]
    return {
        "code": question.code,
        "question": question.question,
        "local_therapy": question.local_therapy,
        "moot": question.moot,
        "counts": question.counts(),
        "sentence": verdict_sentence(question),
        "judgement": _judgement(question.judgement, ranks),
        "rows": [_row(row, ranks[id(row)]) for row in question.rows],
        "studies": [_study(study) for study in question.studies],
        "excluded": [_excluded(study) for study in excluding],
    }


@lru_cache(maxsize=MOST_PARTS)
def reason_document(reason: Reason) -> Part:
    """A criterion with how the profile stands to it; nobody may change it."""
    return Part(
        {
            "criterion": reason.criterion,
            "status": reason.status,
            "attributes": list(reason.attributes),
        }
    )


def _judgement(judgement: Judgement, ranks: Ranks) -> Document:
    return {
        "word": judgement.word,
        "tier": judgement.tier,
        "family": judgement.family,
        "votes": [_vote(vote, ranks) for vote in judgement.votes],
        "hanging": [_other(row, ranks) for row in judgement.hanging],
        "indirect": [_other(row, ranks) for row in judgement.indirect],
        "covered": [row.study.label for row in judgement.covered],
        "certainty": _certainty(judgement.certainty) if judgement.certainty else None,
    }


def _certainty(certainty: Certainty) -> Document:
    steps = [
        {"domain": step.domain, "change": step.change, "reason": step.reason}
        for step in certainty.steps
    ]
    return {"word": certainty.word, "steps": steps}


def _vote(vote: Vote, ranks: Ranks) -> Document:
    found = deciding_effect(vote.row)
    return {
        "study": vote.row.study.id,
        "label": vote.row.study.label,
        "rank": ranks[id(vote.row)],
        "direction": vote.row.direction,
        "basis": vote.row.basis,
        "level": vote.row.level.value,
        "effect": _effect(*found) if found else None,
        "otherwise": [ranks[id(row)] for row in vote.otherwise],
    }


def _other(row: EvidenceRow, ranks: Ranks) -> Document:
    return {
        "study": row.study.id,
        "label": row.study.label,
        "rank": ranks[id(row)],
        "direction": row.direction,
        "unknown": row.population.open_criteria("unknown"),
    }


def _row(row: EvidenceRow, rank: int) -> Document:
    study, population = row.study, row.population
    return {
        "rank": rank,
        "study": study.id,
        "label": study.label,
        "design": study.design,
        "phase": study.phase,
        "level": _level(row.level),
        "population": {
            "id": population.id,
            "label": population.label,
            "status": population.status,
            "mixed_cancers": population.mixed,
            "anyone": population.anyone,
            "note": population.note,
        },
        "verdict": population.verdict,
        "directness": DIRECTNESS_WORDS[row.directness],
        "criteria": [reason_document(reason) for reason in population.reasons],
        "outcome": row.outcome,
        "family": row.family,
        "direction": row.direction,
        "basis": row.basis,
        "effects": [_effect(one, report) for one in row.evidence for report in one.reports],
        "limitations": [_statement(one) for one in study.statements if one.limitation],
    }


def _level(level: Level) -> Document:
    return {"value": level.value, "reason": level.reason}


@made_once
def _effect(one: Evidence, report: Report) -> Document:
    """One printing of an estimate."""
    return {
        "estimate": one.id,
        "measure": one.measure,
        "value": printed_number(report.value),
        "low": printed_number(report.low),
        "high": printed_number(report.high),
        "level": printed_number(report.level),
        "p": printed_number(report.p),
        "unit": one.unit,
        "time": one.time,
        "arm": one.arm,
        "versus": one.versus,
        "across": one.across,
        "role": one.role,
        "answering": one.answering,
        "reference_stated": one.reference_stated,
        "direction": report.direction,
        "because": report.because,
        "stated": report.stated,
        "wording": report.wording,
        "source": report.source,
        "line": report.line,
        "place": report.place,
        "note": " ".join(note for note in (one.note, report.note) if note),
    }


def _study(study: StudyAnswer) -> Document:
    return {
        "id": study.id,
        "label": study.label,
        "design": study.design,
        "phase": study.phase,
        "status": study.status,
        "nct": list(study.nct),
        "verdict": study.verdict,
        "note": study.note,
        "populations": [_population(population) for population in study.populations],
        "statements": [_classed(one) for one in study.statements],
    }


def _population(population: PopulationAnswer) -> Document:
    """A population with its criteria and what is told of its patients beside the outcomes."""
    facts = [one for one in population.evidence if not one.is_outcome]
    return {
        "id": population.id,
        "label": population.label,
        "verdict": population.verdict,
        "depth": population.depth,
        "status": population.status,
        "mixed_cancers": population.mixed,
        "anyone": population.anyone,
        "patients": population.patients,
        "note": population.note,
        "criteria": [reason_document(reason) for reason in population.reasons],
        "facts": [_fact(one, report) for one in facts for report in one.reports],
    }


@made_once
def _fact(one: Evidence, report: Report) -> Document:
    """One printing of what is told beside the outcomes."""
    return {"fact": one.outcome, **_effect(one, report)}


def _excluded(study: StudyAnswer) -> Document:
    return {
        "study": study.id,
        "label": study.label,
        "design": study.design,
        "not_met": study.whole.open_criteria("not met"),
    }


@made_once
def _classed(statement: Statement) -> Document:
    return {**_statement(statement), "limitation": statement.limitation}


@made_once
def _statement(statement: Statement) -> Document:
    sources = [place(locator) for locator in statement.locators]
    return {"kind": statement.kind, "text": statement.text, "sources": sources}
