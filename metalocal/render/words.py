"""The sentences that all written forms of an answer share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from metalocal.answers import (
    Answer,
    Conflict,
    Evidence,
    EvidenceRow,
    PopulationAnswer,
    QuestionAnswer,
    Report,
    StudyAnswer,
)
from metalocal.answers.judgement import speaking_order
from metalocal.render.verdicts import deciding_effect

Line = tuple[str, int, str]
"""Kind (title, question, study, item, plain), depth of indentation, and text."""

VERDICT_WORDS = {
    "included": "includes this patient",
    "indeterminate": "may include this patient: facts are missing",
    "excluded": "excludes this patient",
}


def capital(text: str) -> str:
    """The text with a capital first."""
    return text[:1].upper() + text[1:]


def count_words(question: QuestionAnswer) -> str:
    """How many studies include, may include and exclude the patient."""
    counts = question.counts()
    return (
        f"{counts['included']} including, {counts['indeterminate']} possibly including, "
        f"{counts['excluded']} excluding this patient"
    )


def study_title(study: StudyAnswer) -> str:
    """Label, design and phase."""
    phase = f", phase {study.phase}" if study.phase else ""
    return f"{study.label} ({study.design}{phase})"


UNSTATED = " of unstated status"
"""What a subgroup is said to be where no source tells whether it was planned."""


def why(population: PopulationAnswer) -> str:
    """The criteria that decide the verdict, named."""
    if population.anyone:
        return "asks for metastatic disease alone; the source says no more of whom it took in"
    if population.verdict == "excluded":
        return "not met: " + "; ".join(population.open_criteria("not met"))
    if population.verdict == "indeterminate":
        return "unknown: " + "; ".join(population.open_criteria("unknown"))
    return "all met: " + "; ".join(population.open_criteria("met"))


@dataclass(frozen=True)
class Finding:
    """All that one population's estimates say of one outcome, told in parts."""

    outcome: str
    parts: tuple[str, ...]
    places: str
    notes: tuple[str, ...]


def sides(population: PopulationAnswer) -> str:
    """The arms compared, named once: the treatment under test versus its comparator."""
    found = [f"{e.arm} versus {e.versus}" for e in population.evidence if e.is_outcome and e.versus]
    return max(dict.fromkeys(found), key=found.count, default="")


def findings(population: PopulationAnswer) -> list[Finding]:
    """What was found in a population, an outcome at a time: comparisons first, then the arms."""
    groups: dict[str, list[Evidence]] = defaultdict(list)
    for one in population.evidence:
        if one.is_outcome:
            groups[one.outcome].append(one)
    usual = sides(population)
    return [_finding(outcome, group, usual) for outcome, group in groups.items()]


def _finding(outcome: str, group: list[Evidence], usual: str) -> Finding:
    compared = [part for one in group if _compares(one) for part in _compared(one, usual)]
    reports = [report for one in group for report in one.reports]
    notes = [one.note for one in group if one.note]
    notes += [f"{report.source}:{report.line}: {report.note}" for report in reports if report.note]
    return Finding(
        outcome=outcome,
        parts=_without_repeats([*compared, *_arms(group, usual)]),
        places=places_words(reports),
        notes=tuple(dict.fromkeys(notes)),
    )


def _without_repeats(parts: list[str]) -> tuple[str, ...]:
    """Each part once; a bare p value only where no part with a number has it."""
    once = list(dict.fromkeys(parts))
    return tuple(
        part
        for part in once
        if not any(other.endswith(f", {part}") for other in once if other != part)
    )


def _compares(one: Evidence) -> bool:
    """Whether it is about two sides, or told in words; else it is a value of one arm."""
    in_words = one.measure == "statement only"
    return bool(one.versus or one.across) or in_words or one.is_ratio


def _compared(one: Evidence, usual: str) -> list[str]:
    """Each different printing of a comparison, with its direction."""
    who = "" if f"{one.arm} versus {one.versus}" == usual else _who(one)
    return [f"{_number(one, report)}{_when(one)}{who}{_arrow(report)}" for report in one.reports]


def _arrow(report: Report) -> str:
    return f" → {report.direction}" if report.direction else ""


def _who(one: Evidence) -> str:
    if one.across:
        return f" [{one.across} compared]"
    if one.measure == "statement only" and not one.versus:
        return f" [{one.arm}]" if one.arm else ""
    return f" [{one.arm} versus {one.versus or 'a group not stated'}]"


