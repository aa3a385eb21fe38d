from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import Dataset, URIRef

from graph_builder.assembly import PROVENANCE
from graph_builder.build import How, build
from graph_builder.export import write_graph
from graph_builder.inputs import Inputs
from graph_builder.problems import ProblemsFoundError
from graph_builder.rules import DERIVED
from graph_builder.vocabulary import ML, code

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def inputs(ontology: Path, studies: Path) -> Inputs:
    return Inputs(ontology, studies)


@pytest.fixture(scope="module")
def built(inputs: Inputs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "graph"
    build(inputs, folder, "1.2.3")
    return folder


@pytest.fixture(scope="module")
def dataset(built: Path) -> Dataset:
    dataset = Dataset()
    dataset.parse(built / "graph.nq", format="nquads")
    return dataset


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_building_twice_gives_the_same_bytes(built: Path, inputs: Inputs, tmp_path: Path) -> None:
    build(inputs, tmp_path / "again", "1.2.3")
    assert files_of(tmp_path / "again") == files_of(built)


def test_another_seed_of_hashing_gives_the_same_bytes(
    built: Path, inputs: Inputs, tmp_path: Path
) -> None:
    script = (
        "import sys; from pathlib import Path; from graph_builder.build import build; "
        "from graph_builder.inputs import Inputs; "
        "ontology, data, folder = map(Path, sys.argv[1:]); "
        "build(Inputs(ontology, data), folder, '1.2.3')"
    )
    folders = [str(inputs.ontology), str(inputs.data), str(tmp_path / "again")]
    seed = {**os.environ, "PYTHONHASHSEED": "1"}
    command = [sys.executable, "-c", script, *folders]
    subprocess.run(command, check=True, env=seed, cwd=ROOT)
    assert files_of(tmp_path / "again") == files_of(built)


def test_the_manifest_counts_the_graphs_and_hashes_the_file(
    built: Path, dataset: Dataset, inputs: Inputs
) -> None:
    manifest = json.loads((built / "manifest.json").read_text("utf-8"))
    digest = hashlib.sha256((built / "graph.nq").read_bytes()).hexdigest()
    assert (manifest["version"], manifest["sha256"]) == ("1.2.3", digest)
    assert manifest["inputs"] == inputs.fingerprint()
    sizes = {name: len(dataset.graph(URIRef(name))) for name in manifest["graphs"]}
    assert manifest["graphs"] == sizes


def test_what_is_derived_stands_in_the_derived_graph_alone(dataset: Dataset) -> None:
    for predicate in (ML.effectDirection, ML.ofReport, code("byRule")):
        names = {name for _, _, _, name in dataset.quads((None, predicate, None, None))}
        assert names == {DERIVED}


def test_source_and_line_stand_in_the_provenance_graph_alone(dataset: Dataset) -> None:
    for predicate in (ML.reportedIn, ML.line, ML.levelLine):
        names = {name for _, _, _, name in dataset.quads((None, predicate, None, None))}
        assert names == {PROVENANCE}


def test_a_changed_input_changes_the_fingerprint(
    tmp_path: Path, inputs: Inputs, studies: Path
) -> None:
    data = tmp_path / studies.name
    shutil.copytree(studies, data)
    assert Inputs(inputs.ontology, data).fingerprint() == inputs.fingerprint()
    path = data / "trials" / "example-2020.yaml"
    path.write_text(path.read_text("utf-8").replace("0.98", "0.99"), "utf-8")
    assert Inputs(inputs.ontology, data).fingerprint() != inputs.fingerprint()


def test_a_build_with_problems_writes_nothing(
    tmp_path: Path, inputs: Inputs, studies: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(studies, data)
    (data / "trials" / "empty.yaml").write_text("")
    (tmp_path / "out").mkdir()
    with pytest.raises(ProblemsFoundError, match="the file is empty"):
        build(Inputs(inputs.ontology, data), tmp_path / "out" / "graph", "0")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_build_that_a_shape_refuses_leaves_the_old_graph(
    tmp_path: Path, inputs: Inputs, studies: Path
) -> None:
    data, folder = tmp_path / "data", tmp_path / "out" / "graph"
    shutil.copytree(studies, data)
    write_graph(folder, [b"old"], {"version": "old"})
    path = data / "trials" / "example-2019.yaml"
    text = path.read_text("utf-8").replace("single_arm_trial", "randomised_controlled_trial")
    path.write_text(text, "utf-8")
    with pytest.raises(ProblemsFoundError, match=r"example-2019\.yaml:1:1: .*at least two arms"):
        build(Inputs(inputs.ontology, data), folder, "new")
    assert (folder / "graph.nq").read_bytes() == b"old"
    assert [path.name for path in folder.parent.iterdir()] == ["graph"]


def test_the_steps_are_told_in_order(inputs: Inputs, tmp_path: Path) -> None:
    steps: dict[str, None] = {}
    told = How(tell=lambda step, done, of: steps.setdefault(step))
    build(inputs, tmp_path / "graph", "0", how=told)
    assert [*steps] == [
        "reading and checking",
        "checking shapes",
        "auditing",
        "describing",
        "writing",
    ]


def test_a_new_graph_replaces_the_old_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "graph"
    write_graph(folder, [b"old"], {})
    write_graph(folder, [b"new"], {})
    assert (folder / "graph.nq").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["graph"]


def test_a_disk_full_while_writing_leaves_the_old_graph(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "graph"
    write_graph(folder, [b"old"], {})

    def full(*_: object, **__: object) -> int:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="no space left"):
        write_graph(folder, [b"new"], {})
    assert (folder / "graph.nq").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["graph"]


def test_a_swap_that_fails_midway_puts_the_old_graph_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "graph"
    write_graph(folder, [b"old"], {})
    rename = Path.rename

    def refuse_the_new(path: Path, target: Path) -> Path:
        if target == folder and "-old-" not in path.name:
            raise PermissionError("the folder is in use")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse_the_new)
    with pytest.raises(PermissionError, match="in use"):
        write_graph(folder, [b"new"], {})
    assert (folder / "graph.nq").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["graph"]
