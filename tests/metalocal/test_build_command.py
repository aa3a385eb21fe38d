"""`metalocal build` of other data: what it refuses, what it tells, what it leaves."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of invented studies."""
    shutil.copytree(ROOT / "tests" / "studies", tmp_path / "mine")
    return tmp_path / "mine"


def build(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "metalocal", "build", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_other_data_need_a_folder_of_their_own_for_their_graph(data: Path) -> None:
    done = build("--data", data)
    assert done.returncode == 2
    assert "name a folder for their graph with --output" in done.stderr
    assert done.stdout == ""


def test_a_folder_without_trials_is_refused(tmp_path: Path) -> None:
    done = build("--data", tmp_path, "--output", tmp_path / "graph")
    assert done.returncode == 2
    assert "there is no folder trials in it" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_other_data_are_built_and_the_steps_told_line_by_line(data: Path, tmp_path: Path) -> None:
    graph = tmp_path / "out" / "graph"
    first, again = (build("--data", data, "--output", graph) for _ in range(2))
    assert first.returncode == again.returncode == 0
    assert "https://w3id.org/metalocal/id/graph/study/example-2020" in first.stdout
    assert first.stdout == again.stdout
    counted = "building the graph: reading and checking, 4 of 4 files\n"
    assert counted in first.stderr
    assert counted not in again.stderr
    assert {path.name for path in graph.parent.iterdir()} == {"graph", ".cache"}


def test_a_clean_build_keeps_no_pieces(data: Path, tmp_path: Path) -> None:
    graph = tmp_path / "out" / "graph"
    assert build("--data", data, "--output", graph, "--clean").returncode == 0
    assert [path.name for path in graph.parent.iterdir()] == ["graph"]


def test_the_problems_of_other_data_name_their_files(data: Path, tmp_path: Path) -> None:
    path = data / "trials" / "example-2020.yaml"
    path.write_text(path.read_text("utf-8").replace("status: completed", "status: compleated"))
    done = build("--data", data, "--output", tmp_path / "graph")
    assert done.returncode == 2
    assert "mine/trials/example-2020.yaml:7:" in done.stderr
    assert "Traceback" not in done.stderr
