"""Recommendations in order; trials under way, facts to find out and audit findings in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from metalocal.answers import (
    Answer,
    Finding,
    GuidanceAnswer,
    OpenTrial,
    Settled,
    Unknown,
    criteria_of,
)
from metalocal.render.verdicts import named

FITS = {
    "included": "fits",
    "indeterminate": "may fit",
    "excluded": "does not fit",
    "not matched": "no criterion of it is known",
}

TELLINGS, NAMED = 2, 2
"""Answers to a fact that are told, and studies named for each."""


AGAINST = "not recommended"
FIRM = ("recommended", AGAINST)
"""Positions told before options; those against are told first and never cut."""


def recommendations_on(answer: Answer, questions: Iterable[str]) -> list[GuidanceAnswer]:
    """The recommendations on these questions: those against, the firm, the most particular."""
    asked = set(questions)
    found = [
        one for one in answer.guidance if one.kind == "recommendation" and one.question in asked
    ]
    return sorted(found, key=_firmness)


def _firmness(one: GuidanceAnswer) -> tuple[bool, bool, int]:
    return one.position != AGAINST, one.position not in FIRM, -len(one.reasons)


def number_told(found: Sequence[GuidanceAnswer], limit: int) -> int:
    """How many recommendations are told first: up to a limit, but every one against."""
    return max(limit, sum(one.position == AGAINST for one in found))


def trials_on(answer: Answer, questions: Iterable[str]) -> list[OpenTrial]:
    """The trials on these questions that do not exclude the patient."""
    asked = set(questions)
    return [one for one in answer.trials if one.question in asked and one.verdict != "excluded"]


def trial_words(trial: OpenTrial) -> str:
    """A trial with its numbers, its state as of the source's year, and how the patient fits."""
    numbers = ", ".join(number for number, _ in trial.registry)
    label = trial.study if not numbers or numbers in trial.study else f"{trial.study}, {numbers}"
    unknown = criteria_of(trial.reasons, "unknown")
    hangs = f"; unknown: {'; '.join(unknown)}" if unknown else ""
    told = f"{label} ({trial.status} as of {trial.as_of}): {FITS[trial.verdict]}{hangs}"
    return f"{told}  {{{trial_places(trial)}}}"


def trial_places(trial: OpenTrial) -> str:
    """Where the state of a trial is printed, each place once."""
    return ", ".join(dict.fromkeys(place for _, _, place in trial.printed))


def unknown_words(unknown: Unknown) -> str:
    """The question to ask, how many open verdicts it settles, and what the answers would do."""
    told = "; ".join(tellings_words(unknown))
    flag = unknown.attribute.replace("_", "-")
    counts = " and ".join(settled_counts(unknown))
    return f"{unknown.question} --{flag} {counts} open verdicts" + (f": {told}" if told else "")


def settled_counts(unknown: Unknown) -> list[str]:
    """How many open verdicts a fact settles whatever the answer, and how many it may settle."""
    surely, perhaps = len(unknown.settles), len(unknown.may_settle)
    return [f"settles {surely}"] * bool(surely) + [f"may settle {perhaps}"] * bool(perhaps)


def tellings_words(unknown: Unknown) -> Iterator[str]:
    """What the most telling answers would include the patient in, and exclude from."""
    for telling in unknown.tellings[:TELLINGS]:
        sides = (("in", telling.included), ("out of", telling.excluded))
        told = [f"{words} {_studies(found)}" for words, found in sides if found]
        yield f"{telling.answer} → {', '.join(told)}"


def _studies(found: Sequence[Settled]) -> str:
    """Studies by name; one of which only narrower groups are settled is said to be so in part."""
    whole = {one.study for one in found if one.whole}
    names = dict.fromkeys(
        one.study if one.study in whole else f"a group of {one.study}" for one in found
    )
    return named(sorted(names, key=lambda name: name not in whole), NAMED)


def findings_on(answer: Answer, studies: Iterable[str]) -> list[Finding]:
    """The audit findings on these studies, by IRI, the severest first."""
    shown = {study.rpartition("/")[2] for study in studies}
    return [finding for finding in answer.findings if finding.study in shown]


def finding_words(finding: Finding) -> str:
    """What is printed and does not fit, and where."""
    told = f"{finding.study_label}, {finding.kind_label}: {finding.text}"
    return f"{told}  {{{finding_places(finding)}}}"


def finding_places(finding: Finding) -> str:
    """Where what does not fit is printed, each place once."""
    return ", ".join(dict.fromkeys(one.place for one in finding.places))
