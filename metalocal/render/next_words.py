"""Trials under way, facts to find out and audit findings into words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from metalocal.answers import Answer, Finding, OpenTrial, Settled, Unknown, criteria_of
from metalocal.render.verdicts import named

FITS = {
    "included": "fits",
    "indeterminate": "may fit",
    "excluded": "does not fit",
    "not matched": "no criterion of it is known",
}

TELLINGS, NAMED = 2, 2
"""Answers to a fact that are told, and studies named for each."""


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
    places = ", ".join(dict.fromkeys(place for _, _, place in trial.printed))
    return (
        f"{label} ({trial.status} as of {trial.as_of}): {FITS[trial.verdict]}{hangs}  {{{places}}}"
    )


def unknown_words(unknown: Unknown) -> str:
    """The question to ask, how many open verdicts it settles, and what the answers would do."""
    surely, perhaps = len(unknown.settles), len(unknown.may_settle)
    counts = [f"settles {surely}" if surely else "", f"may settle {perhaps}" if perhaps else ""]
    told = "; ".join(tellings_words(unknown))
    flag = unknown.attribute.replace("_", "-")
    return f"{unknown.question} --{flag} {' and '.join(filter(None, counts))} open verdicts" + (
        f": {told}" if told else ""
    )


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
    places = ", ".join(dict.fromkeys(one.place for one in finding.places))
    return f"{finding.study_label}, {finding.kind_label}: {finding.text}  {{{places}}}"
