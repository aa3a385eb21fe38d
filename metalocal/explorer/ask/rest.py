"""Models, recommendations, trials and what does not fit -> what the page shows of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from metalocal.answers import (
    Answer,
    Conflict,
    Finding,
    GuidanceAnswer,
    ModelAnswer,
    OpenTrial,
    QuestionAnswer,
    criteria_of,
)
from metalocal.explorer.ask.compare import DECIDED
from metalocal.explorer.ask.desk import Places
from metalocal.pages.addresses import Link, path_of
from metalocal.render.groups import by_model, every_group, groups_in_brief
from metalocal.render.html.question import deciding_rows
from metalocal.render.html.rest import FINDINGS, RECOMMENDATIONS, TRIALS
from metalocal.render.next_words import (
    FITS,
    finding_places,
    findings_on,
    number_told,
    recommendations_on,
    trial_places,
    trials_on,
)
from metalocal.render.words import conflict_words, conflicts_beside


@dataclass(frozen=True)
class Model:
    """A decision model in words; `whole` is False where sources give it only in part."""

    name: str
    words: tuple[str, ...]
    places: tuple[Link, ...]
    whole: bool


@dataclass(frozen=True)
class Statement:
    """A recommendation or factor; `hangs` names the criteria that decide whether it applies."""

    link: Link
    about: str
    text: str
    figures: str
    hangs: str
    note: str
    places: tuple[Link, ...]


@dataclass(frozen=True)
class Recommendations:
    """Recommendations by whether they apply; `shown` are in sight."""

    shown: tuple[Statement, ...]
    more: tuple[Statement, ...]
    may: tuple[Statement, ...]
    not_applying: tuple[Statement, ...]
    factors: tuple[Statement, ...]


@dataclass(frozen=True)
class Trial:
    """A trial that was under way, and how the patient stands to it."""

    study: Link
    about: str
    registry: tuple[tuple[str, str], ...]
    state: str
    fits: str
    unknown: tuple[str, ...]
    places: tuple[Link, ...]


@dataclass(frozen=True)
class Clash:
    """What is printed and does not fit: an audit finding, or one number printed differently."""

    head: str
    text: str
    advice: str
    places: tuple[Link, ...]


def models_of(models: Iterable[ModelAnswer], places: Places) -> tuple[list[Model], list[Model]]:
    """Models with a group that the patient is in, in brief; all others with every group."""
    within, others = [], []
    for name, groups in by_model(models).items():
        if any(group.verdict == "included" and not group.wider for group in groups):
            within.append(_model(name, groups_in_brief(groups), groups, places))
        else:
            others.append(_model(name, every_group(groups), groups, places))
    return within, others


def _model(name: str, words: Iterable[str], groups: Sequence[ModelAnswer], places: Places) -> Model:
    found = tuple(place for group in groups for place in group.locators)
    return Model(name, tuple(words), places.links(found), groups[0].whole)


def recommendations_of(
    answer: Answer, questions: Iterable[QuestionAnswer], places: Places
) -> Recommendations:
    """Recommendations on these questions, those against in sight, and factors that apply."""
    found = recommendations_on(answer, (question.question for question in questions))
    told = {
        verdict: [statement_of(one, places) for one in found if one.verdict == verdict]
        for verdict in ("included", "indeterminate", "excluded")
    }
    cut = number_told([one for one in found if one.verdict == "included"], RECOMMENDATIONS)
    factors = [one for one in answer.guidance if "factor" in one.kind and one.verdict == "included"]
    return Recommendations(
        shown=tuple(told["included"][:cut]),
        more=tuple(told["included"][cut:]),
        may=tuple(told["indeterminate"]),
        not_applying=tuple(told["excluded"]),
        factors=tuple(statement_of(one, places) for one in factors),
    )


def statement_of(one: GuidanceAnswer, places: Places) -> Statement:
    """A guidance statement as shown."""
    status = DECIDED.get(one.verdict, "")
    reasons = "; ".join(criteria_of(one.reasons, status))
    return Statement(
        link=Link(one.label, path_of(one.id) or "", "the statement"),
        about=", ".join(word for word in (one.position, one.direction) if word),
        text=one.text,
        figures="; ".join(one.figures),
        hangs=f"{status}: {reasons}" if reasons else "",
        note=one.note,
        places=places.links(one.locators, one.id),
    )


def trials_of(
    answer: Answer, questions: Iterable[QuestionAnswer], places: Places
) -> tuple[list[Trial], list[Trial]]:
    """Trials on these questions that may take the patient: those in sight, and the others."""
    found = [_trial(one, places) for one in trials_on(answer, (q.question for q in questions))]
    return found[:TRIALS], found[TRIALS:]


def _trial(trial: OpenTrial, places: Places) -> Trial:
    phase = f", phase {trial.phase}" if trial.phase else ""
    results = "; results are told above" if trial.results else ""
    return Trial(
        study=Link(trial.study, path_of(trial.id) or "", "the study"),
        about=f"{trial.question}; {trial.design}{phase}",
        registry=trial.registry,
        state=f"{trial.status}, as of {trial.as_of}{results}",
        fits=FITS[trial.verdict],
        unknown=tuple(criteria_of(trial.reasons, "unknown")),
        places=places.links(trial_places(trial)),
    )


@dataclass(frozen=True)
class Clashes:
    """Findings in studies that decide a question are in sight, unless merely noteworthy."""

    shown: tuple[Clash, ...]
    more: tuple[Clash, ...]
    prints: tuple[Clash, ...]


def clashes_of(answer: Answer, questions: Sequence[QuestionAnswer], places: Places) -> Clashes:
    """What audits found in the studies shown, and numbers that sources print differently."""
    deciding = {row.study.id for question in questions for row in deciding_rows(question)}
    others = {row.study.id for question in questions for row in question.rows} - deciding
    found = findings_on(answer, deciding)
    first = [one for one in found if one.severity != "noteworthy"]
    rest = [one for one in found if one.severity == "noteworthy"] + findings_on(answer, others)
    return Clashes(
        shown=tuple(_clash(one, places) for one in first[:FINDINGS]),
        more=tuple(_clash(one, places) for one in [*first[FINDINGS:], *rest]),
        prints=tuple(_print(one, places) for one in conflicts_beside(answer, questions)),
    )


def _clash(one: Finding, places: Places) -> Clash:
    head = f"{one.study_label}, {one.kind_label}"
    return Clash(head, one.text, one.advice, places.links(finding_places(one)))


def _print(one: Conflict, places: Places) -> Clash:
    found = tuple(place for _, place in one.prints)
    return Clash("", conflict_words(one), "", places.links(found))
