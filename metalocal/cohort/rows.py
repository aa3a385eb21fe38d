"""The answer for one patient to its rows: one for each question about local therapy."""

from __future__ import annotations

from collections.abc import Mapping
from sys import intern

from graph_builder.attributes import Attribute
from metalocal.answers import VERDICTS, Answer, EvidenceRow, QuestionAnswer
from metalocal.answers.directions import AGAINST, FAVOURS, MIXED, NO_DIFFERENCE
from metalocal.answers.open_trials import NOT_RECRUITING
from metalocal.cohort.records import QuestionRow
from metalocal.profiles import Profile

MOOT = "does not arise"
"""Verdict of a question that what is known of the patient leaves nothing to ask about."""

FIRST = 3
"""Facts to find out next that are named."""


def rows_of(answer: Answer, attributes: Mapping[str, Attribute]) -> tuple[QuestionRow, ...]:
    """One row for each question about local therapy, in the order of the answer."""
    return tuple(
        _row(question, answer, attributes)
        for question in answer.questions
        if question.local_therapy
    )


def _row(
    question: QuestionAnswer, answer: Answer, attributes: Mapping[str, Attribute]
) -> QuestionRow:
    judgement = question.judgement
    directions = [vote.row.direction for vote in judgement.votes]
    studies = question.counts()
    verdicts = [p.verdict for study in question.studies for p in study.populations]
    included, open_, excluded = VERDICTS
    return QuestionRow(
        question=question.code,
        question_label=question.question,
        verdict=MOOT if question.moot else judgement.word,
        tier=judgement.tier,
        outcome_family=judgement.family,
        votes_for=directions.count(FAVOURS),
        votes_no_difference=directions.count(NO_DIFFERENCE),
        votes_against=directions.count(AGAINST),
        votes_mixed=directions.count(MIXED),
        voting_studies=tuple(vote.row.study.label for vote in judgement.votes),
        studies_including=studies[included],
        studies_may_include=studies[open_],
        studies_excluding=studies[excluded],
        populations_including=verdicts.count(included),
        populations_may_include=verdicts.count(open_),
        populations_excluding=verdicts.count(excluded),
        hanging_trials=tuple(row.study.label for row in judgement.hanging),
        hanging_facts=tuple(_facts(row, answer.profile, attributes) for row in judgement.hanging),
        certainty=judgement.certainty.word if judgement.certainty else "",
        find_out_next=tuple(one.attribute for one in answer.unknowns[:FIRST]),
        open_trials=_open_trials(answer, question.question),
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


def _open_trials(answer: Answer, question: str) -> tuple[str, ...]:
    """Trials of a question that do not exclude the patient, but for those closed to new ones.

    Each by its registry numbers, or by name where it has none.
    """
    fitting = [
        trial
        for trial in answer.trials
        if trial.question == question
        and trial.takes_in != NOT_RECRUITING
        and trial.verdict != "excluded"
    ]
    return tuple(
        name
        for trial in fitting
        for name in [number for number, _ in trial.registry] or [trial.study]
    )
