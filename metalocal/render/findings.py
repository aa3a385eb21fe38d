"""Audit findings as JSON and CSV, for programs and sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from metalocal.findings import Finding
from metalocal.render.sheets import rows_as_csv, versioned_json

SCHEMA_VERSION = "1"
CSV_COLUMNS = (
    "finding", "study", "kind", "severity", "text", "advice", "item", "printed", "source", "line",
    "at",
)  # fmt: skip


def as_json(found: Sequence[Finding]) -> str:
    """The findings as JSON, `schema_version` first; keys as in `Finding`."""
    return versioned_json(SCHEMA_VERSION, {"findings": [asdict(one) for one in found]})


def as_csv(found: Sequence[Finding]) -> str:
    """One row for each place that a finding concerns."""
    return rows_as_csv(CSV_COLUMNS, _rows(found))


def _rows(found: Sequence[Finding]) -> Iterator[tuple[object, ...]]:
    for one in found:
        head = (one.id, one.study_label, one.kind, one.severity, one.text, one.advice)
        for at in one.places:
            yield (*head, at.item, at.printed, at.source, at.line, at.at)
