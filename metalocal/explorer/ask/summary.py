"""The questions of an answer -> the table of findings that opens the page.

Readers' main trouble with such tables is what each number refers to: every number stands with its
outcome, population, arms and patients.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from metalocal.answers import EvidenceRow, Finding, QuestionAnswer
from metalocal.answers.judgement import NO_DIRECT_EVIDENCE
from metalocal.attributes import local_name
from metalocal.explorer.ask.desk import Places
from metalocal.explorer.ask.evidence import (
    arms_of,
    differing,
    key_numbers,
    links_of,
    study_link,
)
from metalocal.pages.addresses import Link, path_of
from metalocal.render.html.summary import SIGNS
from metalocal.render.verdicts import (
    DIRECTNESS_WORDS,
    WITHOUT,
    hanging_words,
    indirect_words,
    says,
    vote_words,
)
from metalocal.render.words import capital

NUMBERS = 3
"""Numbers of a question in the first table, at most."""


@dataclass(frozen=True)
class Number:
    """A number that decides a question, and what it refers to.

    `differs` names numbers that sources print differently, `doubts` the kinds of audit findings
    that call a number of this outcome into question.
    """

    study: Link
    design: str
    population: Link
    patients: str
    fits: str
    outcome: str
    arms: str
    effect: str
    says: str
    differs: tuple[str, ...]
    doubts: tuple[str, ...]
    places: tuple[Link, ...]


@dataclass(frozen=True)
class Step:
    """A step of a certainty rating in words."""

    domain: str
    change: str
    reason: str


@dataclass(frozen=True)
class Line:
    """A question in the table.

    `word`: the verdict, "does not arise" where the question is moot. `kind`: of evidence.
    `others`: randomised evidence that decides nothing yet, in words. `deciding`: how many rows the
    part of the page about the question has.
    """

    code: str
    question: str
    word: str
    sign: str
    votes: str
    kind: str
    certainty: str
    steps: tuple[Step, ...]
    numbers: tuple[Number, ...]
    others: tuple[str, ...]
    studies: dict[str, int]

    @property
    def css(self) -> str:
        """The class of the verdict."""
        return self.word.replace(" ", "-")


def line_of(question: QuestionAnswer, places: Places, findings: Sequence[Finding]) -> Line:
    """The line of a question."""
    judgement = question.judgement
    word = "does not arise" if question.moot else judgement.word
    shown = [] if question.moot else [vote.row for vote in judgement.votes]
    rated = None if question.moot else judgement.certainty
    return Line(
        code=question.code,
        question=capital(question.question),
        word=word,
        sign=SIGNS.get(word, "–"),
        votes=question.moot or capital(vote_words(judgement)) or _nothing(judgement.word),
        kind=f"{judgement.tier}; {judgement.family}" if shown else "",
        certainty=rated.word if rated else "",
        steps=tuple(
            Step(one.domain, f"{one.change:+d}" if one.change else "", one.reason)
            for one in (rated.steps if rated else ())
        ),
        numbers=tuple(_number(row, places, findings) for row in shown[:NUMBERS]),
        others=() if question.moot else _others(question),
        studies=question.counts(),
    )


def lines_of(
    questions: Iterable[QuestionAnswer], places: Places, findings: Sequence[Finding]
) -> list[Line]:
    """The lines of all questions, those that something decides first."""
    lines = [line_of(question, places, findings) for question in questions]
    return sorted(lines, key=lambda line: (line.word == "does not arise", not line.numbers))


def _nothing(word: str) -> str:
    return capital(WITHOUT) if word == NO_DIRECT_EVIDENCE else ""


def _others(question: QuestionAnswer) -> tuple[str, ...]:
    told = (indirect_words(question.judgement), hanging_words(question.judgement))
    return tuple(words for words in told if words)


def doubts_of(row: EvidenceRow, findings: Iterable[Finding]) -> tuple[str, ...]:
    """The kinds of audit findings, more than noteworthy, on numbers of the outcome of a row."""
    study = local_name(row.study.id)
    touching = (
        one.kind_label
        for one in findings
        if one.study == study
        and one.severity != "noteworthy"
        and any(at.item.startswith(row.outcome) for at in one.places)
    )
    return tuple(dict.fromkeys(touching))


def _number(row: EvidenceRow, places: Places, findings: Sequence[Finding]) -> Number:
    population = row.population
    return Number(
        study=study_link(row.study),
        design=row.study.design,
        population=Link(population.label, path_of(population.id) or "", "the population"),
        patients=population.patients,
        fits=DIRECTNESS_WORDS[row.directness],
        outcome=row.outcome,
        arms=arms_of(row),
        effect=key_numbers(row),
        says=says(row) if row.direction else "",
        differs=differing(row),
        doubts=doubts_of(row, findings),
        places=links_of(row, places),
    )
