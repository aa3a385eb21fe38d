"""The rooms of the house: who may import whom, how long a module and a function may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("graph_builder", "metalocal")
ENGINES = {"pyoxigraph", "SPARQLWrapper"}

QUADS = {
    "graph",
    "loading",
    "endpoint",
    "explorer",
    "owl",
    "owl_parts",
    "dumps",
    "context",
    "jsonld",
    "skos",
}
"""Rooms of metalocal that know an engine: they query it, or read and write whole graphs."""

BUILDER = {
    "vocabulary": "",
    "problems": "",
    "attributes": "",
    "inputs": "",
    "yaml_tree": "problems",
    "headers": "problems yaml_tree",
    "records": "problems",
    "guidance": "records",
    "reading": "guidance records problems yaml_tree",
    "terms": "attributes problems vocabulary",
    "criteria": "attributes records",
    "labels": "records terms",
    "checks": "records guidance problems reading terms attributes checks",
    "assembly": "assembly attributes criteria guidance labels problems reading records terms"
    " triples vocabulary",
    "triples": "",
    "nquads": "",
    "tally": "nquads vocabulary",
    "conformance": "nquads",
    "axioms": "triples vocabulary",
    "value_classes": "attributes axioms terms vocabulary",
    "bound_classes": "attributes axioms criteria terms value_classes vocabulary",
    "populations": "assembly axioms bound_classes criteria guidance labels reading records terms"
    " value_classes vocabulary",
    "mappings": "problems vocabulary",
    "turtle": "problems turtle",
    "term_lock": "problems vocabulary",
    "term_changes": "term_lock turtle vocabulary",
    "rules": "vocabulary",
    "statistics": "",
    "audit": "assembly audit labels records reading statistics terms vocabulary",
    "shapes": "problems",
    "reasoning": "problems vocabulary",
    "owl_api": "problems",
    "release": "headers release owl_api problems vocabulary yaml_tree",
    "provenance": "checks problems reading records",
    "coverage": "checks guidance problems provenance reading records",
    "examples": "headers problems vocabulary",
    "void": "nquads tally triples vocabulary",
    "export": "",
    "json_schema": "guidance records terms",
    "pieces": "assembly audit checks conformance criteria examples inputs mappings nquads pieces"
    " populations problems reading records rules shapes tally terms value_classes vocabulary void",
    "build": "*",
}
"""Room of graph_builder to the rooms of graph_builder it may import."""

READER = {
    "locations": "",
    "files": "",
    "graph": "files graph",
    "loading": "graph",
    "catalogue": "",
    "kept": "catalogue graph",
    "attributes": "graph kept",
    "profiles": "attributes",
    "worlds": "profiles worlds",
    "plots": "plots",
    "pooling": "attributes graph kept plots pooling",
    "overlap": "attributes graph kept",
    "findings": "attributes catalogue graph kept",
    "evidence_map": "answers attributes graph catalogue evidence_map kept profiles",
    "answers": "answers graph catalogue attributes findings kept profiles worlds",
    "tables": "attributes graph kept files",
    "network": "attributes graph files",
    "owl": "files owl_parts",
    "owl_parts": "",
    "dumps": "files",
    "context": "",
    "jsonld": "context dumps files",
    "skos": "dumps files",
    "site": "attributes graph catalogue files site",
    "render": "answers findings overlap plots render",
    "cohort": "answers attributes catalogue cohort files graph profiles worlds",
    "endpoint": "answers attributes catalogue endpoint graph locations pages profiles render",
    "pages": "answers catalogue pages",
    "explorer": "answers attributes catalogue endpoint evidence_map explorer findings graph"
    " kept locations network overlap pages plots pooling profiles render",
    "server": "endpoint explorer pages",
    "commands": "*",
    "cli": "commands locations",
    "__main__": "cli",
}
"""Room of metalocal to the rooms of metalocal it may import."""

SHARED = {"attributes", "headers", "problems", "statistics", "yaml_tree", "vocabulary"}
"""Rooms of graph_builder that all of metalocal may import; its commands may import any."""


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def imports_of(path: Path) -> Iterator[str]:
    """Modules that a module imports, wherever in it; of ours the module, not the name in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the import in full"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                ours = str(node.module).split(".")[0] in PACKAGES
                yield inner if ours and is_module(inner) else str(node.module)


def room_of(module: str) -> tuple[str, str]:
    package, _, rest = module.partition(".")
    return package, rest.split(".")[0]


def may_import(importer: str, imported: str) -> bool:
    package, room = room_of(importer)
    other_package, other = room_of(imported)
    if other_package not in PACKAGES:
        return other_package not in ENGINES or package == "graph_builder" or room in QUADS
    if package == other_package:
        allowed = (BUILDER if package == "graph_builder" else READER)[room]
        return allowed == "*" or other in allowed.split()
    return package == "metalocal" and (other in SHARED or room == "commands")


def is_package_itself(path: Path) -> bool:
    return path.parent.parent == ROOT and path.stem == "__init__"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    if is_package_itself(path):
        assert [name for name in imports_of(path) if name != "__future__"] == []
        return
    name = name_of(path)
    package, room = room_of(name)
    assert room in (BUILDER if package == "graph_builder" else READER), f"{name} has no room"
    turned_back = sorted({other for other in imports_of(path) if not may_import(name, other)})
    assert turned_back == []


def test_every_room_of_the_builder_is_there() -> None:
    rooms = {room_of(name_of(path))[1] for path in modules() if name_of(path).startswith("graph_")}
    assert rooms - {""} == set(BUILDER)


def test_no_two_modules_import_each_other_round_a_circle() -> None:
    arrows = {
        name_of(path): {other for other in imports_of(path) if other.split(".")[0] in PACKAGES}
        for path in modules()
    }
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        pytest.fail(f"import cycle: {' <- '.join(error.args[1])}")


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_an_import_inside_a_function_gives_its_reason(path: Path) -> None:
    text = path.read_text("utf-8")
    lines = text.splitlines()
    inside = {
        statement.lineno
        for function in ast.walk(ast.parse(text))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in ast.walk(function)
        if isinstance(statement, ast.Import | ast.ImportFrom)
    }
    bare = [line for line in sorted(inside) if not gives_reason(lines[line - 1])]
    assert bare == []


def gives_reason(line: str) -> bool:
    _, waiver, reason = line.partition("noqa: PLC0415")
    return bool(waiver) and "(" in reason


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_modules_stay_under_400_lines_and_functions_within_40(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) < 400
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno >= 40
    }
    assert long == {}