def _number(one: Evidence, report: Report) -> str:
    if report.text:
        value, bracket, interval = report.text.partition(" (")
        p = f", {_p(report.p)}" if report.p else ""
        return f"{one.measure} {value}{_unit(one)}{bracket}{interval}{p}"
    if report.p:
        return _p(report.p)
    return f"in words, {report.wording}" if report.wording else "in words"


def _p(printed: str) -> str:
    return f"p {printed}" if printed[0] in "<>" else f"p = {printed}"


def _unit(one: Evidence) -> str:
    return {"percent": "%", "times": "-fold"}.get(one.unit, f" {one.unit}" if one.unit else "")


def _arms(group: list[Evidence], usual: str) -> list[str]:
    """Values of single arms, paired as "46 versus 37 or 35 months" where each side has one."""
    alike: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for one in group:
        if not _compares(one):
            alike[one.measure, one.time].append(one)
    first, _, second = usual.partition(" versus ")
    found = []
    for values in alike.values():
        pair = [[one for one in values if one.arm == side] for side in (first, second)]
        if usual and [len(side) for side in pair] == [1, 1]:
            found.append(_pair(pair[0][0], pair[1][0]))
            values = [one for one in values if one.arm not in (first, second)]
        found += [text for one in values for text in _alone(one, named=bool(usual))]
    return found


def _pair(one: Evidence, other: Evidence) -> str:
    values = f"{' or '.join(one.printed)} versus {' or '.join(other.printed)}"
    return f"{one.measure}{_when(one)} {values}{_unit(one)}"


def _alone(one: Evidence, *, named: bool) -> list[str]:
    arm = f" [{one.arm}]" if one.arm and named else ""
    return [f"{_number(one, report)}{_arrow(report)}{_when(one)}{arm}" for report in one.reports]


def _when(one: Evidence) -> str:
    plural = "" if one.time.startswith("1 ") else "s"
    return f" at {one.time}{plural}" if one.time else ""


def places_words(reports: Iterable[Report]) -> str:
    """The sources, each with the lines that print it."""
    lines: dict[str, set[int]] = defaultdict(set)
    for report in reports:
        lines[report.source].add(report.line)
    return "; ".join(
        f"{source}:{','.join(str(line) for line in sorted(found))}"
        for source, found in sorted(lines.items())
    )


def conflicts_beside(answer: Answer, questions: Iterable[QuestionAnswer]) -> list[Conflict]:
    """The conflicts of the studies of these questions that do not exclude the patient."""
    shown = {
        study.id
        for question in questions
        for study in question.studies
        if study.verdict != "excluded"
    }
    return [conflict for conflict in answer.conflicts if conflict.study in shown]


def conflict_words(conflict: Conflict) -> str:
    """What differs, and where each number is printed."""
    by_value: dict[str, list[str]] = defaultdict(list)
    for value, place in conflict.prints:
        by_value[value].append(place)
    prints = " | ".join(f"{value} ({', '.join(places)})" for value, places in by_value.items())
    item = conflict.item.partition(" [")[0]
    note = f" Note: {conflict.note}" if conflict.note else ""
    return f"{item}: {prints}.{note}"


def effect_words(row: EvidenceRow) -> str:
    """A row in brief: the comparison first told, the values of the arms, and the places.

    What is told in words alone stands for a row that has no number.
    """
    population = row.population
    found = next(one for one in findings(population) if one.outcome == row.outcome)
    numbers = [part for part in found.parts if not part.startswith("in words")]
    compared = [part for part in numbers if "→" in part]
    arms = [part for part in numbers if "→" not in part]
    told = "; ".join([*compared[:1], *arms[:1]] or found.parts[:1])
    if row.direction and "→" not in told:
        told += f" → {row.direction}, in the authors' words"
    status = f" ({population.status.removesuffix(UNSTATED)})" if population.depth else ""
    mixed = " [mixed cancers]" if population.mixed else ""
    return f"{population.label}{mixed}{status}: {row.outcome}, {told}  {{{found.places}}}"


def other_outcomes(rows: Iterable[EvidenceRow], told: EvidenceRow) -> str:
    """Other outcomes whose comparison has a direction, each by the row that speaks for it."""
    speaking: dict[str, EvidenceRow] = {}
    for row in sorted(rows, key=speaking_order):
        if row.direction and row.outcome != told.outcome:
            speaking.setdefault(row.outcome, row)
    return "; ".join(f"{_with_time(row)} → {row.direction}" for row in speaking.values())


def _with_time(row: EvidenceRow) -> str:
    """The outcome, with the time of the comparison that its direction rests on."""
    effect = deciding_effect(row)
    return f"{row.outcome}{_when(effect[0])}" if effect else row.outcome
