"""The studies of an answer -> why each excludes the patient, or how one stands to her."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from graph_builder.problems import closest
from metalocal.answers import PopulationAnswer, QuestionAnswer, StudyAnswer
from metalocal.attributes import local_name
from metalocal.explorer.ask.evidence import study_link
from metalocal.pages.addresses import Link, path_of
from metalocal.render.words import VERDICT_WORDS, study_title

MOST = 5
"""Studies that a search shows in full."""


@dataclass(frozen=True)
class Excluded:
    """A study that excludes the patient; `name` is its local name."""

    name: str
    link: Link
    title: str
    question: str


@dataclass(frozen=True)
class Barrier:
    """A criterion not met, and the studies that exclude the patient by it."""

    criterion: str
    studies: tuple[Excluded, ...]


@dataclass(frozen=True)
class Standing:
    """How the patient stands to one population, criterion by criterion."""

    population: Link
    verdict: str
    words: str
    anyone: bool
    unmet: tuple[str, ...]
    unknown: tuple[str, ...]
    met: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A study that was searched for."""

    name: str
    link: Link
    title: str
    question: str
    populations: tuple[Standing, ...]


@dataclass(frozen=True)
class Search:
    """What was searched for, the studies found, how many more there are, and a hint if none is."""

    text: str
    found: tuple[Found, ...]
    more: int
    hint: str


def barriers_of(questions: Iterable[QuestionAnswer]) -> list[Barrier]:
    """Studies that exclude the patient by the criteria not met, those with most studies first."""
    found: dict[str, dict[str, Excluded]] = defaultdict(dict)
    for question in questions:
        for study in question.studies:
            if study.verdict == "excluded":
                criterion = "; ".join(study.whole.open_criteria("not met"))
                found[criterion].setdefault(study.id, _excluded(study, question))
    barriers = [Barrier(name, tuple(studies.values())) for name, studies in found.items()]
    return sorted(barriers, key=lambda one: (-len(one.studies), one.criterion))


def _excluded(study: StudyAnswer, question: QuestionAnswer) -> Excluded:
    title = study_title(study).removeprefix(study.label).strip(" ()")
    return Excluded(local_name(study.id), study_link(study), title, question.question)


def search_of(text: str, questions: Iterable[QuestionAnswer]) -> Search | None:
    """The studies whose name or number holds the text; None where nothing is searched for."""
    if not text:
        return None
    told = {study.id: (study, one.question) for one in questions for study in one.studies}
    hits = [each for each in told.values() if _holds(each[0], text.casefold())]
    names = {local_name(study.id) for study, _ in told.values()}
    return Search(
        text=text,
        found=tuple(_found(*each) for each in hits[:MOST]),
        more=max(0, len(hits) - MOST),
        hint="" if hits else closest(text.casefold(), names),
    )


def _holds(study: StudyAnswer, text: str) -> bool:
    names = (local_name(study.id), study.label, *study.nct)
    return any(text in name.casefold() for name in names)


def _found(study: StudyAnswer, question: str) -> Found:
    return Found(
        name=local_name(study.id),
        link=study_link(study),
        title=study_title(study).removeprefix(study.label).strip(" ()"),
        question=question,
        populations=tuple(map(_standing, study.populations)),
    )


def _standing(population: PopulationAnswer) -> Standing:
    return Standing(
        population=Link(population.label, path_of(population.id) or "", "the population"),
        verdict=population.verdict,
        words=VERDICT_WORDS[population.verdict],
        anyone=population.anyone,
        unmet=tuple(population.open_criteria("not met")),
        unknown=tuple(population.open_criteria("unknown")),
        met=tuple(population.open_criteria("met")),
    )
