"""The answer in full: every study, group, number and statement, or those of one question."""

from __future__ import annotations

from collections.abc import Iterator

from metalocal.answers import (
    Answer,
    GuidanceAnswer,
    PopulationAnswer,
    QuestionAnswer,
    StudyAnswer,
    criteria_of,
)
from metalocal.render.groups import by_model, every_group
from metalocal.render.next_words import (
    finding_words,
    findings_on,
    trial_words,
    trials_on,
    unknown_words,
)
from metalocal.render.verdicts import covered_words, otherwise_words, verdict_sentence
from metalocal.render.words import (
    VERDICT_WORDS,
    Line,
    capital,
    count_words,
    findings,
    sides,
    study_title,
    why,
)


def full_lines(answer: Answer, code: str = "") -> Iterator[Line]:
    """The answer line by line; with the code of a question what belongs to that alone."""
    questions = [one for one in answer.questions if code in ("", one.code)]
    yield "title", 0, "What evidence supports local therapy for this profile?"
    yield "plain", 0, f"Profile: {answer.sentence}."
    yield "notice", 0, answer.notice
    if not code:
        yield from _models(answer)
    for question in questions:
        yield from _question(question)
    yield from _guidance(answer, {one.question for one in questions} if code else None)
    yield from _trials(answer, questions)
    yield from _unknowns(answer)
    yield from _findings(answer, questions)


def _models(answer: Answer) -> Iterator[Line]:
    """Every group of each model, by verdict, with its criteria."""
    if answer.models:
        yield "question", 0, "Where this patient stands"
    for name, groups in by_model(answer.models).items():
        places = dict.fromkeys(place for group in groups for place in group.locators)
        part = "" if groups[0].whole else " (given only in part)"
        yield "item", 1, f"{name}{part}: {'; '.join(every_group(groups))}  {{{', '.join(places)}}}"


_HEADINGS = (
    ("What sources recommend", ("recommendation",)),
    ("Factors that sources name", ("prognostic factor", "predictive factor")),
    ("Definitions and background", ("definition of a term", "background", "need for research")),
)


def _guidance(answer: Answer, questions: set[str] | None) -> Iterator[Line]:
    """All statements, or those on some questions."""
    for heading, kinds in _HEADINGS:
        group = [one for one in answer.guidance if one.kind in kinds]
        if questions is not None:
            group = [one for one in group if one.question in questions]
        if group:
            yield "question", 0, heading
        for one in group:
            yield "item", 1, _statement(one)
            if one.note:
                yield "note", 2, one.note


def _statement(one: GuidanceAnswer) -> str:
    about = ", ".join(word for word in (one.position, one.direction) if word)
    label = f"{one.label} ({about})" if about else one.label
    text = f"{one.text} [{'; '.join(one.figures)}]" if one.figures else one.text
    told = {
        "included": f"applies; for {one.for_whom}" if one.for_whom else "applies",
        "indeterminate": f"may apply; unknown: {', '.join(criteria_of(one.reasons, 'unknown'))}",
        "excluded": f"does not apply; not met: {', '.join(criteria_of(one.reasons, 'not met'))}",
        "not matched": f"not matched; for {one.for_whom or 'patients not told by criteria'}",
    }[one.verdict]
    return f"{label}: {text} ({told})  {{{', '.join(one.locators)}}}"


def _trials(answer: Answer, questions: list[QuestionAnswer]) -> Iterator[Line]:
    """Trials under way on these questions that do not exclude the patient."""
    found = trials_on(answer, (one.question for one in questions))
    if found:
        yield "question", 0, "Trials under way when the sources were written"
    for trial in found:
        yield "item", 1, trial_words(trial)


def _unknowns(answer: Answer) -> Iterator[Line]:
    if answer.unknowns:
        yield "question", 0, "What to find out next"
    for unknown in answer.unknowns:
        yield "item", 1, unknown_words(unknown)


def _findings(answer: Answer, questions: list[QuestionAnswer]) -> Iterator[Line]:
    """What audits found in the studies that do not exclude the patient, and what to do."""
    studies = (s.id for one in questions for s in one.studies if s.verdict != "excluded")
    found = findings_on(answer, studies)
    if found:
        yield "question", 0, "Where sources clash or their numbers do not fit"
    for finding in found:
        yield "item", 1, finding_words(finding)
        yield "note", 2, finding.advice


def _question(question: QuestionAnswer) -> Iterator[Line]:
    yield "question", 0, f"{capital(question.question)}: {count_words(question)}"
    if question.local_therapy:
        yield "plain", 1, verdict_sentence(question)
        for words in [covered_words(question.judgement), *otherwise_words(question.judgement)]:
            if words:
                yield "note", 1, words
        certainty = question.judgement.certainty
        for step in certainty.steps if certainty else ():
            change = f" ({step.change})" if step.change else ""
            yield "note", 1, f"certainty, {step.domain}{change}: {step.reason}"
    for study in question.studies:
        yield from _study(study)


def _study(study: StudyAnswer) -> Iterator[Line]:
    """A study with all its groups, findings and limitations."""
    yield study.verdict, 1, f"{study_title(study)} {VERDICT_WORDS[study.verdict]}"
    compared = next(filter(None, map(sides, study.populations)), "")
    if compared:
        yield "item", 2, f"Compared: {compared}"
    shown = [p for p in study.populations if p.verdict == study.verdict]
    for number, population in enumerate(shown):
        direct = number == 0 and len(shown) > 1 and study.verdict == "included"
        yield from _population(population, most_direct=direct)
        yield from _evidence(population)
    for population in study.populations:
        if population.verdict != study.verdict:
            yield "item", 2, f"{population.label}: {population.verdict}; {why(population)}"
            yield from _evidence(population)
    yield from _limitations(study)


def _population(population: PopulationAnswer, *, most_direct: bool) -> Iterator[Line]:
    words = [population.status] if population.depth else []
    words += ["most direct"] if most_direct else []
    direct = f" ({', '.join(words)})" if words else ""
    mixed = " [mixed cancers]" if population.mixed else ""
    yield "item", 2, f"{population.label}{mixed}{direct}: {why(population)}"
    if population.note:
        yield "note", 3, population.note


def _evidence(population: PopulationAnswer) -> Iterator[Line]:
    """Findings with the notes of their numbers."""
    for found in findings(population):
        yield "result", 3, f"{found.outcome}: {'; '.join(found.parts)}  {{{found.places}}}"
        for note in found.notes:
            yield "note", 4, note


def _limitations(study: StudyAnswer) -> Iterator[Line]:
    """Limitations as the sources state them."""
    for one in study.statements:
        if one.limitation:
            places = ", ".join(one.locators)
            yield "item", 2, f"Limitation, {one.kind}: {one.text}  {{{places}}}"
