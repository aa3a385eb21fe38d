"""Text -> a file to keep, its name telling what it holds and of which graph."""

from __future__ import annotations

from starlette.responses import Response

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
