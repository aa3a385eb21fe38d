"""What follows the questions: recommendations, trials, facts to find out, what does not fit."""

from __future__ import annotations

from collections.abc import Sequence

from metalocal.answers import (
    Answer,
    Finding,
    GuidanceAnswer,
    OpenTrial,
    QuestionAnswer,
    Unknown,
    criteria_of,
)
from metalocal.render.html.elements import (
    Html,
    cited,
    closed,
    element,
    html,
    items,
    small,
    table,
)
from metalocal.render.html.question import deciding_rows
from metalocal.render.next_words import (
    FITS,
    finding_places,
    findings_on,
    number_told,
    recommendations_on,
    settled_counts,
    trial_places,
    trials_on,
)
from metalocal.render.verdicts import named
from metalocal.render.words import conflict_words, conflicts_beside

RECOMMENDATIONS, TRIALS, FACTS, FINDINGS = 5, 4, 5, 3
"""How many of each are in sight; the rest are closed."""


def recommendations(answer: Answer, questions: Sequence[QuestionAnswer]) -> Html:
    """Recommendations on these questions: those that apply, all against in sight; the rest."""
    found = recommendations_on(answer, (question.question for question in questions))
    applying = [one for one in found if one.verdict == "included"]
    shown = number_told(applying, RECOMMENDATIONS)
    more = applying[shown:]
    possible = [one for one in found if one.verdict == "indeterminate"]
    barred = [one for one in found if one.verdict == "excluded"]
    factors = [one for one in answer.guidance if "factor" in one.kind and one.verdict == "included"]
    return html(
        items(map(_statement, applying[:shown])),
        closed(f"{len(more)} more apply", items(map(_statement, more))),
        closed(f"{len(possible)} may apply: facts are missing", items(map(_statement, possible))),
        closed(f"{len(barred)} do not apply", items(map(_statement, barred))),
        closed(f"{len(factors)} factors that this patient has", items(map(_statement, factors))),
    )


def _statement(one: GuidanceAnswer) -> Html:
    about = ", ".join(word for word in (one.position, one.direction) if word)
    figures = f" [{'; '.join(one.figures)}]" if one.figures else ""
    status = {"indeterminate": "unknown", "excluded": "not met"}.get(one.verdict, "")
    reasons = criteria_of(one.reasons, status)
    why_not = f" ({status}: {'; '.join(reasons)})" if reasons else ""
    return html(
        element("strong", one.label),
        f" ({about})" if about else "",
        f": {one.text}{figures}{why_not}",
        cited(", ".join(one.locators)),
    )


def trials(answer: Answer, questions: Sequence[QuestionAnswer]) -> Html:
    """Trials on these questions that may take the patient, those that took in patients first."""
    found = trials_on(answer, (question.question for question in questions))
    return html(
        _trials("Trials that may take this patient", found[:TRIALS]),
        closed(f"{len(found[TRIALS:])} more trials", _trials("More trials", found[TRIALS:])),
    )


def _trials(caption: str, found: Sequence[OpenTrial]) -> Html:
    headings = ("Trial", "Registry", "State, as of the year of the source", "Fits this patient")
    return table(caption, headings, map(_trial, found)) if found else Html()


def _trial(trial: OpenTrial) -> tuple[str, ...]:
    phase = f", phase {trial.phase}" if trial.phase else ""
    results = "; results are told above" if trial.results else ""
    return (
        html(trial.study, small(f"{trial.question}; {trial.design}{phase}")),
        _registered(trial),
        html(f"{trial.status}, {trial.as_of}{results}", cited(trial_places(trial))),
        html(FITS[trial.verdict], small(_reasons(trial))),
    )


def _reasons(trial: OpenTrial) -> str:
    unknown = criteria_of(trial.reasons, "unknown")
    return f"unknown: {'; '.join(unknown)}" if unknown else ""


def _registered(trial: OpenTrial) -> Html:
    links = [element("a", number, href=address) for number, address in trial.registry]
    return Html(", ".join(links)) if links else html("no number told")


def unknowns(answer: Answer) -> Html:
    """Facts nobody has told, those that settle most first."""
    told = [html(one.question, small(settled_words(one))) for one in answer.unknowns]
    rest = told[FACTS:]
    return html(items(told[:FACTS], ordered=True), closed(f"{len(rest)} more facts", items(rest)))


def settled_words(unknown: Unknown) -> str:
    """How many verdicts the fact settles or may settle, and of which studies."""
    studies = dict.fromkeys(one.study for one in (*unknown.settles, *unknown.may_settle))
    return f"{', '.join(settled_counts(unknown))} of the open verdicts: {named(tuple(studies))}"


def clashes(answer: Answer, questions: Sequence[QuestionAnswer]) -> Html:
    """What audits found: in studies that decide a question first, and all that is noteworthy last.

    Numbers that are merely printed differently follow, closed.
    """
    deciding = {row.study.id for question in questions for row in deciding_rows(question)}
    others = {row.study.id for question in questions for row in question.rows} - deciding
    found = findings_on(answer, deciding)
    first = [one for one in found if one.severity != "noteworthy"]
    rest = [one for one in found if one.severity == "noteworthy"] + findings_on(answer, others)
    rest = first[FINDINGS:] + rest
    prints = [conflict_words(one) for one in conflicts_beside(answer, questions)]
    return html(
        items(map(_finding, first[:FINDINGS])),
        closed(f"{len(rest)} more findings", items(map(_finding, rest))),
        closed(f"{len(prints)} numbers printed differently by sources", items(prints)),
    )


def _finding(one: Finding) -> Html:
    head = element("strong", f"{one.study_label}, {one.kind_label}: ")
    return html(head, one.text, small(one.advice), cited(finding_places(one)))
