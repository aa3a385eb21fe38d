"""The answer for a terminal and as Markdown: one writer, two dresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from metalocal.answers import (
    Answer,
    GuidanceAnswer,
    ModelAnswer,
    PopulationAnswer,
    QuestionAnswer,
    StudyAnswer,
    criteria_of,
)
from metalocal.render.words import (
    VERDICT_WORDS,
    brief,
    conflict_words,
    count_words,
    findings,
    is_open,
    relevant_conflicts,
    sides,
    study_title,
    why,
)

Line = tuple[str, int, str]
"""Kind (title, question, study, item, plain), depth of indentation, and text."""

IN_FULL = 3
"""Studies of a question told in full beside its randomised trials; the rest have one line each."""

FACTS = 8
"""Unknown facts named before the rest are left to `everything`."""


def lines(answer: Answer, *, everything: bool = False) -> Iterator[Line]:
    """The answer line by line; `everything` tells all studies and all guidance in full."""
    yield "title", 0, "What evidence supports local therapy for this profile?"
    yield "plain", 0, f"Profile: {answer.sentence}."
    yield "notice", 0, answer.notice
    yield from _models(answer, everything)
    for question in answer.questions:
        if question.local_therapy or everything:
            yield from _question(question, everything)
    yield from _guidance(answer, everything)
    yield from _open_trials(answer)
    yield from _unknowns(answer, everything)
    yield from _conflicts(answer)
    if not everything:
        yield from _background(answer)


def _models(answer: Answer, everything: bool) -> Iterator[Line]:
    """Each model with the groups the patient is in and may be in; all groups with `everything`."""
    by_model: dict[str, list[ModelAnswer]] = defaultdict(list)
    for model in answer.models:
        by_model[model.model].append(model)
    if by_model:
        yield "question", 0, "Where this patient stands"
    for name, groups in by_model.items():
        told = _every_group(groups) if everything else _groups_in_brief(groups)
        shown = [group for group in groups if everything or group.verdict != "excluded"]
        places = dict.fromkeys(place for group in shown for place in group.locators)
        part = "" if groups[0].whole else " (given only in part)"
        if told:
            yield "item", 1, f"{name}{part}: {'; '.join(told)}  {{{', '.join(places)}}}"
    if not everything:
        yield from _without_group(by_model)


_STANDS = {
    "included": ("is", " and ", "met"),
    "indeterminate": ("may be", " or ", "unknown"),
    "excluded": ("is not", " or ", "not met"),
}
NAMED = 3
"""Groups a patient may be in that are named each; of more, only the facts that decide."""


def _every_group(groups: list[ModelAnswer]) -> list[str]:
    """All groups by verdict, with their criteria."""
    return [words for verdict in _STANDS for words in _stands(groups, verdict)]


def _groups_in_brief(groups: list[ModelAnswer]) -> list[str]:
    """The groups not excluded; those that take others together stand behind, without criteria."""
    narrow = [group for group in groups if not group.wider]
    wide = [group for group in groups if group.wider]
    told = [*_stands(narrow, "included"), *_undecided(narrow)]
    sure = [group.group for group in wide if group.verdict == "included"]
    if sure:
        told.append(f"in the wider group{'s' * (len(sure) > 1)} {', '.join(sure)}")
    return told or _undecided(wide)


def _undecided(groups: list[ModelAnswer]) -> list[str]:
    found = [group for group in groups if group.verdict == "indeterminate"]
    if len(found) <= NAMED:
        return list(_stands(found, "indeterminate"))
    facts = ", ".join(dict.fromkeys(fact for group in found for fact in group.deciding))
    return [f"{len(found)} groups undecided; what decides: {facts}"]


def _without_group(by_model: dict[str, list[ModelAnswer]]) -> Iterator[Line]:
    """Models that exclude the patient from every group, under the criteria all groups ask for."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for name, groups in by_model.items():
        if all(group.verdict == "excluded" for group in groups):
            first, *rest = (criteria_of(group.reasons, "not met") for group in groups)
            shared = [reason for reason in first if all(reason in one for one in rest)]
            by_reason["; ".join(shared) or "one criterion or another of each group"].append(name)
    if by_reason:
        yield "plain", 1, "Models with no group for this patient, by the criterion not met:"
    for reason, names in by_reason.items():
        yield "item", 2, f"{reason}: {', '.join(names)}"


