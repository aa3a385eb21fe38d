"""The command line: `metalocal ask`, build, query, serve, export, check, ontology."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer

from graph_builder.problems import ProblemsFoundError, ToldError
from metalocal.locations import version

FAILED = 1

_COMMANDS = {
    "ask": "",
    "query": "query:query",
    "serve": "serve:serve",
    "build": "build:build",
    "audit": "audit:audit",
    "pool": "pool:pool",
    "overlap": "overlap:overlap",
    "load": "load:load",
    "map": "map:map_command",
}
_GROUPS = {"export": "export:export", "check": "check:check", "ontology": "ontology:ontology"}
"""Where each command and group of commands is, in the order of the help."""


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
    wanted = next((one for one in arguments if one in _COMMANDS or one in _GROUPS), None)
    if wanted == "ask":
        from metalocal.commands.ask import ask_command  # noqa: PLC0415  (needs the built graph)

        app.command(name="ask")(ask_command())
    else:
        app.command(name="ask")(_ask)
    for name, home in _COMMANDS.items():
        if home and wanted in (name, None):
            app.command(name=name)(_named(home))
    for name, home in _GROUPS.items():
        if wanted in (name, None):
            app.add_typer(_named(home), name=name)
    return app


def _named(home: str) -> Any:
    """A command by its module and name: only the one that is asked for is loaded."""
    module, name = home.split(":")
    return getattr(import_module(f"metalocal.commands.{module}"), name)


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
