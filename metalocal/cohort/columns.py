"""The header of a cohort's table to columns, each an attribute or a part of what is told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from graph_builder.attributes import Attribute, Kind
from graph_builder.problems import Place, Problem, ProblemsFoundError, closest
from metalocal.cohort.records import BECAUSE, PATIENT

PARTS = ("absent", "only", "complete")
"""Endings of the columns that accompany the column of a set."""


@dataclass(frozen=True)
class Column:
    """A column: `part` is value, present, absent, only, complete, patient or rejected_because.

    `key` is the attribute it tells of, empty for the last two; `number` counts from 1.
    """

    name: str
    key: str
    part: str
    number: int = 0


def columns_of(
    names: Sequence[str], attributes: Mapping[str, Attribute], place: Place
) -> tuple[Column, ...]:
    """The columns of a header, in order.

    Raises:
        ProblemsFoundError: columns that are not known, have no name or stand twice: all of them.
    """
    known = known_columns(attributes)
    columns, problems = [], []
    for number, name in enumerate(names, start=1):
        where = Place(place.file, place.line, number)
        first = names.index(name) + 1
        if not name:
            message, mend = f"column {number} has no name", "name it, or delete it"
            problems.append(Problem(where, message, "unnamed-column", mend))
        elif first < number:
            message = f"column {name} stands twice (first as column {first})"
            problems.append(Problem(where, message, "duplicate-column", "keep one of the two"))
        elif name not in known:
            message = f"column {_shown(name)} is not known"
            problems.append(Problem(where, message, "unknown-column", _mend(name, known)))
        else:
            columns.append(replace(known[name], number=number))
    if problems:
        raise ProblemsFoundError(problems)
    return tuple(columns)


def known_columns(attributes: Mapping[str, Attribute]) -> dict[str, Column]:
    """Every column a cohort's table may have, by name."""
    found = {name: Column(name, "", name) for name in (PATIENT, BECAUSE)}
    for key, attribute in attributes.items():
        if attribute.kind is not Kind.SET:
            found[key] = Column(key, key, "value")
            continue
        found[key] = Column(key, key, "present")
        for part in PARTS:
            found.setdefault(f"{key}_{part}", Column(f"{key}_{part}", key, part))
    return found


def _mend(name: str, known: Mapping[str, Column]) -> str:
    if "\t" in name:
        return "separate the columns with commas or semicolons, not tabulators"
    return f"{closest(name, known)}, or delete the column"


def _shown(name: str) -> str:
    return repr(name) if not name.isprintable() else name