def _stands(groups: list[ModelAnswer], verdict: str) -> Iterator[str]:
    found = [group for group in groups if group.verdict == verdict]
    words, joined, status = _STANDS[verdict]
    reasons = dict.fromkeys(r for group in found for r in criteria_of(group.reasons, status))
    if found:
        names = joined.join(group.group for group in found)
        yield f"{words} {names} ({status}: {', '.join(reasons)})"


_HEADINGS = (
    ("What sources recommend", ("recommendation",)),
    ("Factors that sources name", ("prognostic factor", "predictive factor")),
    ("Definitions and background", ("definition of a term", "background", "need for research")),
)


def _guidance(answer: Answer, everything: bool) -> Iterator[Line]:
    """Recommendations on local therapy that apply or may, factors the patient has; or all."""
    local = {question.question for question in answer.questions if question.local_therapy}
    for heading, kinds in _HEADINGS:
        group = [one for one in answer.guidance if one.kind in kinds]
        if not everything:
            verdicts = ("included", "indeterminate") if "recommendation" in kinds else ("included",)
            group = [
                one
                for one in group
                if one.verdict in verdicts
                and (one.question in local or one.position == "required first")
            ]
            group = [] if "background" in kinds else group
        if group:
            yield "question", 0, heading
        for one in group:
            yield "item", 1, _statement(one, everything)
            if one.note and everything:
                yield "note", 2, one.note


def _statement(one: GuidanceAnswer, everything: bool) -> str:
    about = ", ".join(word for word in (one.position, one.direction) if word)
    label = f"{one.label} ({about})" if about else one.label
    text = f"{one.text} [{'; '.join(one.figures)}]" if one.figures else one.text
    told = {
        "included": f"applies; for {one.for_whom}" if one.for_whom else "applies",
        "indeterminate": f"may apply; unknown: {', '.join(criteria_of(one.reasons, 'unknown'))}",
        "excluded": f"does not apply; not met: {', '.join(criteria_of(one.reasons, 'not met'))}",
        "not matched": f"not matched; for {one.for_whom or 'patients not told by criteria'}",
    }[one.verdict]
    words = f": {text}" if everything or one.verdict == "included" else ""
    return f"{label}{words} ({told})  {{{', '.join(one.locators)}}}"


def _open_trials(answer: Answer) -> Iterator[Line]:
    trials = [
        study
        for question in answer.questions
        for study in question.studies
        if is_open(study) and study.verdict != "excluded"
    ]
    if trials:
        yield "question", 0, "Trials under way when the sources were written"
    for study in sorted(trials, key=lambda one: one.verdict != "included"):
        numbers = f" [{', '.join(study.nct)}]" if study.nct else ""
        widest = min(study.populations, key=lambda population: population.depth)
        fits = {"included": "fits", "indeterminate": "may fit"}[study.verdict]
        yield "item", 1, f"{study_title(study)}{numbers}, {study.status}: {fits}; {why(widest)}"


def _unknowns(answer: Answer, everything: bool) -> Iterator[Line]:
    if answer.unknowns:
        yield "question", 0, "What to find out next"
    for unknown in answer.unknowns if everything else answer.unknowns[:FACTS]:
        count, flag = len(unknown.populations), unknown.attribute.replace("_", "-")
        noun = "group hangs" if count == 1 else "groups hang"
        yield "item", 1, f"{unknown.question} ({count} {noun} on --{flag})"


def _conflicts(answer: Answer) -> Iterator[Line]:
    conflicts = relevant_conflicts(answer)
    if conflicts:
        yield "question", 0, "Where sources print different numbers"
    for conflict in conflicts:
        yield "item", 1, conflict_words(conflict)


