"""Proves that every printed digit stands on its cited line of the source texts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph_builder.checks.across import all_locators
from graph_builder.checks.guidance import parts
from graph_builder.problems import Problem
from graph_builder.reading import Records
from graph_builder.records import FactReport, Identifier, Locator, Report, Study

_NUMBER = re.compile(r"\d+(?:[.,·]\d+)*")


@dataclass(frozen=True)
class Result:
    """What the check found: `checked` counts the numbers looked up in the texts."""

    problems: list[Problem]
    checked: int


def check_provenance(records: Records, folder: Path) -> Result:
    """Looks up each printed number on its cited line, or the line before or after.

    A text whose SHA-256 is not the one in data/sources is itself a problem, since line numbers
    are only true of that text.
    """
    texts, problems = source_texts(records, folder)
    checked = 0
    for locator in all_locators(records):
        if locator.source in texts and locator.line > len(texts[locator.source]):
            problems.append(_beyond(locator, len(texts[locator.source])))
    for locator, field, printed, line in printings(records):
        text = texts.get(locator.source)
        if text is None or locator.line > len(text):
            continue
        for number in _NUMBER.findall(printed):
            checked += 1
            if number not in _numbers(text, line):
                problems.append(_missing(locator, field, number, line))
    return Result(problems, checked)


def source_texts(records: Records, folder: Path) -> tuple[dict[str, list[str]], list[Problem]]:
    """Lines of the text of each source, and a problem for each that is missing or changed."""
    texts, problems = {}, []
    for source in records.sources:
        path = folder / f"{source.id}.txt"
        if not path.is_file():
            message = f"text of source {source.id} is not in {folder}"
            mend = f"put {source.id}.txt there"
            problems.append(Problem(source.place(), message, "source-text-missing", mend))
            continue
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != source.sha256:
            message = f"text of source {source.id} is not the one the line numbers refer to"
            mend = "use the text whose SHA-256 stands here"
            problems.append(Problem(source.place("sha256"), message, "source-text-changed", mend))
            continue
        texts[source.id] = data.decode("utf-8").removesuffix("\n").split("\n")
    return texts, problems


def printings(records: Records) -> Iterator[tuple[Locator, str, str, int]]:
    """Each printed text: its locator, field, text, and line where it should stand."""
    for study in records.studies:
        yield from _printed(study)
    for part in parts(records):
        for figure in part.figures:
            for locator in figure.reported:
                yield locator, "value", figure.value, locator.line


def _printed(study: Study) -> Iterator[tuple[Locator, str, str, int]]:
    for identifier in study.identifiers:
        yield from _identifier(identifier)
    for fact in study.facts:
        for printing in fact.reported:
            yield printing, "value", printing.value, printing.line
    for estimate in study.estimates:
        for report in estimate.reported:
            yield from _report(report)


def _identifier(identifier: Identifier) -> Iterator[tuple[Locator, str, str, int]]:
    for locator in identifier.reported:
        yield locator, "value", identifier.value, locator.line


def _report(report: Report | FactReport) -> Iterator[tuple[Locator, str, str, int]]:
    for field in ("value", "low", "high", "p", "level"):
        printed = getattr(report, field, None)
        if printed:
            elsewhere = report.level_line if isinstance(report, Report) else None
            line = elsewhere if field == "level" and elsewhere else report.line
            yield report, field, printed, line


def _numbers(text: list[str], line: int) -> set[str]:
    nearby = text[max(0, line - 2) : line + 1]
    return {number for row in nearby for number in _NUMBER.findall(row)}


def _beyond(locator: Locator, last: int) -> Problem:
    message = f"{locator.source} has no line {locator.line}; its last is {last}"
    return Problem(locator.place("line"), message, "line-beyond-end", "correct the line")


def _missing(locator: Locator, field: str, number: str, line: int) -> Problem:
    message = f"{number} does not stand on line {line} of {locator.source}"
    mend = "compare with the source: correct the number or the line"
    return Problem(locator.place(field), message, "not-on-cited-line", mend)
