"""Two answers -> what changes from the first to the second; what does not is counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from metalocal.answers import (
    Answer,
    GuidanceAnswer,
    PopulationAnswer,
    QuestionAnswer,
    Reason,
    StudyAnswer,
    criteria_of,
)
from metalocal.explorer.ask.evidence import study_link
from metalocal.pages.addresses import Link, path_of
from metalocal.render.html.summary import SIGNS
from metalocal.render.verdicts import vote_words
from metalocal.render.words import capital

DECIDED = {"included": "met", "indeterminate": "unknown", "excluded": "not met"}
"""The status of the criteria that a verdict rests on."""

MOOT = "does not arise"


@dataclass(frozen=True)
class Side:
    """What is said of a question on one side."""

    word: str
    sign: str
    votes: str
    certainty: str


@dataclass(frozen=True)
class QuestionChange:
    """A question whose verdict word, certainty or votes change."""

    question: str
    before: Side
    after: Side


@dataclass(frozen=True)
class Change:
    """A population, statement or group whose verdict changes, and the criteria it changes by."""

    owner: Link
    link: Link
    about: str
    before: str
    after: str
    by: tuple[str, ...]
    place: str = ""


@dataclass(frozen=True)
class Changes:
    """All that changes; the numbers say how many of each kind stay as they are."""

    questions: tuple[QuestionChange, ...]
    same_questions: int
    populations: tuple[Change, ...]
    same_populations: int
    begin: tuple[Change, ...]
    cease: tuple[Change, ...]
    same_statements: int
    groups: tuple[Change, ...]
    same_groups: int


def changes_of(before: Answer, after: Answer) -> Changes:
    """What changes between two answers of one graph."""
    questions = tuple(_questions(before, after))
    populations, every = tuple(_populations(before, after)), len(_populations_of(before))
    statements = tuple(_statements(before, after))
    recommended = sum(one.kind == "recommendation" for one in before.guidance)
    groups = tuple(_groups(before, after))
    begin = tuple(one for one in statements if one.after == "included")
    cease = tuple(one for one in statements if one.before == "included")
    return Changes(
        questions=questions,
        same_questions=sum(one.local_therapy for one in before.questions) - len(questions),
        populations=populations,
        same_populations=every - len(populations),
        begin=begin,
        cease=cease,
        same_statements=recommended - len(begin) - len(cease),
        groups=groups,
        same_groups=len(before.models) - len(groups),
    )


def _questions(before: Answer, after: Answer) -> Iterator[QuestionChange]:
    pairs = zip(before.questions, after.questions, strict=True)
    for one, two in pairs:
        sides = side_of(one), side_of(two)
        if one.local_therapy and sides[0] != sides[1]:
            yield QuestionChange(capital(one.question), *sides)


def side_of(question: QuestionAnswer) -> Side:
    """The verdict on a question, in words."""
    judgement = question.judgement
    if question.moot:
        return Side(MOOT, "–", question.moot, "")
    rated = judgement.certainty.word if judgement.certainty else ""
    return Side(judgement.word, SIGNS[judgement.word], vote_words(judgement), rated)


Standing = tuple[StudyAnswer, PopulationAnswer, str]


def _populations_of(answer: Answer) -> dict[str, Standing]:
    """Each population with its study and the question that is about."""
    return {
        population.id: (study, population, question.question)
        for question in answer.questions
        for study in question.studies
        for population in study.populations
    }


def _populations(before: Answer, after: Answer) -> Iterator[Change]:
    then = _populations_of(before)
    for id_, (study, two, question) in _populations_of(after).items():
        _, one, _ = then[id_]
        if one.verdict != two.verdict:
            link = Link(two.label, path_of(id_) or "", "the population")
            by = decided_by(one.reasons, two.reasons, two.verdict)
            yield Change(study_link(study), link, question, one.verdict, two.verdict, by)


def decided_by(before: Sequence[Reason], after: Sequence[Reason], verdict: str) -> tuple[str, ...]:
    """The criteria that the new verdict rests on and that stood otherwise before."""
    status = DECIDED.get(verdict, "met")
    then = set(criteria_of(before, status))
    return tuple(one for one in criteria_of(after, status) if one not in then)


def _statements(before: Answer, after: Answer) -> Iterator[Change]:
    """Recommendations that begin or cease to apply."""
    then = {one.id: one for one in before.guidance}
    for two in after.guidance:
        one = then[two.id]
        changed = one.verdict != two.verdict and "included" in (one.verdict, two.verdict)
        if two.kind == "recommendation" and changed:
            yield _statement(one, two)


def _statement(one: GuidanceAnswer, two: GuidanceAnswer) -> Change:
    link = Link(two.label, path_of(two.id) or "", "the statement")
    about = f"{two.position}: {two.text}" if two.position else two.text
    by = decided_by(one.reasons, two.reasons, two.verdict)
    places = ", ".join(two.locators)
    return Change(Link(""), link, about, one.verdict, two.verdict, by, places)


def _groups(before: Answer, after: Answer) -> Iterator[Change]:
    then = {(one.model, one.group): one for one in before.models}
    for two in after.models:
        one = then[two.model, two.group]
        if one.verdict != two.verdict:
            by = decided_by(one.reasons, two.reasons, two.verdict)
            yield Change(Link(two.model), Link(two.group), "", one.verdict, two.verdict, by)
