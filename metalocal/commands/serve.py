"""`metalocal serve`: the built graph as a read-only SPARQL endpoint."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from metalocal.commands.common import built_graph
from metalocal.graph import GraphError
from metalocal.locations import locations


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    seconds: Annotated[
        float, typer.Option(help="Longest time a query may take.", min=0.1, max=3600)
    ] = 20.0,
    workers: Annotated[int, typer.Option(help="Queries run at once.", min=1, max=64)] = 2,
) -> None:
    """Serve SPARQL 1.1 at /sparql, read-only and bounded in time and size; Ctrl-C ends it."""
    from metalocal.endpoint import Limits, Sources  # noqa: PLC0415  (the web stack)
    from metalocal.endpoint import serve as serve_graph  # noqa: PLC0415  (the web stack)

    graph_file = built_graph()
    _refuse_taken(host, port)
    address = f"[{host}]" if ":" in host else host
    typer.echo(f"SPARQL endpoint: http://{address}:{port}/sparql  (Ctrl-C ends it)")
    limits = Limits(seconds=seconds, workers=workers)
    serve_graph(Sources(graph_file, locations().queries), host=host, port=port, limits=limits)


def _refuse_taken(host: str, port: int) -> None:
    """Tells that an address cannot be listened on before anything is announced."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = f"cannot listen on {host} port {port}: {error.strerror}"
            raise GraphError(f"{message}; choose another with --port") from error
