"""`metalocal export site`: terms, studies, sources and models as pages to read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from metalocal.commands.common import open_graph
from metalocal.locations import locations


def site(
    folder: Annotated[Path, typer.Argument(help="Folder for the site: new, empty or a site.")],
    endpoint: Annotated[
        str | None, typer.Option("--endpoint", help="Read this SPARQL endpoint.")
    ] = None,
    *,
    pages_only: Annotated[
        bool, typer.Option("--pages-only", help="Write the pages in Markdown, not HTML.")
    ] = False,
) -> None:
    """Write the documentation site: one page for each term, study, source and decision model."""
    from metalocal.site.pages import site_pages  # noqa: PLC0415  (only this command)
    from metalocal.site.render import (  # noqa: PLC0415  (only this command)
        require_renderer,
        write_html,
        write_pages,
    )

    if not pages_only:
        require_renderer()
    pages = site_pages(open_graph(endpoint), locations().queries.parent)
    write = write_pages if pages_only else write_html
    write(pages, folder)
    typer.echo(f"wrote {folder}: {len(pages)} pages")
    if not pages_only:
        served = f"python3 -m http.server -b 127.0.0.1 -d {folder}"
        typer.echo(f"open {folder / 'index.html'}; to search as well, serve it: {served}")