def _background(answer: Answer) -> Iterator[Line]:
    rest = [question for question in answer.questions if not question.local_therapy]
    if rest:
        yield "question", 0, "Not shown here: background (--everything shows it)"
    for question in rest:
        yield "item", 1, f"{question.question}: {count_words(question)}"


def _question(question: QuestionAnswer, everything: bool) -> Iterator[Line]:
    heading = question.question[:1].upper() + question.question[1:]
    yield "question", 0, f"{heading}: {count_words(question)}"
    studies = [study for study in question.studies if everything or not is_open(study)]
    fitting = [study for study in studies if everything or study.verdict != "excluded"]
    trials = sum(study.randomised for study in fitting)
    in_full = len(fitting) if everything else trials + IN_FULL
    for study in fitting[:in_full]:
        yield from _study(study, everything)
    if fitting[in_full:]:
        yield "plain", 1, "More studies, in one line each:"
    for study in fitting[in_full:]:
        yield "item", 2, f"{study_title(study)} {VERDICT_WORDS[study.verdict]}{brief(study)}"
    if not everything:
        yield from _excluding([study for study in studies if study.verdict == "excluded"])


def _excluding(studies: list[StudyAnswer]) -> Iterator[Line]:
    """Studies that exclude the patient, under the criterion that does."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for study in studies:
        widest = min(study.populations, key=lambda population: population.depth)
        by_reason["; ".join(widest.open_criteria("not met"))].append(study.label)
    if studies:
        yield "plain", 1, "Studies that exclude this patient, by the criterion not met:"
    for reason, labels in by_reason.items():
        yield "item", 2, f"{reason}: {', '.join(labels)}"


def _study(study: StudyAnswer, everything: bool) -> Iterator[Line]:
    """A study in full; without `everything`, of groups that fit only those with results."""
    yield study.verdict, 1, f"{study_title(study)} {VERDICT_WORDS[study.verdict]}"
    compared = next(filter(None, map(sides, study.populations)), "")
    if compared:
        yield "item", 2, f"Compared: {compared}"
    shown = [p for p in study.populations if p.verdict == study.verdict]
    rest = [p for p in study.populations if p.verdict != study.verdict]
    if not everything:
        rest = [p for p in rest if p.verdict != "excluded" and findings(p)]
        shown = [p for p in shown if findings(p)] or shown[:1]
    for number, population in enumerate(shown):
        direct = number == 0 and len(shown) > 1 and study.verdict == "included"
        yield from _population(population, most_direct=direct)
        yield from _evidence(population, everything)
    for population in rest:
        yield "item", 2, f"{population.label}: {population.verdict}; {why(population)}"
    yield from _limitations(study, everything)


def _population(population: PopulationAnswer, *, most_direct: bool) -> Iterator[Line]:
    words = [population.status] if population.depth else []
    words += ["most direct"] if most_direct else []
    direct = f" ({', '.join(words)})" if words else ""
    mixed = " [mixed cancers]" if population.mixed else ""
    yield "item", 2, f"{population.label}{mixed}{direct}: {why(population)}"
    if population.note:
        yield "note", 3, population.note


def _evidence(population: PopulationAnswer, everything: bool) -> Iterator[Line]:
    """Findings with the notes of their numbers; the first note alone without `everything`."""
    for found in findings(population):
        yield "result", 3, f"{found.outcome}: {'; '.join(found.parts)}  {{{found.places}}}"
        for note in found.notes if everything else found.notes[:1]:
            yield "note", 4, note


def _limitations(study: StudyAnswer, everything: bool) -> Iterator[Line]:
    """Limitations as the sources state them; their kinds alone without `everything`."""
    found = [statement for statement in study.statements if statement.limitation]
    if everything:
        for one in found:
            places = ", ".join(one.locators)
            yield "item", 2, f"Limitation, {one.kind}: {one.text}  {{{places}}}"
    elif found:
        kinds = ", ".join(dict.fromkeys(one.kind for one in found))
        places = ", ".join(dict.fromkeys(place for one in found for place in one.locators))
        yield "item", 2, f"Limitations stated: {kinds}  {{{places}}}"


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
        elif kind == "plain":
            out.append(f"\n**{text}**\n")
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
