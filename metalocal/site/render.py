"""Pages to a folder of Markdown, or of HTML that works without a network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from graph_builder.problems import ToldError
from metalocal.files import replacing_folder
from metalocal.site.documents import menu

HERE = Path(__file__).parent
MARKER = ".metalocal-site"
"""A file that tells that a folder was written here and may be replaced."""
LISTS = {
    "Studies": ("studies/index.md",),
    "Guidance": ("sources/index.md", "models/index.md"),
    "Terms": ("terms/index.md", "alphabetical/index.md", "attributes/index.md", "history/index.md"),
}
"""Parts of the menu to the pages below them; pages that are not there are left out."""


class SiteError(ToldError):
    """The site cannot be written; the message says why and how to mend it."""

    exit_code = 1


def require_renderer() -> None:
    """Nothing, where the renderer is installed.

    Raises:
        SiteError: the extra `site` is not installed.
    """
    if find_spec("material") is None or find_spec("mkdocs") is None:
        message = "the renderer of the site is not installed: pip install 'metalocal[site]'"
        raise SiteError(f"{message}, or give --pages-only for the pages in Markdown")


def write_pages(pages: dict[str, str], folder: Path) -> None:
    """Writes every page below `folder`, in place of what stood there.

    Raises:
        SiteError: the folder holds other things, or its disk takes two pages for one.
    """
    _may_replace(folder)
    with replacing_folder(folder) as beside:
        _write(pages, beside)
        (beside / MARKER).touch()


def write_html(pages: dict[str, str], folder: Path) -> None:
    """Writes the pages as HTML, in place of what stood there.

    Raises:
        SiteError: the renderer is missing or fails, or as in `write_pages`.
    """
    require_renderer()
    _may_replace(folder)
    with replacing_folder(folder) as beside:
        work = beside / "work"
        _write(pages, work / "docs")
        (work / "mkdocs.yml").write_text(json.dumps(_settings(pages)), encoding="utf-8")
        _render(work)
        _unpack(work, beside)
        (beside / MARKER).touch()


def _may_replace(folder: Path) -> None:
    if folder.is_file():
        raise SiteError(f"{folder} is a file; name a folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).is_file():
        raise SiteError(f"{folder} holds other things than a site; name a new or empty folder")


def _write(pages: dict[str, str], folder: Path) -> None:
    for page, markdown in pages.items():
        path = folder / page
        if path.exists():
            message = (
                f"the disk of {folder.parent} takes {page} for another page whose name differs"
            )
            raise SiteError(f"{message} in capitals alone; write to a disk that tells them apart")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(markdown, encoding="utf-8")


def _settings(pages: dict[str, str]) -> dict[str, Any]:
    """What the renderer is told, with the menu of the pages there are."""
    settings: dict[str, Any] = yaml.safe_load((HERE / "mkdocs.yml").read_text("utf-8"))
    named = {title: [page for page in wanted if page in pages] for title, wanted in LISTS.items()}
    parts: list[dict[str, Any]] = [{"Home": "index.md"}] if "index.md" in pages else []
    parts += [
        {title: listed} for title, listed in [*named.items(), ("Guide", menu(pages))] if listed
    ]
    return settings | {"nav": parts}


def _render(work: Path) -> None:
    """Runs the renderer on the pages of a folder; a link that leads nowhere is an error."""
    shutil.copytree(HERE / "assets", work / "docs" / "assets")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(work / "mkdocs.yml")]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    ran = subprocess.run(command, capture_output=True, text=True, env=quiet, check=False)  # noqa: S603  (our own command)
    if ran.returncode:
        told = "\n".join(line for line in ran.stderr.splitlines() if not line.startswith("INFO"))
        raise SiteError(f"the site cannot be rendered:\n{told.strip()}")


def _unpack(work: Path, folder: Path) -> None:
    """Moves what was rendered out of the work folder, and ends it."""
    for path in (work / "site").iterdir():
        path.replace(folder / path.name)
    shutil.rmtree(work)
