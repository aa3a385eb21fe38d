"""Rules across files: sources exist, no study is entered twice."""

from __future__ import annotations

from collections.abc import Iterator

from graph_builder.checks import guidance
from graph_builder.problems import Problem, closest
from graph_builder.reading import Records
from graph_builder.records import Locator


def problems(records: Records) -> list[Problem]:
    """Unknown sources, and identifiers that two studies share."""
    return [*unknown_sources(records), *shared_identifiers(records)]


def unknown_sources(records: Records) -> list[Problem]:
    """Citations of what is no source."""
    known = {source.id for source in records.sources}
    found = []
    for locator in all_locators(records):
        if locator.source not in known:
            message = f"source {locator.source} is not in data/sources"
            mend = closest(locator.source, known)
            found.append(Problem(locator.place("source"), message, "unknown-source", mend))
    return found


def all_locators(records: Records) -> Iterator[Locator]:
    """Every place in a source that any file cites."""
    for study in records.studies:
        yield from study.locators()
    for stated in records.guidance:
        yield from guidance.locators(stated)
    for model in records.models:
        yield from guidance.locators(model)


def shared_identifiers(records: Records) -> Iterator[Problem]:
    """Identifiers that another study has already."""
    owner: dict[tuple[str, str], str] = {}
    for study in records.studies:
        for identifier in study.identifiers:
            key = (identifier.kind, identifier.value.casefold())
            first = owner.setdefault(key, study.id)
            if first != study.id:
                message = f"{identifier.kind} {identifier.value} already belongs to study {first}"
                mend = "merge the two files, or correct the identifier"
                yield Problem(identifier.place("value"), message, "shared-identifier", mend)
