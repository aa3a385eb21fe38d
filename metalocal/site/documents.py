"""Documents and their pictures to pages of the site: where they go, and links that lead there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from pathlib import Path

from metalocal.site.content import NOTICE

GUIDE = "guide"
DECISIONS = f"{GUIDE}/decisions/"
CHANGES = "changes/index.md"
ORDER = (
    "answer", "answer-formats", "certainty", "next-facts", "derived-facts", "audits", "pooling",
    "plots", "evidence-map", "cohort", "ontology", "life-of-a-term", "terms", "mappings", "protege",
    "exports", "release-checks", "publishing", "curation", "house",
)  # fmt: skip
"""Documents in the order in which the menu names them; others follow by name."""
_LINK = re.compile(r"\[([^\]\n]*)\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^(```|~~~)")


def pages_of(folder: Path, made: Collection[str]) -> dict[str, str]:
    """Page path to Markdown for every document of a folder, the changelog beside it included.

    `index.md` is the first page; the others go to `guide/`. A link to a document or to a page
    that is made leads there; one to any other file of the repository becomes words. Pictures in
    SVG go along.
    """
    documents = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.md")}
    places = {name: _place(name) for name in sorted(documents)}
    changes = folder.parent / "CHANGELOG.md"
    if changes.is_file():
        documents["../CHANGELOG.md"], places["../CHANGELOG.md"] = changes, CHANGES
    pictures = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.svg")}
    drawn = {name: f"{GUIDE}/{name}" for name in sorted(pictures)}
    known = {**{page: page for page in made}, **places, **drawn}
    return {place: pictures[name].read_text("utf-8") for name, place in drawn.items()} | {
        page: _relinked(documents[name].read_text("utf-8"), name, page, known)
        for name, page in places.items()
    }


def _place(name: str) -> str:
    if name == "index.md":
        return name
    return f"{GUIDE}/{name.removesuffix('.md')}/index.md"


def _relinked(markdown: str, name: str, page: str, known: dict[str, str]) -> str:
    """The document as it stands at its new place, with the notice at its end."""

    def led(found: re.Match[str]) -> str:
        label, target = found.groups()
        if re.match(r"[a-z]+:|#", target):
            return found.group()
        path, mark, anchor = target.partition("#")
        wanted = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        if wanted not in known:
            file = wanted.removeprefix("../")
            return label if label.strip("`") in (file, Path(file).name) else f"{label} (`{file}`)"
        relative = posixpath.relpath(known[wanted], posixpath.dirname(page) or ".")
        return f"[{label}]({relative}{mark}{anchor})"

    lines, fenced = [], False
    for line in markdown.splitlines():
        fenced ^= bool(_FENCE.match(line))
        lines.append(line if fenced else _LINK.sub(led, line))
    text = "\n".join(lines).rstrip()
    return f"{text}\n" if NOTICE in text else f"{text}\n\n{NOTICE}\n"


def menu(pages: Collection[str]) -> list[str | dict[str, list[str]]]:
    """Pages of the guide in the order of the menu, the decisions together at its end."""
    guide = (page for page in pages if page.startswith(f"{GUIDE}/") and page.endswith(".md"))
    guides = sorted(guide, key=_rank)
    decisions = [page for page in guides if page.startswith(DECISIONS)]
    others = [page for page in guides if page not in decisions]
    changes = [page for page in (CHANGES,) if page in pages]
    return [*others, *changes, *([{"Decisions": decisions}] if decisions else [])]


def _rank(page: str) -> tuple[int, str]:
    name = page.split("/")[1]
    return (ORDER.index(name) if name in ORDER else len(ORDER), page)
