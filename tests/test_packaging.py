"""What a wheel is built with, and what the scripts of its pages are built from."""

from __future__ import annotations

import ast
import json
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
FRONTEND = ROOT / "frontend"


def builder_needs() -> list[str]:
    tree = ast.parse((ROOT / "build_backend.py").read_text("utf-8"))
    assigned = [one for one in tree.body if isinstance(one, ast.Assign)]
    (value,) = (one.value for one in assigned if ast.unparse(one.targets[0]) == "BUILDER")
    needs: list[str] = ast.literal_eval(value)
    return needs


def test_what_builds_the_graph_of_a_wheel_is_what_the_project_asks_for() -> None:
    assert set(builder_needs()) <= set(PROJECT["dependencies"])


def test_every_npm_package_has_one_version_and_the_lock_file_holds_it() -> None:
    asked = json.loads((FRONTEND / "package.json").read_text("utf-8"))
    locked = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))["packages"]
    versions = {**asked["dependencies"], **asked["devDependencies"]}
    assert {name: locked[f"node_modules/{name}"]["version"] for name in versions} == versions


def test_the_lock_file_names_no_registry_so_that_any_mirror_will_do() -> None:
    locked = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))["packages"]
    assert not any("resolved" in package for package in locked.values())
    assert all("integrity" in package for name, package in locked.items() if name)
