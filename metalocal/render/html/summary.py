"""The first screen of the page: a verdict for each question, and where the patient stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from metalocal.answers import Judgement, ModelAnswer, QuestionAnswer
from metalocal.render.groups import by_model, every_group, groups_in_brief
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
from metalocal.render.verdicts import elsewhere, indirect_words, named, vote_words
from metalocal.render.words import capital

SIGNS = {"supported": "✓", "not supported": "✕", "conflicting": "⇄", "no direct evidence": "–"}
"""What stands beside the word, so that neither colour nor reading alone tells the verdict."""

HEADINGS = ("Question", "Verdict", "Studies that decide it", "Evidence", "Certainty")


def verdicts(questions: Sequence[QuestionAnswer]) -> Html:
    """One line a question: the word, the votes, the kind of evidence, the certainty."""
    return table("Verdicts, computed by rule", HEADINGS, map(_line, questions))


def _line(question: QuestionAnswer) -> tuple[str, ...]:
    judgement = question.judgement
    rated = judgement.certainty
    if question.moot:
        return capital(question.question), "does not arise", question.moot, "–", "–"
    return (
        element("a", capital(question.question), href=f"#{question.code}"),
        word(judgement),
        html(vote_words(judgement) or "none", _others(judgement)),
        f"{judgement.tier}; {judgement.family}" if judgement.votes else "–",
        rated.word if rated else "–",
    )


def word(judgement: Judgement) -> Html:
    """The verdict in a word, with its sign and colour."""
    sign = element("span", SIGNS[judgement.word], aria_hidden="true")
    kind = f"word {judgement.word.replace(' ', '-')}"
    return element("span", sign, f" {judgement.word}", class_=kind)


def _others(judgement: Judgement) -> Html:
    """Randomised evidence that decides nothing yet."""
    told = [indirect_words(judgement)] if judgement.indirect else []
    if judgement.hanging:
        labels = [row.study.label for row in judgement.hanging]
        about = elsewhere(judgement, judgement.hanging)
        told.append(f"randomised, may include this patient{about}: {named(labels)}")
    return small("; ".join(told))


def stands(models: Iterable[ModelAnswer]) -> Html:
    """Models with a group the patient is in; the others behind their names."""
    found = by_model(models)
    within = {
        name: groups
        for name, groups in found.items()
        if any(group.verdict == "included" and not group.wider for group in groups)
    }
    rest = {name: groups for name, groups in found.items() if name not in within}
    return html(
        items(_model(name, groups_in_brief(groups), groups) for name, groups in within.items()),
        closed(
            f"{len(rest)} more models, undecided or without a group for this patient",
            items(_model(name, every_group(groups), groups) for name, groups in rest.items()),
        )
        if rest
        else "",
    )


def _model(name: str, told: Iterable[str], groups: Iterable[ModelAnswer]) -> Html:
    places = dict.fromkeys(place for group in groups for place in group.locators)
    return html(element("strong", name), f": {'; '.join(told)}", cited(", ".join(places)))
