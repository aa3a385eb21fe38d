"""`metalocal ontology` as a user meets it: what it writes, what it only tells, exit codes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from metalocal.commands.ontology import ontology
from metalocal.locations import Locations

ROOT = Path(__file__).parents[2]
RUNNER = CliRunner()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the ontology that the commands take for the checkout's."""
    copy = tmp_path / "ontology"
    shutil.copytree(ROOT / "ontology", copy)
    here = Locations(copy, ROOT / "data", ROOT / "queries", tmp_path / "graph", checkout=True)
    monkeypatch.setattr("metalocal.commands.ontology.locations", lambda: here)
    return copy


def run(*arguments: str | Path) -> tuple[int, str]:
    done = RUNNER.invoke(ontology, [str(a) for a in arguments], catch_exceptions=False)
    return done.exit_code, done.stdout


def relabelled(module: Path, folder: Path) -> Path:
    """The module as saved with one label changed."""
    text = module.read_text("utf-8")
    saved = folder / "saved.ttl"
    saved.write_text(text.replace('rdfs:label "arm"@en', 'rdfs:label "study arm"@en'), "utf-8")
    return saved


def test_adopt_writes_the_edit_and_tells_it(folder: Path, tmp_path: Path) -> None:
    core = folder / "core.ttl"
    saved = relabelled(core, tmp_path)
    code, said = run("adopt", saved, "--into", core)
    assert code == 0
    assert said == (
        'changed ml:Arm\n  - rdfs:label "arm"@en\n  + rdfs:label "study arm"@en\n'
        "0 added, 1 changed, 0 removed\n"
    )
    assert core.read_text("utf-8") == saved.read_text("utf-8")


def test_adopt_check_writes_nothing_and_fails_on_a_difference(folder: Path, tmp_path: Path) -> None:
    core = folder / "core.ttl"
    before = core.read_bytes()
    assert run("adopt", relabelled(core, tmp_path), "--into", core, "--check")[0] == 1
    assert run("adopt", core, "--into", core, "--check") == (0, f"{core}: no difference\n")
    assert core.read_bytes() == before


def test_adopt_points_to_the_policy_when_a_term_is_removed(folder: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved.ttl"
    text = (folder / "core.ttl").read_text("utf-8")
    start = text.index("ml:journal a")
    end = text.index("\n\n", start)
    saved.write_text(text[:start] + text[end + 2 :], "utf-8")
    code, said = run("adopt", saved, "--into", folder / "core.ttl")
    assert code == 0
    assert "removed ml:journal" in said
    assert "never deleted once released: see docs/life-of-a-term.md" in said


def test_lock_is_made_once_and_then_holds(folder: Path) -> None:
    lock = folder / "terms.tsv"
    lock.unlink(missing_ok=True)
    assert run("lock", "--check")[0] == 1
    assert not lock.exists()
    assert run("lock")[0] == 0
    made = lock.read_text("utf-8")
    assert "\nArm\tclass\tarm\t" in made
    assert run("lock", "--check")[0] == 0
    assert lock.read_text("utf-8") == made


def test_changes_compare_the_ontology_with_an_older_folder(folder: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(folder, old)
    core = old / "core.ttl"
    core.write_text(relabelled(core, tmp_path).read_text("utf-8"), "utf-8")
    code, said = run("changes", old)
    assert code == 0
    assert '### Label changed\n- `ml:Arm`: "study arm" is now "arm"\n' in said
