"""The command line: `metalocal ask`, build, query, serve, export, check, ontology."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from graph_builder.problems import ProblemsFoundError, ToldError
from metalocal.commands.audit import audit
from metalocal.commands.build import build
from metalocal.commands.check import check
from metalocal.commands.export import export
from metalocal.commands.load import load
from metalocal.commands.map import map_command
from metalocal.commands.ontology import ontology
from metalocal.commands.overlap import overlap
from metalocal.commands.pool import pool
from metalocal.commands.query import query
from metalocal.commands.serve import serve
from metalocal.locations import version

FAILED = 1


def create_app(arguments: Sequence[str]) -> typer.Typer:
    """The commands; the flags of `ask` come from the graph, so they are made only when asked."""
    app = typer.Typer(
        name="metalocal",
        help="Evidence on local therapy in metastatic breast cancer, each number with its "
        "source, line and place. It informs; it does not advise.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    if "ask" in arguments:
        from metalocal.commands.ask import ask_command  # noqa: PLC0415  (needs the built graph)

        app.command(name="ask")(ask_command())
    else:
        app.command(name="ask")(_ask)
    for command in (query, serve, build, audit, pool, overlap, load):
        app.command()(command)
    app.command(name="map")(map_command)
    app.add_typer(export, name="export")
    app.add_typer(check, name="check")
    app.add_typer(ontology, name="ontology")
    return app


def _ask() -> None:
    """Answer what evidence supports local therapy for a profile."""


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"metalocal {version()}")
        raise typer.Exit


def _options(
    show: bool = typer.Option(
        False, "--version", help="Print the version.", callback=_show_version, is_eager=True
    ),
) -> None:
    """Options before the command."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs a command; what is wrong is told in words, with exit code 2 for wrong input."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        create_app(given)(args=given, prog_name="metalocal")
    except ProblemsFoundError as found:
        _fail(str(found), found.exit_code)
    except ToldError as found:
        _fail(f"error: {found}", found.exit_code)
    except OSError as found:
        where = f"{found.filename}: " if found.filename else ""
        _fail(f"error: {where}{found.strerror or found}", FAILED)
    except KeyboardInterrupt:
        _fail("stopped", 130)


def _fail(message: str, code: int) -> None:
    sys.stderr.write(f"{message}\n")
    raise SystemExit(code)


if __name__ == "__main__":
    main()
