"""Rows of the queries about results and facts -> items, each with all its printings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from metalocal.answers.rows import Row, grouped
from metalocal.attributes import local_name
from metalocal.pages.addresses import Link, path_of


@dataclass(frozen=True)
class Printed:
    """One printing of a number or of words, at a line of a source.

    `iri` is that of the report. `value`, `low`, `high`, `level` (percent) and `p` are the printed
    digits, "" where there are none; `number`, `lowest` and `highest` are numbers. `direction` is
    what the rule `rule` drew, `because` why; `stated` is the direction the authors tell.
    """

    iri: str
    source: str
    line: int
    place: str
    value: str = ""
    low: str = ""
    high: str = ""
    level: str = ""
    p: str = ""
    words: str = ""
    unit: str = ""
    note: str = ""
    number: float | None = None
    lowest: float | None = None
    highest: float | None = None
    direction: str = ""
    because: str = ""
    rule: str = ""
    stated: str = ""

    @property
    def text(self) -> str:
        """What is printed, in a line; words where no number is."""
        unit = "%" if self.unit == "percent" else f" {self.unit}" * bool(self.unit)
        number = f"{self.value}{unit}" if self.value else ""
        level = f"{self.level}% CI " if self.level else ""
        interval = f"({level}{self.low} to {self.high})" if self.low else ""
        p = f"p {self.p}" if self.p else ""
        told = ", ".join(part for part in (f"{number} {interval}".strip(), p) if part)
        return told or self.words

    @property
    def link(self) -> Link:
        """What is printed, leading to the page of the report."""
        return Link(self.text or "described", path_of(self.iri) or "", self.iri)

    @property
    def at(self) -> str:
        """Source and line, such as "ueno-2022:85"."""
        return f"{self.source}:{self.line}"


@dataclass(frozen=True)
class Item:
    """A result or a fact of a study with its printings.

    `name` is the measure or property, `about` whom it is told of; `differs` names what conflicting
    printings differ in: "value", "p value" or both.
    """

    iri: str
    study: str
    name: str
    about: str
    note: str
    differs: tuple[str, ...]
    printings: tuple[Printed, ...]

    @property
    def link(self) -> Link:
        """The name, leading to the item's own page."""
        return Link(self.name, path_of(self.iri) or "", self.iri)


@dataclass(frozen=True)
class Measured(Item):
    """An estimate: `outcome` is an outcome or, where `is_outcome` is not, a characteristic."""

    outcome: str
    outcome_label: str
    is_outcome: bool
    population: str
    population_label: str
    is_ratio: bool
    adjusted: bool


@dataclass(frozen=True)
class Told(Item):
    """A fact of a study; `property` is a study property."""

    property: str


def measured_of(rows: Iterable[Row], differs: Mapping[str, tuple[str, ...]]) -> list[Measured]:
    """The estimates in rows of the query estimates; `differs` is by item."""
    return [
        _measured(found, differs.get(iri, ())) for iri, found in grouped(rows, "estimate").items()
    ]


def told_of(rows: Iterable[Row], differs: Mapping[str, tuple[str, ...]]) -> list[Told]:
    """The facts in rows of the query of facts; `differs` is by item."""
    return [_told(found, differs.get(iri, ())) for iri, found in grouped(rows, "fact").items()]


def _measured(rows: list[Row], differs: tuple[str, ...]) -> Measured:
    row = rows[0]
    measure = row["measureLabel"]
    return Measured(
        iri=row["estimate"],
        study=row["study"],
        name=_name(row),
        about=_sides(row),
        note=row.get("note", ""),
        differs=differs,
        printings=tuple(map(printed, rows)),
        outcome=row["outcome"],
        outcome_label=row["outcomeLabel"],
        is_outcome=row["kind"] == "outcome",
        population=row["population"],
        population_label=row["populationLabel"],
        is_ratio=measure.endswith(" ratio"),
        adjusted=row.get("adjusted", "") == "true",
    )


def _name(row: Row) -> str:
    """Measure with category and time, such as "rate at 5 years"."""
    plural = "" if row.get("timeValue") == "1" else "s"
    time = f" at {row['timeValue']} {row['timeUnit']}{plural}" if "timeValue" in row else ""
    category = f"{row['category']}: " if "category" in row else ""
    adjusted = ", adjusted" if row.get("adjusted", "") == "true" else ""
    measure = {"statement only": "in words", "p value only": "p value"}.get(
        row["measureLabel"], row["measureLabel"]
    )
    return f"{category}{measure}{time}{adjusted}"


def _sides(row: Row) -> str:
    """The arms or groups that are compared, or the one that is told of."""
    if "acrossLabel" in row:
        return f"across {row['acrossLabel']}"
    if "armLabel" not in row:
        return ""
    if "versusLabel" in row:
        return f"{row['armLabel']} versus {row['versusLabel']}"
    unstated = row.get("referenceStated", "true") == "false"
    return row["armLabel"] + " versus a group not stated" * unstated


def _told(rows: list[Row], differs: tuple[str, ...]) -> Told:
    row = rows[0]
    about = (row.get("armLabel", ""), row.get("populationLabel", ""))
    return Told(
        iri=row["fact"],
        study=row["study"],
        name=row["propertyLabel"],
        about=", ".join(part for part in about if part),
        note=row.get("note", ""),
        differs=differs,
        printings=tuple(map(printed, rows)),
        property=local_name(row["property"]),
    )


def printed(row: Row) -> Printed:
    """The printing in a row."""
    numbers = [float(row[name]) if name in row else None for name in _NUMBERS]
    return Printed(
        iri=row["report"],
        source=local_name(row["source"]),
        line=int(row["line"]),
        place=row.get("place", ""),
        value=row.get("value", ""),
        low=row.get("low", ""),
        high=row.get("high", ""),
        level=row.get("level", ""),
        p=row.get("p", ""),
        words=row.get("wording", ""),
        unit=row.get("unit", ""),
        note=row.get("reportNote", ""),
        number=numbers[0],
        lowest=numbers[1],
        highest=numbers[2],
        direction=row.get("direction", ""),
        because=row.get("because", ""),
        rule=row.get("rule", ""),
        stated=row.get("stated", ""),
    )


_NUMBERS = ("number", "lowNumber", "highNumber")
