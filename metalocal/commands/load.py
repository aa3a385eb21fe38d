"""`metalocal load`: the built graph to the store of any engine, by Graph Store Protocol."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from metalocal.commands.common import built_graph, errors
from metalocal.loading import (
    LoadError,
    Parcel,
    Store,
    check_default,
    check_named,
    load_default,
    load_named,
    parcels_of,
    query_address,
    reads_the_union,
    stale,
)


class Union(StrEnum):
    """What goes into the default graph: everything as well, or everything and only there."""

    ALSO = "also"
    ONLY = "only"


def load(
    to: Annotated[
        str, typer.Option("--to", help="Graph Store Protocol address, such as .../store.")
    ],
    query_url: Annotated[
        str, typer.Option(help="Where queries go, if it cannot be told from --to.")
    ] = "",
    union: Annotated[
        Union | None,
        typer.Option(help="Fill the default graph: also, beside the named graphs; or only."),
    ] = None,
    *,
    prune: Annotated[
        bool, typer.Option("--prune", help="Delete graphs of ours that this version lacks.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would be sent, and send nothing.")
    ] = False,
) -> None:
    """Load the graph into any engine, then count in it what came; again is safe.

    Only graphs below https://w3id.org/metalocal/id/graph/ are written. Credentials come from
    METALOCAL_USER and METALOCAL_PASSWORD, or METALOCAL_TOKEN.
    """
    parcels = parcels_of(built_graph())
    store = Store(to, _query_url(to, query_url, needed=not dry_run))
    if dry_run:
        _list(store, parcels, union)
        return
    if union is not Union.ONLY:
        _load_named(store, parcels, prune=prune)
    if union is Union.ALSO and reads_the_union(store):
        typer.echo("queries there read all named graphs already: the default graph stays as it is")
    elif union:
        load_default(store, parcels)
        check_default(store, parcels)
        typer.echo(f"default graph: {_size(parcels)}, counted there")


def _query_url(to: str, given: str, *, needed: bool) -> str:
    found = given or query_address(to)
    if needed and not found:
        message = f"{to}: where this store answers queries cannot be told from its address"
        raise LoadError(f"{message}; add --query-url URL, which is asked to count what came")
    return found or to


def _list(store: Store, parcels: Sequence[Parcel], union: Union | None) -> None:
    if union is not Union.ONLY:
        for parcel in parcels:
            typer.echo(f"PUT {store.address(parcel.name)}  {parcel.triples} triples")
    if union:
        typer.echo(f"PUT {store.address(None)}  {_size(parcels)}")
    typer.echo(f"{len(parcels)} named graphs, {_size(parcels)}; nothing was sent")


def _load_named(store: Store, parcels: Sequence[Parcel], *, prune: bool) -> None:
    with errors().status("loading") as status:
        load_named(store, parcels, lambda step: status.update(f"loading {step}"))
    check_named(store, parcels)
    typer.echo(f"{len(parcels)} named graphs: {_size(parcels)}, counted there")
    for name in stale(store, parcels):
        if prune:
            store.delete(name)
            typer.echo(f"deleted {name}, which this version lacks")
        else:
            typer.echo(f"left there from another version: {name}; --prune deletes it")


def _size(parcels: Sequence[Parcel]) -> str:
    return f"{sum(parcel.triples for parcel in parcels)} triples"
