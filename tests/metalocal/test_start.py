"""What a start loads and asks: no more than the command needs; counted, not timed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from metalocal.cli import COMMANDS, GROUPS, create_app
from metalocal.commands.common import open_graph

ROOT = Path(__file__).parents[2]
TELL = """\
import contextlib, io, json, sys
from metalocal.cli import main
asked = []
{listen}
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()) as said:
    main({arguments})
print(json.dumps([sorted(sys.modules), asked, said.getvalue()]))
"""
LISTEN = """\
from metalocal.graph.local import LocalGraph
select, store = LocalGraph.select, LocalGraph.store.func
def listening(graph, query):
    asked.append("select")
    return select(graph, query)
def loading(graph):
    asked.append("load")
    return store(graph)
LocalGraph.select, LocalGraph.store.func = listening, loading
"""
ENGINES = {"pyoxigraph", "rdflib", "numpy", "pyshacl", "SPARQLWrapper", "scipy", "statsmodels"}
READERS = {"yaml", "http.client", "urllib.request", "starlette", "asyncio"}


def started(*arguments: str, listen: str = "") -> tuple[set[str], list[str], str]:
    """Modules loaded, what the graph was asked and what was said, by a command of its own."""
    code = TELL.format(arguments=list(arguments), listen=listen)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=120,
        check=True,
    )  # fmt: skip
    modules, asked, said = json.loads(done.stdout)
    return set(modules), asked, said


def test_the_help_loads_no_command_no_engine_and_no_reader() -> None:
    modules, _, said = started("--help")
    assert "local therapy in metastatic breast cancer" in said
    assert modules & (ENGINES | READERS | {"pydantic", "importlib.metadata"}) == set()
    assert [name for name in modules if name.startswith("metalocal.commands")] == []


def test_the_help_has_the_line_that_each_command_has_itself() -> None:
    for name, (_, line) in {**COMMANDS, **GROUPS}.items():
        itself = get_command(create_app([name])).commands[name]  # type: ignore[attr-defined]
        assert (itself.help or "").partition("\n\n")[0].replace("\n", " ") == line, name


def test_the_shell_completes_the_options_of_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_METALOCAL_COMPLETE", "complete_bash")
    serve = get_command(create_app([])).commands["serve"]  # type: ignore[attr-defined]
    assert "--port" in [flag for parameter in serve.params for flag in parameter.opts]


@pytest.mark.parametrize("arguments", [["--help"], ["--age", "48"]])
def test_asking_opens_no_connection_and_draws_nothing(arguments: list[str]) -> None:
    open_graph()  # builds it, where it is not fresh, and keeps rows
    modules, _, said = started("ask", *arguments)
    assert "local therapy" in said
    assert modules & (ENGINES - {"pyoxigraph"} | READERS - {"yaml"}) == set()
    assert not [
        name for name in modules if name.startswith(("metalocal.cohort", "metalocal.plots"))
    ]


def test_the_help_of_ask_neither_loads_nor_asks_the_graph() -> None:
    open_graph()
    modules, asked, said = started("ask", "--help", listen=LISTEN)
    assert "--her2-status" in said
    assert asked == []
    assert "pyoxigraph" not in modules


def test_an_answer_over_a_fresh_build_runs_no_query_and_does_not_load_the_graph() -> None:
    open_graph()  # builds it, where it is not fresh, and keeps rows
    modules, asked, said = started("ask", "--presentation", "de_novo", "--age", "48", listen=LISTEN)
    assert "MF07-01" in said
    assert asked == []
    assert "pyoxigraph" not in modules


def test_the_spy_sees_a_graph_that_is_loaded_and_asked() -> None:
    _, asked, _ = started("query", "verdicts", listen=LISTEN)
    assert sorted(asked) == ["load", "select"]


def test_a_server_starts_without_what_only_some_pages_need() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, metalocal.server; print(*sys.modules)"],
        capture_output=True, text=True, cwd=ROOT, timeout=120, check=True,
    )  # fmt: skip
    modules = set(done.stdout.split())
    assert "starlette" in modules
    assert modules & {"fastapi", "networkx", "rdflib"} == set()
