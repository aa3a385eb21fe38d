"""Rows as CSV, and a document as JSON that says its version and the notice first."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence

from metalocal.answers import NOTICE


def rows_as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows below a line of column names."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def versioned_json(version: str, told: Mapping[str, object]) -> str:
    """A document with `schema_version` first and the notice second."""
    document = {"schema_version": version, "notice": NOTICE, **told}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
