"""The answer in brief: what an oncologist reads in two minutes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from metalocal.answers import (
    Answer,
    EvidenceRow,
    GuidanceAnswer,
    Judgement,
    ModelAnswer,
    QuestionAnswer,
)
from metalocal.render.groups import by_model, groups_in_brief, reason_for_none
from metalocal.render.next_words import (
    finding_words,
    findings_on,
    number_told,
    recommendations_on,
    trial_words,
    trials_on,
    unknown_words,
)
from metalocal.render.verdicts import counted_words, elsewhere, indirect_words, named, vote_words
from metalocal.render.words import Line, capital, effect_words, other_outcomes

VOTING, HANGING = 3, 3
"""Studies told a question: of those that decide its verdict, and of randomised ones that may."""

RECOMMENDATIONS, TRIALS, FACTS, FINDINGS = 4, 3, 3, 3
"""How many of each are told; the rest are counted."""


def brief_lines(answer: Answer) -> Iterator[Line]:
    """The answer line by line, each part cut to what decides; the rest is counted and named."""
    every = [question for question in answer.questions if question.local_therapy]
    local = [question for question in every if not question.moot]
    told = [one for one in local if _has_something(one)]
    yield "title", 0, "What evidence supports local therapy for this profile?"
    yield "plain", 0, f"Profile: {answer.sentence}."
    yield "notice", 0, answer.notice
    yield "question", 0, "The evidence in one line a question"
    for question in told:
        yield "item", 1, _verdict(question)
    without = [question for question in local if question not in told]
    if without:
        yield "item", 1, f"No direct evidence: {'; '.join(map(_without, without))}"
    for question in every:
        if question.moot:
            yield "item", 1, f"Does not arise: {question.question} ({question.moot})"
    yield from _stands(answer.models)
    for question in local:
        yield from _question(question)
    yield from _recommendations(answer, local)
    yield from _trials(answer, local)
    yield from _unknowns(answer)
    yield from _findings(answer, local)
    yield "question", 0, "More"
    yield "item", 1, "--question CODE tells one question in full, --everything all of them"


def _has_something(question: QuestionAnswer) -> bool:
    judgement = question.judgement
    return bool(judgement.votes or judgement.indirect or judgement.hanging)


def _without(question: QuestionAnswer) -> str:
    """A question nobody compared anything for, with how many studies told of such patients."""
    count = question.counts()["included"]
    noun = "study includes" if count == 1 else "studies include"
    return f"{question.question} ({count} {noun} this patient)" if count else question.question


def _verdict(question: QuestionAnswer) -> str:
    judgement = question.judgement
    parts = [f"{capital(question.question)}: {judgement.word.upper()}"]
    if judgement.votes:
        kind = f"{capital(judgement.tier)} evidence on {judgement.family}"
        parts.append(f"{kind}: {vote_words(judgement)}")
    if judgement.hanging:
        told, about = counted_words(judgement.hanging), elsewhere(judgement, judgement.hanging)
        parts.append(f"Randomised, and may include this patient{about}: {told}")
    parts.append(indirect_words(judgement))
    if judgement.certainty:
        parts.append(f"Certainty, computed: {judgement.certainty.word}")
    return ". ".join(part for part in parts if part)


def _stands(models: Iterable[ModelAnswer]) -> Iterator[Line]:
    """Models with a group the patient is in; names of those open; of the rest, why not."""
    yield "question", 0, "Where this patient stands"
    undecided, without = [], []
    for name, groups in by_model(models).items():
        if any(group.verdict == "included" and not group.wider for group in groups):
            shown = [group for group in groups if group.verdict != "excluded"]
            places = dict.fromkeys(place for group in shown for place in group.locators)
            told = "; ".join(groups_in_brief(groups))
            yield "item", 1, f"{name}: {told}  {{{', '.join(places)}}}"
        elif any(group.verdict == "indeterminate" for group in groups):
            undecided.append(name)
        elif not any(group.verdict == "included" for group in groups):
            without.append(f"{name} (not met: {reason_for_none(groups)})")
    if undecided:
        yield "item", 1, f"Undecided: {'; '.join(undecided)}"
    if without:
        yield "item", 1, f"In no group of: {'; '.join(without)}"


def _question(question: QuestionAnswer) -> Iterator[Line]:
    """The studies that decide the verdict, and randomised ones that may take in the patient."""
    told = _told(question)
    if not told:
        return
    yield "question", 0, capital(question.question)
    for row in told:
        yield from _study(row, [one for one in question.rows if one.study.id == row.study.id])
    if question.judgement.covered:
        yield from _covered(question.judgement)
    yield "rest", 1, _rest(question, told)


def _covered(judgement: Judgement) -> Iterator[Line]:
    """Syntheses without a vote: the first in full where none votes, else their names."""
    first, *rest = judgement.covered
    if any(vote.row.study.synthesis for vote in judgement.votes):
        rest = [first, *rest]
    else:
        study = first.study
        yield "included", 1, f"{study.label} ({study.design}) has no vote: its studies count"
        yield "item", 2, effect_words(first)
    if rest:
        names = ", ".join(row.study.label for row in rest)
        yield "rest", 1, f"No vote, so that no study counts twice: {names}"


def _told(question: QuestionAnswer) -> list[EvidenceRow]:
    """The rows that speak for the studies told."""
    judgement = question.judgement
    deciding = [vote.row for vote in judgement.votes]
    return [*deciding[:VOTING], *(*judgement.indirect, *judgement.hanging)[:HANGING]]


def _study(row: EvidenceRow, rows: list[EvidenceRow]) -> Iterator[Line]:
    """A study by the row that speaks for it.

    Of one that includes the patient also the nearest narrower group, other outcomes in short and
    the limitations; of one that may, what is unknown.
    """
    study, population = row.study, row.population
    level = f", level {row.level.value}" if row.level.value else ""
    number = f", {population.patients} patients" if population.patients else ""
    title = f"{study.label} ({study.design}{level}{number})"
    yield population.verdict, 1, f"{title} {_FITS[row.directness]}"
    if row.directness:
        yield "item", 2, effect_words(row)
        if population.verdict == "indeterminate":
            yield "item", 2, f"unknown: {'; '.join(population.open_criteria('unknown'))}"
        return
    for told in [*_narrower(row, rows)[:1], row]:
        yield "item", 2, effect_words(told)
    others = other_outcomes(rows, row)
    if others:
        yield "item", 2, f"also {others}"
    kinds = dict.fromkeys(one.kind for one in study.statements if one.limitation)
    if kinds:
        yield "note", 2, f"limits: {', '.join(kinds)}"


_FITS = (
    "includes this patient",
    "is of a group wider than this patient's",
    "may include this patient",
)
"""What is said of a study by the directness of its row."""


def _narrower(row: EvidenceRow, rows: list[EvidenceRow]) -> list[EvidenceRow]:
    """Rows of the same outcome in narrower groups that include the patient."""
    return [
        one
        for one in rows
        if one.outcome == row.outcome
        and one.direction
        and one.population.verdict == "included"
        and one.population.depth > row.population.depth
    ]


def _rest(question: QuestionAnswer, told: Sequence[EvidenceRow]) -> str:
    """What is not told here: studies that decide too, and all others by verdict."""
    judgement, counts = question.judgement, question.counts()
    votes = [vote.row for vote in judgement.votes]
    rest = [row for row in (*votes, *judgement.indirect, *judgement.hanging) if row not in told]
    names = f"not told here: {named([row.study.label for row in rest])}; " if rest else ""
    return (
        f"{names}{counts['included']} studies in all include this patient, "
        f"{counts['indeterminate']} may, {counts['excluded']} exclude: --question {question.code}"
    )


def _recommendations(answer: Answer, local: Sequence[QuestionAnswer]) -> Iterator[Line]:
    """What sources recommend for such a patient; the rest is counted."""
    found = recommendations_on(answer, (question.question for question in local))
    applying = [one for one in found if one.verdict == "included"]
    possible = sum(one.verdict == "indeterminate" for one in found)
    if applying or possible:
        yield "question", 0, "What sources recommend"
    told = applying[: number_told(applying, RECOMMENDATIONS)]
    for one in told:
        yield "item", 1, _recommendation(one)
    more = len(applying) - len(told)
    if more or possible:
        yield "item", 1, f"{more} more apply and {possible} may"


def _recommendation(one: GuidanceAnswer) -> str:
    position = f" ({one.position})" if one.position else ""
    return f"{one.label}{position}: {one.text}  {{{', '.join(one.locators)}}}"


def _trials(answer: Answer, local: Sequence[QuestionAnswer]) -> Iterator[Line]:
    """The trials that took in patients first; whether they still do, the registry tells."""
    found = trials_on(answer, (question.question for question in local))
    if found:
        yield "question", 0, "Trials under way when the sources were written"
    for trial in found[:TRIALS]:
        yield "item", 1, trial_words(trial)
    if found[TRIALS:]:
        yield "item", 1, f"{len(found) - TRIALS} more; the registry tells the present state of each"


def _unknowns(answer: Answer) -> Iterator[Line]:
    if answer.unknowns:
        yield "question", 0, "What to find out next"
    for unknown in answer.unknowns[:FACTS]:
        yield "item", 1, unknown_words(unknown)


def _findings(answer: Answer, local: Sequence[QuestionAnswer]) -> Iterator[Line]:
    """What clashes in the studies told: contradictions, and doubts about the outcomes told."""
    told = [row for question in local for row in _told(question)]
    outcomes = tuple({row.outcome for row in told})
    touching, others = [], []
    for one in findings_on(answer, (row.study.id for row in told)):
        if one.severity != "noteworthy" and any(at.item.startswith(outcomes) for at in one.places):
            touching.append(one)
        elif one.severity == "contradictory":
            others.append(one)
    found = [*touching, *others]
    if found:
        yield "question", 0, "Where sources clash or their numbers do not fit"
    for finding in found[:FINDINGS]:
        yield "item", 1, finding_words(finding)
    if found[FINDINGS:]:
        more = "; ".join(dict.fromkeys(one.study_label for one in found[FINDINGS:]))
        yield "item", 1, f"{len(found) - FINDINGS} more on {more}: metalocal audit"
