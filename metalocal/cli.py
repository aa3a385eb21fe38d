"""The command line: `metalocal ask`, build, query, serve, export, check, ontology."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer

from graph_builder.problems import ProblemsFoundError, ToldError
from metalocal.locations import version

FAILED = 1

COMMANDS = {
    "ask": ("", "Answer what evidence supports local therapy for a profile."),
    "query": ("query:query", "Run a named query; without a name, list them all."),
    "serve": (
        "serve:serve",
        "Serve the explorer, and SPARQL 1.1 at /sparql: read-only and bounded; Ctrl-C ends it.",
    ),
    "build": (
        "build:build",
        "Build the graph from data/ and ontology/: read, check, assemble, derive, write.",
    ),
    "audit": (
        "audit:audit",
        "List what the sources print and does not fit: each finding with numbers, lines, advice.",
    ),
    "pool": (
        "pool:pool",
        "Pool ratios of one question and outcome, and say why the others are not pooled.",
    ),
    "overlap": (
        "overlap:overlap",
        "Show which meta-analyses share primary studies, as far as their lists are known.",
    ),
    "load": (
        "load:load",
        "Load the graph into any engine, then count in it what came; again is safe.",
    ),
    "map": (
        "map:map_command",
        "Show where evidence is and where it is missing: subtype by metastatic pattern, by "
        "question.",
    ),
    "screen": (
        "screen:screen",
        "Count whom of a file of patients each population takes in, and what shuts them out.",
    ),
}
GROUPS = {
    "export": ("export:export", "Write the graph in other forms."),
    "check": ("check:check", "Check data and ontology."),
    "ontology": ("ontology:ontology", "Edit, lock and compare the ontology."),
}
"""Where each command and group of commands is, and its line in the help, in the order there."""

_COMPLETING = "_METALOCAL_COMPLETE"
"""Set by the shell where it asks for completions, which need the options of the commands."""


def create_app(arguments: Sequence[str]) -> typer.Typer:
    """The commands; only the one that is asked for is loaded, the others are their line of help.

    The flags of `ask` come from the graph, so they are made only when it is asked.
    """
    app = typer.Typer(
        name="metalocal",
        help="Evidence on local therapy in metastatic breast cancer, each number with its "
        "source, line and place. It informs; it does not advise.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    wanted = next((one for one in arguments if one in COMMANDS or one in GROUPS), None)
    loaded = {*COMMANDS, *GROUPS} - {"ask"} if _COMPLETING in os.environ else {wanted}
    for name, (home, line) in COMMANDS.items():
        command = _command(name, home) if name in loaded else _nothing
        app.command(name=name, help=None if name in loaded else line)(command)
    for name, (home, line) in GROUPS.items():
        app.add_typer(_named(home) if name in loaded else typer.Typer(help=line), name=name)
    return app


def _command(name: str, home: str) -> Any:
    if name == "ask":
        from metalocal.commands.ask import ask_command  # noqa: PLC0415  (needs the built graph)

        return ask_command()
    return _named(home)


def _named(home: str) -> Any:
    """A command by its module and name: only the one that is asked for is loaded."""
    module, name = home.split(":")
    return getattr(import_module(f"metalocal.commands.{module}"), name)


def _nothing() -> None:
    """Stands for a command that is not asked for."""


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
