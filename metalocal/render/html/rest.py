"""What follows the questions: recommendations, trials, facts to find out, conflicts."""

from __future__ import annotations

from collections.abc import Sequence

from metalocal.answers import Answer, GuidanceAnswer, QuestionAnswer, StudyAnswer, criteria_of
from metalocal.render.html.elements import (
    Html,
    cited,
    closed,
    element,
    html,
    items,
    table,
)
from metalocal.render.words import conflict_words, conflicts_beside, is_open, study_title, why

RECOMMENDATIONS, FACTS, CONFLICTS = 6, 6, 6
"""How many of each are in sight; the rest are closed."""

REGISTRY = "https://clinicaltrials.gov/study/"


def recommendations(answer: Answer, questions: Sequence[QuestionAnswer]) -> Html:
    """Recommendations on these questions: those that apply, the most particular first; the rest."""
    asked = {question.question for question in questions}
    found = [one for one in answer.guidance if _is_asked(one, asked)]
    applying = [one for one in found if one.verdict == "included"]
    applying.sort(key=lambda one: -len(one.reasons))
    more = applying[RECOMMENDATIONS:]
    possible = [one for one in found if one.verdict == "indeterminate"]
    barred = [one for one in found if one.verdict == "excluded"]
    factors = [one for one in answer.guidance if "factor" in one.kind and one.verdict == "included"]
    return html(
        items(map(_statement, applying[:RECOMMENDATIONS])),
        closed(f"{len(more)} more apply", items(map(_statement, more))),
        closed(f"{len(possible)} may apply: facts are missing", items(map(_statement, possible))),
        closed(f"{len(barred)} do not apply", items(map(_statement, barred))),
        closed(f"{len(factors)} factors that this patient has", items(map(_statement, factors))),
    )


def _is_asked(one: GuidanceAnswer, asked: set[str]) -> bool:
    return one.kind == "recommendation" and one.question in asked


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
    """Trials under way on these questions that do not exclude the patient, fitting ones first."""
    found = [
        study
        for question in questions
        for study in question.studies
        if is_open(study) and study.verdict != "excluded"
    ]
    found.sort(key=lambda study: study.verdict != "included")
    if not found:
        return Html()
    headings = ("Trial", "Registry", "Status in the sources", "Fits this patient")
    return table("Trials that may take this patient", headings, map(_trial, found))


def _trial(study: StudyAnswer) -> tuple[str, ...]:
    widest = min(study.populations, key=lambda population: population.depth)
    fits = {"included": "fits", "indeterminate": "may fit"}[study.verdict]
    return study_title(study), _registered(study.nct), study.status, f"{fits}; {why(widest)}"


def _registered(numbers: Sequence[str]) -> Html:
    links = [element("a", number, href=f"{REGISTRY}{number}") for number in numbers]
    return Html(", ".join(links)) if links else html("no number told")


def unknowns(answer: Answer) -> Html:
    """Facts nobody has told, those that decide most first."""
    told = [_unknown(one.question, len(one.populations)) for one in answer.unknowns]
    rest = told[FACTS:]
    return html(items(told[:FACTS], ordered=True), closed(f"{len(rest)} more facts", items(rest)))


def _unknown(question: str, count: int) -> str:
    noun = "group hangs" if count == 1 else "groups hang"
    return f"{question} ({count} {noun} on it)"


def conflicts(answer: Answer, questions: Sequence[QuestionAnswer]) -> Html:
    """Numbers that sources print differently, of studies that do not exclude the patient."""
    told = [conflict_words(one) for one in conflicts_beside(answer, questions)]
    rest = told[CONFLICTS:]
    return html(items(told[:CONFLICTS]), closed(f"{len(rest)} more", items(rest)))
