"""Printed results to what each population found of each outcome, and which way it points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from metalocal.answers.directions import basis_of, strongest_direction
from metalocal.answers.rows import Row, place_of
from metalocal.evidence_map.records import NOT_ESTIMABLE, Comparison


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
            said=frozenset(_said(row) for row in printed),
            sources=frozenset(place_of(row) for row in printed),
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
            direction=_direction_of(finding for _, finding in told),
            populations=tuple(dict.fromkeys(label for label, _ in told)),
            sources=tuple(sorted({place for _, f in told for place in f.sources})),
        )
        for (outcome, contrast), told in sorted(by_what.items())
    )


def _direction_of(findings: Iterable[Finding]) -> str:
    """The direction that the strongest kind of report gives, by the rule of the answer."""
    said = (pair for finding in findings for pair in finding.said)
    return strongest_direction(said)[0] or NOT_ESTIMABLE


def _said(row: Row) -> tuple[str, str]:
    """What the direction of a report rests on, and the direction, empty where it has none."""
    low, p, value = (row.get(name, "") for name in ("low", "p", "value"))
    return basis_of(low, p, value), row.get("direction", "")
