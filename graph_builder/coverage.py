"""Proves that every number the source texts print is in the graph or on the reviewed list.

Numbers are compared line by line and as often as they are printed: a number that stands three
times on a line is entered three times there, or the list says how often it is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph_builder.checks.guidance import parts
from graph_builder.guidance import GuidanceStatement, ModelGroup
from graph_builder.problems import Problem
from graph_builder.provenance import printings, source_texts
from graph_builder.reading import Records
from graph_builder.records import Criterion, Estimate, Locator, Report, Source, Study

_NUMBER = re.compile(r"\d+(?:[.,·]\d+)*")

Places = Counter[tuple[str, int, str]]
"""How often a number stands at (source, line)."""


@dataclass(frozen=True)
class Coverage:
    """What the check found, over all bodies of the sources."""

    problems: list[Problem]
    printed: int
    entered: int
    left_out: int


def check_coverage(records: Records, folder: Path) -> Coverage:
    """Compares the numbers of each body with the graph and the list of what is not entered."""
    texts, problems = source_texts(records, folder)
    sources = [source for source in records.sources if source.id in texts]
    printed: Places = Counter()
    for source in sources:
        printed += _printed(source, texts[source.id], records)
    entered = _at_their_lines(_entered(records, _pattern(_names(records))), printed)
    listed: Places = Counter()
    for number in records.not_entered.numbers:
        listed[number.source, number.line, number.number] += number.times
    missing = printed - entered - listed
    problems += [_missing(place, missing[place], sources) for place in sorted(missing)]
    problems += _stale(records, printed, entered, listed)
    covered = (printed & entered).total()
    return Coverage(problems, printed.total(), covered, (printed & listed).total())


def _printed(source: Source, text: Sequence[str], records: Records) -> Places:
    marks = [source.citation_marks] if source.citation_marks else []
    dropped = _pattern([*marks, *_names(records)])
    found: Places = Counter()
    for number, row in enumerate(text[: source.body_ends], 1):
        bare = dropped.sub(" ", row)
        found.update((source.id, number, digits) for digits in _NUMBER.findall(bare))
    return found


def _names(records: Records) -> list[str]:
    return [name.pattern for name in records.not_entered.names]


def _pattern(patterns: Sequence[str]) -> re.Pattern[str]:
    """Matches what any of the patterns matches; nothing where there are none."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")


def _at_their_lines(entered: Places, printed: Places) -> Places:
    """What is cited one line off, as check provenance allows, is counted where it stands."""
    found: Places = Counter()
    for (source, line, number), times in entered.items():
        at = next((n for n in (line, line - 1, line + 1) if (source, n, number) in printed), line)
        found[source, at, number] += times
    return found


def _entered(records: Records, names: re.Pattern[str]) -> Places:
    """Numbers of printed values, and of our words without the names that hold digits."""
    found: Places = Counter()
    for locator, _, text, line in printings(records):
        found.update((locator.source, line, digits) for digits in _NUMBER.findall(text))
    for study in records.studies:
        for locator, text in _words_of(study):
            place = locator.source, locator.line
            found.update((*place, digits) for digits in _NUMBER.findall(names.sub(" ", text)))
    for part in parts(records):
        for locator in part.reported:
            for text in _words_of_part(part):
                place = locator.source, locator.line
                found.update((*place, digits) for digits in _NUMBER.findall(names.sub(" ", text)))
    for model in records.models:
        for locator in model.reported:
            for digits in _NUMBER.findall(names.sub(" ", f"{model.label} {model.text}")):
                found[locator.source, locator.line, digits] += 1
    return found


def _words_of(study: Study) -> Iterator[tuple[Locator, str]]:
    """Words of ours that hold printed numbers: time points, categories, criteria, statements."""
    for population in study.populations:
        limits = [text for criterion in population.criteria for text in _limits(criterion)]
        words = limits or [population.label]
        for locator in population.reported:
            yield from ((locator, text) for text in words)
    for estimate in study.estimates:
        for report in estimate.reported:
            yield from ((report, text) for text in _words_of_report(estimate, report))
    for statement in study.statements:
        yield from ((locator, statement.text) for locator in statement.reported)


def _words_of_report(estimate: Estimate, report: Report) -> Iterator[str]:
    if estimate.at:
        yield estimate.at
    if estimate.category:
        yield estimate.category
    if report.wording:
        yield report.wording


def _words_of_part(part: GuidanceStatement | ModelGroup) -> Iterator[str]:
    limits = [text for criterion in part.criteria for text in _limits(criterion)]
    yield from limits or [part.text]
    if isinstance(part, GuidanceStatement):
        yield from (text for text in (part.factor, part.line_of_therapy) if text)


def _limits(criterion: Criterion) -> Iterator[str]:
    parts_of = [*(criterion.any_of or []), *(criterion.all_of or [])]
    for part in [*parts_of, *([criterion.not_] if criterion.not_ else [])]:
        yield from _limits(part)
    for name in ("min", "max", "above", "below"):
        limit = getattr(criterion, name)
        if limit is not None:
            yield str(limit)


def _missing(place: tuple[str, int, str], times: int, sources: list[Source]) -> Problem:
    source, line, number = place
    record = next(one for one in sources if one.id == source)
    more = f", {times} times more than entered" if times > 1 else ""
    message = f"{number} on line {line} of {source} is not in the graph{more}"
    mend = "enter it, or list it in data/not_entered.yaml with the reason"
    return Problem(record.place(), message, "not-covered", mend)


def _stale(records: Records, printed: Places, entered: Places, listed: Places) -> Iterator[Problem]:
    """Entries of the list that leave out more than is printed there and not entered."""
    for number in records.not_entered.numbers:
        place = number.source, number.line, number.number
        if listed[place] > max(0, printed[place] - entered[place]):
            message = (
                f"{number.number} on line {number.line} of {number.source} is listed as not "
                f"entered {listed[place]} times, printed {printed[place]}, entered {entered[place]}"
            )
            mend = "take it off the list, or correct `times`"
            yield Problem(number.place("number"), message, "listed-but-covered", mend)
