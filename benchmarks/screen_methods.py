"""The ways to hold all patients of a cohort against all groups that benchmarks/cohort.py compares.

Each way is prepared once, of completed profiles, and gives how many verdicts are included,
indeterminate and excluded, over all patients and groups.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from metalocal.answers import Library
from metalocal.answers.clauses import Alternative, Clause
from metalocal.answers.rows import verdicts_of
from metalocal.cohort.bits import BlockReader
from metalocal.cohort.counting import counted, nobody, standings
from metalocal.cohort.groups import Groups
from metalocal.cohort.limits import limits_of
from metalocal.cohort.screening import BLOCK
from metalocal.profiles import Profile
from metalocal.worlds import Worlds, worlds_of

Totals = tuple[int, int, int]
"""Verdicts that are included, indeterminate and excluded."""
MET, OPEN, UNMET = 2, 1, 0


@dataclass(frozen=True)
class Cohort:
    """Completed profiles and what they are held against."""

    profiles: Sequence[Profile]
    found: Groups
    library: Library


Prepared = Callable[[], Totals]
"""Judges all patients, from what has been prepared."""


def bits(cohort: Cohort) -> Prepared:
    """`metalocal screen`: patients as bits of integers, each distinct criterion judged once."""
    reader = BlockReader(
        cohort.library.attributes, cohort.library.rules, limits_of(cohort.found.clauses)
    )
    starts = range(0, len(cohort.profiles), BLOCK)
    blocks: list[Worlds] = [
        reader.seen_by_limits(worlds_of(cohort.profiles[start : start + BLOCK])) for start in starts
    ]

    def judged() -> Totals:
        total = nobody(cohort.found.groups)
        for worlds in blocks:
            total += counted(worlds, list(standings(cohort.found, worlds)))
        included, excluded = total.groups.sum(axis=0).tolist()
        return _totals(included, excluded, total.patients * len(cohort.found.groups))

    return judged


@dataclass(frozen=True)
class _Coded:
    """Profiles as columns: a value 2 where it holds, 0 where not, 1 unknown; numbers as floats."""

    values: dict[str, NDArray[np.uint8]]
    numbers: dict[str, NDArray[np.float64]]


def _coded(cohort: Cohort) -> _Coded:
    size = len(cohort.profiles)
    values: dict[str, NDArray[np.uint8]] = {}
    numbers: dict[str, NDArray[np.float64]] = {}
    for row, profile in enumerate(cohort.profiles):
        for value, holds in profile.facts.items():
            if value not in values:
                values[value] = np.full(size, OPEN, dtype=np.uint8)
            values[value][row] = MET if holds else UNMET
        for key, number in profile.numbers.items():
            if key not in numbers:
                numbers[key] = np.full(size, np.nan)
            numbers[key][row] = float(number)
    return _Coded(values, numbers)


Lowest = Mapping[str, Decimal]
_SIDES = {"atLeast": operator.ge, "atMost": operator.le, "above": operator.gt, "below": operator.lt}


def _clause_status(coded: _Coded, clause: Clause, lowest: Lowest, size: int) -> NDArray[np.uint8]:
    """Of every patient: met, open or unmet; a clause is as the best of its alternatives."""
    status = np.zeros(size, dtype=np.uint8)
    for alternative in clause:
        np.maximum(status, _alternative_status(coded, alternative, lowest), out=status)
    return status


def _alternative_status(coded: _Coded, alternative: Alternative, lowest: Lowest) -> Any:
    how, asked, limit = alternative
    if limit is None:
        column = coded.values.get(asked)
        if column is None:
            return np.uint8(OPEN)
        return column if how == "accepts" else MET - column
    if _met_by_all(alternative, lowest):
        return np.uint8(MET)
    numbers = coded.numbers.get(asked)
    if numbers is None:
        return np.uint8(OPEN)
    met = _SIDES[how](numbers, float(limit)).astype(np.uint8) * np.uint8(MET)
    return np.where(np.isnan(numbers), np.uint8(OPEN), met)


def _met_by_all(alternative: Alternative, lowest: Lowest) -> bool:
    how, asked, limit = alternative
    return how == "atLeast" and limit is not None and asked in lowest and limit <= lowest[asked]


def _clauses_of_groups(cohort: Cohort) -> tuple[list[Clause], list[list[int]]]:
    """The distinct clauses, and for each group which of them it asks for."""
    of_criterion = cohort.found.clauses.of_group
    number_of: dict[Clause, int] = {}
    groups = [
        sorted(
            {
                number_of.setdefault(clause, len(number_of))
                for criterion in group.criteria
                for clause in of_criterion[criterion.asks]
            }
        )
        for group in cohort.found.groups
    ]
    return list(number_of), groups


def dense(cohort: Cohort) -> Prepared:
    """numpy: a status of one byte for each distinct clause and patient, groups as their minimum."""
    coded, size = _coded(cohort), len(cohort.profiles)
    clauses, groups = _clauses_of_groups(cohort)
    lowest = cohort.found.clauses.at_least

    def judged() -> Totals:
        status = [_clause_status(coded, clause, lowest, size) for clause in clauses]
        worst = np.empty(size, dtype=np.uint8)
        included = excluded = 0
        for first, *others in groups:
            np.copyto(worst, status[first])
            for other in others:
                np.minimum(worst, status[other], out=worst)
            included += int(np.count_nonzero(worst == MET))
            excluded += int(np.count_nonzero(worst == UNMET))
        return _totals(included, excluded, size * len(groups))

    return judged


def polars_expressions(cohort: Cohort) -> Prepared:
    """polars: a column for each distinct clause, then the minimum of those of each group."""
    coded, size = _coded(cohort), len(cohort.profiles)
    clauses, groups = _clauses_of_groups(cohort)
    lowest = cohort.found.clauses.at_least
    numbers = {key: pl.Series(column).fill_nan(None) for key, column in coded.numbers.items()}
    frame = pl.DataFrame({**coded.values, **numbers})

    def alternative(one: Alternative) -> pl.Expr:
        how, asked, limit = one
        if _met_by_all(one, lowest):
            return pl.lit(MET, dtype=pl.UInt8)
        if asked not in frame.columns:
            return pl.lit(OPEN, dtype=pl.UInt8)
        if limit is None:
            return (
                pl.col(asked) if how == "accepts" else pl.lit(MET, dtype=pl.UInt8) - pl.col(asked)
            )
        met = _SIDES[how](pl.col(asked), float(limit)).cast(pl.UInt8) * MET
        return met.fill_null(OPEN).cast(pl.UInt8)

    status = [
        pl.max_horizontal(list(map(alternative, clause))).alias(f"c{number}")
        for number, clause in enumerate(clauses)
    ]
    worst = [
        pl.min_horizontal([pl.col(f"c{number}") for number in asked]).alias(f"g{place}")
        for place, asked in enumerate(groups)
    ]

    def judged() -> Totals:
        verdicts = frame.select(status).select(worst)
        included = verdicts.select((pl.all() == MET).sum()).sum_horizontal().item()
        excluded = verdicts.select((pl.all() == UNMET).sum()).sum_horizontal().item()
        return _totals(included, excluded, size * len(groups))

    return judged


_DUCKDB = """
WITH statuses AS (
  SELECT patient, clause, max(met) AS met, count(*) AS closed FROM (
    SELECT patient, clause, (holds = accepts)::int AS met
    FROM facts JOIN by_value USING (value) WHERE patient >= $1 AND patient < $2
    UNION ALL
    SELECT patient, clause, (CASE how WHEN 'atLeast' THEN number >= bound
      WHEN 'atMost' THEN number <= bound WHEN 'above' THEN number > bound
      ELSE number < bound END)::int AS met
    FROM numbers JOIN by_limit USING (value) WHERE patient >= $1 AND patient < $2
  ) GROUP BY patient, clause
), closed AS (
  SELECT patient, clause, met FROM statuses JOIN clauses USING (clause)
  WHERE met = 1 OR closed = alternatives
), stands AS (
  SELECT patient, kind, count(*) AS closed, min(met) AS met
  FROM closed JOIN asked USING (clause) GROUP BY patient, kind
)
SELECT count(*) FILTER (WHERE met = 1 AND closed = asks), count(*) FILTER (WHERE met = 0)
FROM stands JOIN kinds USING (kind)
"""
_PATIENTS_AT_A_TIME = 5_000


def duckdb_joins(cohort: Cohort) -> Prepared:
    """DuckDB: what is told joined with what clauses ask, grouped by clause and then by group.

    Clauses that every patient meets are left out of the tables; groups of them alone are counted.
    """
    clauses, groups = _clauses_of_groups(cohort)
    lowest, size = cohort.found.clauses.at_least, len(cohort.profiles)
    free = {
        n for n, clause in enumerate(clauses) if any(_met_by_all(one, lowest) for one in clause)
    }
    asked = [[number for number in one if number not in free] for one in groups]
    open_to_all = sum(not one for one in asked)
    link = duckdb.connect()
    codes: dict[str, int] = {}

    def code(word: str) -> int:
        return codes.setdefault(word, len(codes))

    _load_told(link, cohort.profiles, code)
    _load_asked(link, clauses, asked, code)

    def judged() -> Totals:
        included, excluded = open_to_all * size, 0
        for start in range(0, size, _PATIENTS_AT_A_TIME):
            found = link.execute(_DUCKDB, [start, start + _PATIENTS_AT_A_TIME]).fetchone()
            assert found is not None
            included, excluded = included + found[0], excluded + found[1]
        return _totals(included, excluded, size * len(groups))

    return judged


def _load_told(
    link: duckdb.DuckDBPyConnection, profiles: Sequence[Profile], code: Callable[[str], int]
) -> None:
    facts = {
        "patient": [n for n, one in enumerate(profiles) for _ in one.facts],
        "value": [code(value) for one in profiles for value in one.facts],
        "holds": [holds for one in profiles for holds in one.facts.values()],
    }
    numbers = {
        "patient": [n for n, one in enumerate(profiles) for _ in one.numbers],
        "value": [code(key) for one in profiles for key in one.numbers],
        "number": [float(number) for one in profiles for number in one.numbers.values()],
    }
    _load(link, "facts", pl.DataFrame(facts))
    _load(link, "numbers", pl.DataFrame(numbers))


def _load_asked(
    link: duckdb.DuckDBPyConnection, clauses: Sequence[Clause], groups: Sequence[Sequence[int]],
    code: Callable[[str], int],
) -> None:  # fmt: skip
    values, limits = [], []
    for number, clause in enumerate(clauses):
        for how, asked, limit in clause:
            if limit is None:
                values.append((number, code(asked), how == "accepts"))
            else:
                limits.append((number, code(asked), how, float(limit)))
    of_group = [(kind, clause) for kind, one in enumerate(groups) for clause in one]
    tables: dict[str, tuple[Sequence[tuple[Any, ...]], list[str]]] = {
        "by_value": (values, ["clause", "value", "accepts"]),
        "by_limit": (limits, ["clause", "value", "how", "bound"]),
        "clauses": ([(n, len(one)) for n, one in enumerate(clauses)], ["clause", "alternatives"]),
        "asked": (of_group, ["kind", "clause"]),
        "kinds": ([(kind, len(one)) for kind, one in enumerate(groups)], ["kind", "asks"]),
    }
    for name, (rows, columns) in tables.items():
        _load(link, name, pl.DataFrame(rows, schema=columns, orient="row"))


def _load(link: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    link.register("given", frame.to_arrow())
    link.execute(f"CREATE TABLE {name} AS SELECT * FROM given")  # noqa: S608  (a name of ours)
    link.unregister("given")


def sparql(cohort: Cohort) -> Prepared:
    """The query verdicts, a patient at a time, as `metalocal ask` asks it."""

    def judged() -> Totals:
        words: Counter[str] = Counter()
        for profile in cohort.profiles:
            words.update(verdicts_of(cohort.library.rows, profile).values())
        return words["included"], words["indeterminate"], words["excluded"]

    return judged


def _totals(included: int, excluded: int, verdicts: int) -> Totals:
    return included, verdicts - included - excluded, excluded
