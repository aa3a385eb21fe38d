"""The answer for a terminal and as Markdown: one writer, two dresses."""

from __future__ import annotations

from collections.abc import Iterator

from metalocal.answers import Answer, PopulationAnswer, QuestionAnswer, StudyAnswer
from metalocal.render.words import (
    VERDICT_WORDS,
    conflict_words,
    count_words,
    findings,
    relevant_conflicts,
    sides,
    study_title,
    why,
)

Line = tuple[str, int, str]
"""Kind (title, question, study, item, plain), depth of indentation, and text."""


def lines(answer: Answer, *, everything: bool = False) -> Iterator[Line]:
    """The answer line by line; `everything` also shows what excluded studies found."""
    yield "title", 0, "What evidence supports local therapy for this profile?"
    yield "plain", 0, f"Profile: {answer.sentence}."
    yield "notice", 0, answer.notice
    for question in answer.questions:
        yield from _question(question, everything)
    if answer.unknowns:
        yield "question", 0, "What to find out next"
        for unknown in answer.unknowns:
            count, flag = len(unknown.populations), unknown.attribute.replace("_", "-")
            noun = "population hangs" if count == 1 else "populations hang"
            yield "item", 1, f"{unknown.question} ({count} {noun} on --{flag})"
    conflicts = relevant_conflicts(answer)
    if conflicts:
        yield "question", 0, "Where sources print different numbers"
        for conflict in conflicts:
            yield "item", 1, conflict_words(conflict)


def _question(question: QuestionAnswer, everything: bool) -> Iterator[Line]:
    heading = question.question[:1].upper() + question.question[1:]
    yield "question", 0, f"{heading}: {count_words(question)}"
    for study in question.studies:
        yield from _study(study, everything)


def _study(study: StudyAnswer, everything: bool) -> Iterator[Line]:
    yield study.verdict, 1, f"{study_title(study)} {VERDICT_WORDS[study.verdict]}"
    compared = next(filter(None, map(sides, study.populations)), "")
    if compared:
        yield "item", 2, f"Compared: {compared}"
    shown = [p for p in study.populations if p.verdict == study.verdict]
    rest = [p for p in study.populations if p.verdict != study.verdict]
    for number, population in enumerate(shown):
        direct = number == 0 and len(shown) > 1 and study.verdict == "included"
        yield from _population(population, most_direct=direct)
        if everything or study.verdict != "excluded":
            yield from _evidence(population)
    for population in rest:
        yield "item", 2, f"{population.label}: {population.verdict}; {why(population)}"
    if everything or study.verdict != "excluded":
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
    for found in findings(population):
        yield "result", 3, f"{found.outcome}: {'; '.join(found.parts)}  {{{found.places}}}"
        for note in found.notes:
            yield "note", 4, note


def _limitations(study: StudyAnswer) -> Iterator[Line]:
    for statement in study.statements:
        if statement.limitation:
            places = ", ".join(statement.locators)
            yield "item", 2, f"Limitation, {statement.kind}: {statement.text}  {{{places}}}"


def as_markdown(answer: Answer, *, everything: bool = False) -> str:
    """The answer as Markdown."""
    out = []
    for kind, depth, text in lines(answer, everything=everything):
        if kind == "title":
            out.append(f"# {text}\n")
        elif kind == "question":
            out.append(f"\n## {text}\n")
        elif kind == "notice":
            out.append(f"\n_{text}_")
        elif kind in VERDICT_WORDS:
            out.append(f"\n### {text}\n")
        elif depth == 0:
            out.append(text)
        else:
            words = f"_{text}_" if kind == "note" else text
            out.append(f"{'  ' * max(depth - 2, 0)}- {words}")
    return "\n".join(out) + "\n"


def as_text(answer: Answer, *, everything: bool = False) -> str:
    """The answer as plain text, two spaces a level, one line a fact."""
    out = []
    for kind, depth, text in lines(answer, everything=everything):
        if kind == "question" or kind in VERDICT_WORDS:
            out.append("")
        out.append("  " * depth + text)
    return "\n".join(out) + "\n"
