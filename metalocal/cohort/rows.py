"""The answer for one patient to its rows: one for each question about local therapy."""

from __future__ import annotations

from collections.abc import Mapping
from sys import intern

from graph_builder.attributes import Attribute
from metalocal.answers import VERDICTS, Answer, EvidenceRow, QuestionAnswer, StudyAnswer
from metalocal.cohort.records import QuestionRow
from metalocal.profiles import Profile

OPEN = ("recruiting", "planned")
"""Statuses of trials that a patient can still enter, as of the date of the source."""
FIRST = 3
"""Facts to find out next that are named."""


def rows_of(answer: Answer, attributes: Mapping[str, Attribute]) -> tuple[QuestionRow, ...]:
    """One row for each question about local therapy, in the order of the answer."""
    next_facts = tuple(unknown.attribute for unknown in answer.unknowns[:FIRST])
    return tuple(
        _row(question, answer.profile, attributes, next_facts)
        for question in answer.questions
        if question.local_therapy
    )


def _row(
    question: QuestionAnswer,
    profile: Profile,
    attributes: Mapping[str, Attribute],
    next_facts: tuple[str, ...],
) -> QuestionRow:
    judgement = question.judgement
    directions = [vote.row.direction for vote in judgement.votes]
    studies = question.counts()
    verdicts = [p.verdict for study in question.studies for p in study.populations]
    included, open_, excluded = VERDICTS
    return QuestionRow(
        question=question.code,
        question_label=question.question,
        verdict=judgement.word,
        tier=judgement.tier,
        outcome_family=judgement.family,
        votes_for=directions.count("favours intervention"),
        votes_no_difference=directions.count("no difference shown"),
        votes_against=directions.count("favours comparator"),
        votes_mixed=directions.count("mixed"),
        voting_studies=tuple(vote.row.study.label for vote in judgement.votes),
        studies_including=studies[included],
        studies_may_include=studies[open_],
        studies_excluding=studies[excluded],
        populations_including=verdicts.count(included),
        populations_may_include=verdicts.count(open_),
        populations_excluding=verdicts.count(excluded),
        hanging_trials=tuple(row.study.label for row in judgement.hanging),
        hanging_facts=tuple(_facts(row, profile, attributes) for row in judgement.hanging),
        certainty=judgement.certainty.word if judgement.certainty else "",
        find_out_next=next_facts,
        open_trials=tuple(n for study in question.studies for n in _open_trial(study)),
    )


def _facts(row: EvidenceRow, profile: Profile, attributes: Mapping[str, Attribute]) -> str:
    """Attributes not told that the open criteria of a population ask about, with commas."""
    asked = {
        key
        for reason in row.population.reasons
        if reason.status == "unknown"
        for key in reason.attributes
    }
    ordered = sorted(asked, key=lambda key: attributes[key].order)
    return intern(", ".join(key for key in ordered if not profile.knows(attributes[key])))


def _open_trial(study: StudyAnswer) -> tuple[str, ...]:
    """NCT numbers of a trial that is open and may fit, or its name where it has no number."""
    if study.status not in OPEN or study.verdict == "excluded":
        return ()
    return study.nct or (study.label,)
