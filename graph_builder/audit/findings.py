"""What an audit gives: findings, each with its kind, the reports it concerns, and advice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rdflib import URIRef

from graph_builder.records import FactReport, Locator, Report
from graph_builder.vocabulary import thing

CONTRADICTORY, DOUBTFUL, NOTEWORTHY = "contradictory", "doubtful", "noteworthy"


@dataclass(frozen=True)
class Print:
    """One report of something: its individual in the graph, and the record it comes from."""

    node: URIRef
    report: Locator

    @property
    def value(self) -> str:
        """The value as printed; empty where none is."""
        return (self.report.value or "") if isinstance(self.report, FactReport | Report) else ""

    @property
    def with_interval(self) -> str:
        """The value with its interval, as printed; the value alone where none is."""
        report = self.report
        if not isinstance(report, Report) or not report.low:
            return self.value
        return f"{self.value} ({report.low} to {report.high})"

    @property
    def place(self) -> str:
        """Source and line, such as "ueno-2022 line 86"."""
        return f"{self.report.source} line {self.report.line}"


@dataclass(frozen=True)
class Finding:
    """Something printed that does not fit; `about` is unique among those of one kind and study."""

    kind: str
    severity: str
    study: str
    about: str
    text: str
    advice: str
    prints: tuple[Print, ...]

    @property
    def id(self) -> str:
        """The name by which people refer to it, such as "abcsg-28/ratio_against_arms/os-hr"."""
        return f"{self.study}/{self.kind}/{self.about}"

    @property
    def node(self) -> URIRef:
        """Its individual in the graph."""
        return thing("study", self.study, "finding", self.kind, self.about)


def told(prints: tuple[Print, ...], number: Callable[[Print], str] = lambda one: one.value) -> str:
    """Each number once, with the places that print it."""
    places: dict[str, list[str]] = {}
    for one in prints:
        shown = places.setdefault(number(one), [])
        if one.place not in shown:
            shown.append(one.place)
    return "; ".join(f"{value} ({', '.join(found)})" for value, found in places.items())
