"""Text -> a file to keep, its name telling what it holds and of which graph."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence

from starlette.responses import Response

from metalocal.answers import NOTICE

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}


def download(text: str, name: str, version: str, form: str) -> Response:
    """A file `metalocal-<name>-<version of the graph>.<form>`."""
    file = "-".join(part for part in ("metalocal", name, version) if part)
    disposition = f'attachment; filename="{file}.{form}"'
    return Response(text, headers={"Content-Type": TYPES[form], "Content-Disposition": disposition})


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows below a line of column names."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def as_json(version: str, told: Mapping[str, object]) -> str:
    """A document with `schema_version` first and the notice second."""
    document = {"schema_version": version, "notice": NOTICE, **told}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
