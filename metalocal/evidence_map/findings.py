"""Printed results to what each population found of each outcome, and which way it points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from metalocal.attributes import local_name
from metalocal.evidence_map.records import (
    AGAINST,
    FAVOURS,
    MIXED,
    NO_DIFFERENCE,
    NOT_ESTIMABLE,
    Comparison,
)

Row = dict[str, str]

_BASES = ("ratio with interval", "p value", "number without interval", "words")


@dataclass(frozen=True)
class Finding:
    """One outcome of one population, between two treatments where `contrast` names them.

    `said` holds pairs of what a direction was drawn from and the direction, one for each report.
    """

    outcome: str
    family: str
    contrast: str
    said: frozenset[tuple[str, str]]
    sources: frozenset[str]

    @property
    def what(self) -> tuple[str, str]:
        """Outcome and contrast: what other populations of the study may tell of as well."""
        return self.outcome, self.contrast


def findings_of(
    rows: Sequence[Row], families: Mapping[str, str], answering: Collection[str]
) -> dict[str, tuple[Finding, ...]]:
    """The findings of each population with results.

    Args:
        rows: of the query evidence-map-results.
        families: the label of the family of each outcome.
        answering: estimates that compare a treatment asked about with doing without it.
    """
    reports: dict[tuple[str, str, frozenset[str]], list[Row]] = defaultdict(list)
    for row in rows:
        compared = row["estimate"] in answering
        arms = frozenset((row["arm"], row["versus"])) if compared else frozenset[str]()
        reports[row["population"], row["outcome"], arms].append(row)
    found: dict[str, list[Finding]] = defaultdict(list)
    for (population, outcome, arms), printed in reports.items():
        first = min(printed, key=lambda row: row.get("armLabel", ""))
        one = Finding(
            outcome=first["outcomeLabel"],
            family=families.get(outcome, ""),
            contrast=f"{first['armLabel']} versus {first['versusLabel']}" if arms else "",
            said=frozenset(
                (_basis(row), row["direction"]) for row in printed if "direction" in row
            ),
            sources=frozenset(_place(row) for row in printed),
        )
        found[population].append(one)
    return {population: tuple(all_) for population, all_ in found.items()}


def comparisons_of(findings: Mapping[str, Sequence[Finding]]) -> tuple[Comparison, ...]:
    """What a study found between treatments: one comparison for each outcome and contrast."""
    by_what: dict[tuple[str, str], list[tuple[str, Finding]]] = defaultdict(list)
    for label, told in findings.items():
        for finding in told:
            if finding.contrast:
                by_what[finding.what].append((label, finding))
    return tuple(
        Comparison(
            outcome=outcome,
            contrast=contrast,
            family=told[0][1].family,
            direction=direction_of({pair for _, finding in told for pair in finding.said}),
            populations=tuple(dict.fromkeys(label for label, _ in told)),
            sources=tuple(sorted({place for _, f in told for place in f.sources})),
        )
        for (outcome, contrast), told in sorted(by_what.items())
    )


def direction_of(said: set[tuple[str, str]]) -> str:
    """The direction that the strongest kind of report gives; mixed where reports of it disagree.

    A ratio with its interval goes before a p value, a p value before a number without either, and
    that before words.

    >>> direction_of({("p value", "no difference shown"), ("words", "favours intervention")})
    'no difference shown'
    """
    for basis in _BASES:
        told = {
            direction
            for kind, direction in said
            if kind == basis and direction in (FAVOURS, NO_DIFFERENCE, AGAINST)
        }
        if told:
            return told.pop() if len(told) == 1 else MIXED
    return NOT_ESTIMABLE


def _basis(row: Row) -> str:
    if "low" in row:
        return _BASES[0]
    if "p" in row:
        return _BASES[1]
    return _BASES[2] if "value" in row else _BASES[3]


def _place(row: Row) -> str:
    return f"{local_name(row['source'])}:{row['line']}"
