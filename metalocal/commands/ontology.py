"""`metalocal ontology`: edits made in Protégé, the list of terms, what a release changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graph_builder.problems import ToldError
from metalocal.commands.common import read_text
from metalocal.files import replacing
from metalocal.locations import locations

if TYPE_CHECKING:
    from graph_builder.term_changes import Release

ontology = typer.Typer(help="Edit, lock and compare the ontology.", no_args_is_help=True)
Check = Annotated[
    bool, typer.Option("--check", help="Write nothing; exit code 1 if there is a difference.")
]


@ontology.command()
def adopt(
    saved: Annotated[Path, typer.Argument(help="The module as Protégé saved it: .ttl or .owl.")],
    into: Annotated[Path, typer.Option("--into", help="The module, such as ontology/core.ttl.")],
    *,
    check: Check = False,
) -> None:
    """Take an edit made in Protégé into a module; all that did not change stays to the byte."""
    from graph_builder.turtle.adoption import (  # noqa: PLC0415  (slow to import)
        adopt,
        declared,
        read_saved,
    )
    from graph_builder.turtle.reading import read_turtle  # noqa: PLC0415  (slow to import)

    module = read_turtle(str(into), read_text(str(into)))
    others = (p for p in sorted(into.parent.glob("*.ttl")) if p.resolve() != into.resolve())
    beside = declared(a for p in others for a in read_saved(str(p), read_text(str(p))))
    found = adopt(module, str(saved), read_saved(str(saved), read_text(str(saved))), beside)
    for change in found.changes:
        typer.echo(str(change))
    counts = ", ".join(
        f"{sum(change.kind == kind for change in found.changes)} {kind}"
        for kind in ("added", "changed", "removed")
    )
    typer.echo(counts if found.changes else f"{into}: no difference")
    gone = [c.subject for c in found.changes if c.kind == "removed"]
    if any(subject.startswith("ml:") for subject in gone):
        typer.echo("a term is never deleted once released: see docs/life-of-a-term.md")
    _write(into, found.text, is_new=bool(found.changes), check=check)


@ontology.command()
def lock(*, check: Check = False) -> None:
    """Bring ontology/terms.tsv up to date: each term of ours with the version it came with."""
    from graph_builder.term_lock import (  # noqa: PLC0415  (slow to import)
        LOCK,
        lock_text,
        locked,
        read_lock,
        terms_in,
    )
    from graph_builder.terms import read_ontology  # noqa: PLC0415  (slow to import)

    folder = _checkout()
    path = folder / Path(LOCK).name
    before = read_text(str(path)) if path.is_file() else ""
    known = read_lock(before) if before else {}
    found = locked(known, terms_in(read_ontology(folder)))
    for line in found.news:
        typer.echo(line)
    text = lock_text(found.terms)
    typer.echo(f"{LOCK}: {len(found.terms)} terms, {len(found.news)} changes")
    _write(path, text, is_new=text != before, check=check)


@ontology.command()
def changes(
    old: Annotated[Path, typer.Argument(help="A release: .ttl, .owl, or a folder of modules.")],
    new: Annotated[
        Path | None, typer.Argument(help="Another; without it, the ontology as it is.")
    ] = None,
) -> None:
    """Tell in Markdown what became of the terms between two releases."""
    from graph_builder.term_changes import changes  # noqa: PLC0415  (slow to import)

    typer.echo(changes(_release(old), _release(new or locations().ontology)), nl=False)


def _write(path: Path, text: str, *, is_new: bool, check: bool) -> None:
    if check:
        raise typer.Exit(1 if is_new else 0)
    if is_new:
        with replacing(path) as beside:
            beside.write_bytes(text.encode("utf-8"))


def _checkout() -> Path:
    """The folder of the ontology, where it may be edited."""
    here = locations()
    if not here.checkout:
        raise ToldError("the list of terms is kept in a checkout; run this command in one")
    return here.ontology


def _release(path: Path) -> Release:
    """A release read from one file, or from the modules of a folder."""
    from graph_builder.term_changes import release_of  # noqa: PLC0415  (slow to import)
    from graph_builder.terms import MODULES  # noqa: PLC0415  (slow to import)
    from graph_builder.turtle.adoption import read_saved  # noqa: PLC0415  (slow to import)

    files = [path / f"{name}.ttl" for name in MODULES] if path.is_dir() else [path]
    return release_of(a for file in files for a in read_saved(str(file), read_text(str(file))))
