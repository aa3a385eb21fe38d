"""`metalocal serve`: the built graph as explorer, SPARQL endpoint, REST and linked data; read-only.

Each setting is an option and an environment variable; both, `--check` and the command's signature
follow from `SETTINGS`.
"""

from __future__ import annotations

import inspect
import threading
import webbrowser
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from graph_builder.problems import ToldError
from metalocal.commands.common import built_graph
from metalocal.endpoint.settings import Front, Limits, Listening, Sources, names_answered_to
from metalocal.locations import locations

_FORMS = ("auto", "text", "json")
_LISTS = ("allowed_hosts", "trusted_proxies", "monitors")
_MEBIBYTE = 1024**2


@dataclass(frozen=True)
class Setting:
    """One setting: its name, what it is without being set, its help, its bounds if a number."""

    name: str
    default: Any
    help: str
    least: float | None = None
    most: float | None = None

    @property
    def option(self) -> str:
        """How the command line names it."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def variable(self) -> str:
        """How the environment names it.

        Not METALOCAL_PORT and the like: container platforms set those for a service so named.
        """
        return f"METALOCAL_SERVE_{self.name.upper()}"


SETTINGS = (
    Setting("graph", "", "N-Quads file to serve instead of the built graph."),
    Setting("host", "127.0.0.1", "Address to listen on."),
    Setting("port", 8000, "Port to listen on; 0 takes one that is free.", 0, 65535),
    Setting("public_url", "", "Address that clients know, where a proxy stands before it."),
    Setting(
        "allowed_hosts",
        "",
        "Host names answered to, with commas between; * for any. Without it: this machine's and "
        "the public one on a loopback address, any elsewhere.",
    ),
    Setting(
        "trusted_proxies",
        "",
        "Addresses or networks believed in X-Forwarded-For and -Proto, with commas between.",
    ),
    Setting(
        "monitors",
        "",
        "Networks that may read /metrics and /health/ready besides this machine, with commas.",
    ),
    Setting("workers", 2, "Queries run at once.", 1, 64),
    Setting("seconds", 20.0, "Longest time a query may take.", 0.1, 3600),
    Setting("waiting", 32, "Queries that may wait for a worker.", 0, 10_000),
    Setting("result_bytes", 50_000_000, "Largest result.", 1_000, 4_000_000_000),
    Setting("query_characters", 100_000, "Longest query.", 100, 10_000_000),
    Setting(
        "worker_memory", 4096, "Mebibytes a query may take on top of the graph.", 16, 1_048_576
    ),
    Setting(
        "requests_per_minute", 600, "Requests of one client a minute; 0 for no limit.", 0, 1_000_000
    ),
    Setting(
        "at_once",
        -1,
        "Queries of one client run at once; 0 for no limit, -1 for one less than the workers.",
        -1,
        64,
    ),
    Setting("connections", 1000, "Connections held at once.", 1, 100_000),
    Setting("drain_seconds", 10.0, "Time that running queries get when told to end.", 0, 3600),
    Setting("notice_seconds", 0.0, "Time before that to tell /health/ready's readers.", 0, 3600),
    Setting("log_form", "auto", f"One of {', '.join(_FORMS)}: text on a terminal, else JSON."),
    Setting("log_queries", False, "Keep the text of queries in the log."),
    Setting("log_addresses", False, "Keep whole client addresses in the log."),
)


def serve(**options: Any) -> None:
    """Serve the explorer, and SPARQL 1.1 at /sparql: read-only and bounded; Ctrl-C ends it."""
    listening, limits, front = _records(options)
    if options["check"]:
        for line in _effective(options, front):
            typer.echo(line)
        return
    from metalocal.endpoint.operations.logs import log_to_stderr  # noqa: PLC0415  (the web stack)
    from metalocal.server import serve as serve_graph  # noqa: PLC0415  (the web stack)

    graph_file = Path(options["graph"]) if options["graph"] else built_graph()
    log_to_stderr(options["log_form"])
    sources = Sources(graph_file, locations().queries, locations().ontology)
    announce = _announce_and_open if options["open"] else _announce
    serve_graph(sources, listening, limits, front, announce)


def _announce(address: str) -> None:
    typer.echo(f"SPARQL endpoint: {address}/sparql  Explorer: {address}/  (Ctrl-C ends it)")


def _announce_and_open(address: str) -> None:
    """Open the explorer beside the server: a browser of the terminal would hold the server up."""
    _announce(address)
    threading.Thread(target=_open, args=(f"{address}/",), daemon=True).start()


def _open(address: str) -> None:
    if not webbrowser.open(address):
        typer.echo(f"No browser could be opened here; open {address} in one.", err=True)


def _records(options: Mapping[str, Any]) -> tuple[Listening, Limits, Front]:
    """The settings as the endpoint takes them.

    Raises:
        ToldError: one of them makes no sense.
    """
    if options["log_form"] not in _FORMS:
        raise ToldError(f"--log-form {options['log_form']!r} is not one of {', '.join(_FORMS)}")
    given = {
        **options,
        **{name: _listed(options[name]) for name in _LISTS},
        "worker_memory_bytes": options["worker_memory"] * _MEBIBYTE,
    }
    given["allowed_hosts"] = given["allowed_hosts"] or names_answered_to(
        given["host"], given["public_url"]
    )
    if given["at_once"] < 0:
        given["at_once"] = max(1, given["workers"] - 1)
    try:
        front = Front(**_fields(Front, given))
    except ValueError as error:
        raise ToldError(f"a setting of the endpoint is wrong: {error}") from error
    return Listening(**_fields(Listening, given)), Limits(**_fields(Limits, given)), front


def _fields(record: type, given: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: given[field.name] for field in fields(record)}


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _effective(options: Mapping[str, Any], front: Front) -> list[str]:
    """The settings as lines of an environment file, those that follow from others filled in."""
    told = {**options, "allowed_hosts": ",".join(front.allowed_hosts), "at_once": front.at_once}
    return [f"{setting.variable}={told[setting.name]}" for setting in SETTINGS]


def _parameter(setting: Setting) -> inspect.Parameter:
    option = typer.Option(
        setting.option,
        envvar=setting.variable,
        help=setting.help,
        min=setting.least,
        max=setting.most,
    )
    return _keyword(setting.name, Annotated[type(setting.default), option], setting.default)


def _keyword(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, default=default, annotation=annotation)


_CHECK = typer.Option("--check", help="Print the settings that would hold, and end.")
_OPEN = typer.Option("--open", help="Open the explorer in the browser of this machine.")
_PARAMETERS = [
    *map(_parameter, SETTINGS),
    _keyword("check", Annotated[bool, _CHECK], False),
    _keyword("open", Annotated[bool, _OPEN], False),
]
serve.__signature__ = inspect.Signature(_PARAMETERS)  # type: ignore[attr-defined]
serve.__annotations__ = {parameter.name: parameter.annotation for parameter in _PARAMETERS}
