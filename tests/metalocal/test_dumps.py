"""A broken build is told; N-Quads are the graph as built; the export commands."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from little import (
    built,
    study,
)

from graph_builder.problems import ToldError
from metalocal.cli import main
from metalocal.dumps import BrokenBuildError, DumpError, write_nquads
from metalocal.jsonld import write_jsonld
from metalocal.skos import SkosError, write_skos

# a build that is broken


def test_a_graph_other_than_its_manifest_describes_is_told(tmp_path: Path) -> None:
    graph = built(tmp_path, study("mlid:x ml:place 'here'"))
    graph.write_bytes(graph.read_bytes().replace(b"here", b"gone"))
    with pytest.raises(BrokenBuildError, match=r"graph\.nq: sha256 is .* manifest\.json states"):
        write_nquads(graph, tmp_path / "out.nq")
    assert not (tmp_path / "out.nq").exists()


@pytest.mark.parametrize("missing", ["graph.nq", "manifest.json"])
def test_a_build_with_a_file_missing_is_told(tmp_path: Path, missing: str) -> None:
    graph = built(tmp_path, study("mlid:x ml:place 'here'"))
    (tmp_path / missing).unlink()
    with pytest.raises(BrokenBuildError, match=rf"{missing}.*No such file.*metalocal build"):
        write_jsonld(graph, tmp_path / "out.jsonld")


@pytest.mark.parametrize("manifest", ["{", "{}", "[]"])
def test_a_manifest_without_a_hash_is_told(tmp_path: Path, manifest: str) -> None:
    graph = built(tmp_path, study("mlid:x ml:place 'here'"))
    (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(BrokenBuildError, match="states no sha256"):
        write_skos(graph, tmp_path / "out.ttl")


def test_a_broken_build_leaves_the_old_file(tmp_path: Path) -> None:
    graph = built(tmp_path, study("mlid:x ml:place 'here'"))
    (tmp_path / "manifest.json").unlink()
    out = tmp_path / "out.nq"
    out.write_text("old", encoding="utf-8")
    with pytest.raises(BrokenBuildError):
        write_nquads(graph, out)
    assert out.read_text("utf-8") == "old"


@pytest.mark.parametrize(
    ("write", "name"),
    [(write_nquads, "x.nt"), (write_nquads, "x.gz"), (write_jsonld, "x.ttl"), (write_skos, "x.nq")],
)
def test_an_unknown_ending_is_refused(
    graph_file: Path, tmp_path: Path, write: Callable[[Path, Path], int], name: str
) -> None:
    with pytest.raises(DumpError, match=f"cannot write {name}"):
        write(graph_file, tmp_path / name)


# N-Quads


def test_nquads_are_the_graph_as_built(graph_file: Path, tmp_path: Path) -> None:
    count = write_nquads(graph_file, tmp_path / "out.nq")
    assert (tmp_path / "out.nq").read_bytes() == graph_file.read_bytes()
    assert count == len(graph_file.read_text("utf-8").splitlines())


def test_compressed_nquads_are_the_same_bytes_on_every_run(
    graph_file: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "one.nq.gz", tmp_path / "two.nq.gz"
    write_nquads(graph_file, first)
    write_nquads(graph_file, second)
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes()[4:8] == bytes(4)  # no time in the header
    assert gzip.decompress(first.read_bytes()) == graph_file.read_bytes()


# the commands


@pytest.fixture
def on_the_built_graph(graph_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metalocal.commands.export.built_graph", lambda: graph_file)


def exit_code(*arguments: str) -> object:
    with pytest.raises(SystemExit) as stopped:
        main(["export", *arguments])
    return stopped.value.code


@pytest.mark.usefixtures("on_the_built_graph")
@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["nquads", "m.nq.gz"], "m.nq.gz"),
        (["jsonld", "m.jsonld", "--study", "tata"], "m.jsonld"),
        (["jsonld", "--context", "c.jsonld"], "c.jsonld"),
        (["skos", "m.ttl"], "m.ttl"),
    ],
)
def test_a_command_writes_its_file_and_says_so(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    name: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exit_code(*arguments) == 0
    assert capsys.readouterr().out.startswith(f"wrote {name}: ")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.usefixtures("on_the_built_graph")
def test_an_unknown_study_on_the_command_line_is_wrong_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code("jsonld", str(tmp_path / "x.jsonld"), "--study", "sabr-comett") == 2
    assert (
        "error: there is no study sabr-comett; did you mean sabr-comet" in capsys.readouterr().err
    )


@pytest.mark.usefixtures("on_the_built_graph")
def test_jsonld_without_a_file_asks_for_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("jsonld") == 2
    assert "name a file" in capsys.readouterr().err


def test_what_can_go_wrong_is_told_in_words() -> None:
    assert issubclass(SkosError, ToldError)
    assert (BrokenBuildError.exit_code, DumpError.exit_code, SkosError.exit_code) == (1, 2, 2)
