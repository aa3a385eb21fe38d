"""The command line as a user meets it: exit codes, words, files; never a trace."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from metalocal.commands.common import open_graph
from metalocal.locations import locations

ROOT = Path(__file__).parents[2]
CASE = (
    "--presentation de_novo --hr-status positive --her2-status negative --age 48 "
    "--metastatic-sites-only bone --metastasis-count 1 --primary-status intact "
    "--primary-resectable yes --prior-lines 0"
)


def metalocal(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "metalocal", *arguments],
        capture_output=True, text=True, input=stdin, timeout=120, cwd=ROOT, check=False,
    )  # fmt: skip


def refused(*arguments: str, stdin: str = "") -> str:
    """What a refused command says; that it says it in words and writes nothing else."""
    done = metalocal(*arguments, stdin=stdin)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


def test_ask_answers_from_flags() -> None:
    done = metalocal("ask", *CASE.split())
    assert done.returncode == 0
    assert (
        "MF07-01 (randomised controlled trial, level 2, 274 or 278 patients) includes this patient"
        in done.stdout
    )
    assert "solitary bone metastasis (unplanned subgroup): overall survival" in done.stdout
    assert "metalocal informs; it does not advise." in done.stdout


@pytest.mark.usefixtures("graph_file")
def test_a_command_opens_the_graph_once() -> None:
    assert open_graph() is open_graph(None)


def test_one_question_is_told_in_full_and_an_unknown_one_is_refused_with_the_nearest() -> None:
    done = metalocal("ask", *CASE.split(), "--question", "palliation")
    assert "Gillespie 2022 (randomised controlled trial, phase II)" in done.stdout
    assert "MF07-01" not in done.stdout.partition("What to find out next")[0]
    assert "palliation" in refused("ask", *CASE.split(), "--question", "paliation")


def test_ask_answers_from_a_file_the_same_as_from_flags() -> None:
    path = locations().data / "profiles" / "de-novo-solitary-bone.yaml"
    from_file = metalocal("ask", "--profile", str(path), "--format", "json")
    from_flags = metalocal("ask", *CASE.split(), "--format", "json")
    assert json.loads(from_file.stdout) == json.loads(from_flags.stdout)


def test_a_flag_wins_over_the_file() -> None:
    done = metalocal("ask", "--profile", "-", "--age", "60", "--format", "json", stdin="age: 48")
    assert json.loads(done.stdout)["profile"]["given"] == {"age": "60"}


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--hr-status", "negative", "--er-status", "positive"], "contradict"),
        (["--metastatic-sites-only", "bone", "--metastatic-sites", "liver"], "present and absent"),
        (["--age", "480"], "15 to 120"),
        (["--her2-status", "pos"], "has no value pos"),
        (["--format", "xml"], "format xml is not known"),
        (["--profile", "no-such-file.yaml"], "No such file"),
    ],
)
def test_wrong_facts_are_refused_with_place_and_mend(flags: list[str], words: str) -> None:
    said = refused("ask", *flags)
    assert words in said
    assert "mend:" in said


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT ?s WHERE { ?s ?p }", "cannot be run"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE"),
        ("ASK {}", "no SELECT"),
        ("DELETE WHERE { ?s ?p ?o }", "read-only"),
    ],
)
def test_a_wrong_query_is_refused_in_words(tmp_path: Path, query: str, words: str) -> None:
    path = tmp_path / "wrong.rq"
    path.write_text(query)
    assert words in refused("query", str(path))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["verdicts", "--param", "facts=1"], "takes 2 values (value, truth), not 1"),
        (["outcome", "--param", "outcome=a,b"], "takes 1 values (outcome), not 2"),
        (["outcome", "--param", "outcome"], "write name=value"),
        (["estimates", "--profile", "-"], "takes no profile"),
        (["verdict"], "did you mean verdicts"),
        (["outcome", "--format", "xml"], "use table, csv or json"),
    ],
)
def test_wrong_query_arguments_are_refused_in_words(arguments: list[str], words: str) -> None:
    assert words in refused("query", *arguments)


def test_a_binary_file_is_no_profile_and_no_query(tmp_path: Path) -> None:
    path = tmp_path / "binary.rq"
    path.write_bytes(b"\xff\xfe\x00#+ ")
    assert "not UTF-8" in refused("ask", "--profile", str(path))
    assert "not UTF-8" in refused("query", str(path))


def test_an_output_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    assert "has no folder" in refused("ask", "--age", "48", "-o", str(tmp_path / "no" / "x.txt"))
    assert "is a folder" in refused("ask", "--age", "48", "-o", str(tmp_path))


def test_a_flag_replaces_the_list_of_the_file_and_what_was_said_of_its_completeness() -> None:
    file = "metastatic_sites: [bone]\nmetastatic_sites_complete: true"
    done = metalocal(
        "ask", "--profile", "-", "--metastatic-sites", "liver", "--format", "json", stdin=file
    )
    assert json.loads(done.stdout)["profile"]["given"] == {"metastatic_sites": "liver"}


def test_a_port_in_use_is_told_before_anything_is_announced() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = metalocal("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert done.stdout == ""
    assert "choose another with --port" in done.stderr


def test_an_unknown_flag_is_refused() -> None:
    assert "--colour" in refused("ask", "--colour", "red")


def test_help_names_every_attribute_with_its_choices() -> None:
    done = metalocal("ask", "--help")
    assert done.returncode == 0
    words = re.sub(r"[\s│]+", " ", done.stdout)
    for flag in ("--presentation", "--her2-status", "--metastatic-sites-only", "--ecog"):
        assert flag in words
    assert "de_novo" in words


def test_ask_writes_a_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "answer.md"
    done = metalocal("ask", "--age", "48", "--format", "md", "--output", str(path))
    assert done.returncode == 0
    assert path.read_text("utf-8").startswith("# What evidence supports local therapy")
    assert list(tmp_path.iterdir()) == [path]


def test_query_lists_itself_and_runs_a_file(tmp_path: Path) -> None:
    assert "verdicts" in metalocal("query").stdout
    path = tmp_path / "count.rq"
    path.write_text("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    done = metalocal("query", str(path), "--format", "csv")
    assert done.stdout.splitlines()[0] == "n"
    assert int(done.stdout.splitlines()[1]) > 1000


def test_query_prints_its_text_with_the_profile_filled_in() -> None:
    path = locations().data / "profiles" / "de-novo-solitary-bone.yaml"
    done = metalocal("query", "verdicts", "--profile", str(path), "--text")
    assert "<https://w3id.org/metalocal/ontology/age> 48)" in done.stdout


def test_check_finds_nothing_wrong() -> None:
    assert "no problem" in metalocal("check").stdout


def test_provenance_without_the_texts_says_which_are_missing(tmp_path: Path) -> None:
    said = refused("check", "provenance", "--sources", str(tmp_path))
    assert "text of source liu-2023 is not in" in said


def test_owl_export_writes_a_part_or_modules(tmp_path: Path) -> None:
    schema, modules = tmp_path / "schema.ttl", tmp_path / "modules"
    assert metalocal("export", "owl", str(schema), "--schema").returncode == 0
    assert "id/study/" not in schema.read_text("utf-8")
    assert "open metalocal-all.ttl" in metalocal("export", "owl", str(modules)).stdout
    assert (modules / "catalog-v001.xml").is_file()


def test_owl_export_refuses_two_parts_modules_in_part_and_what_it_would_overwrite(
    tmp_path: Path,
) -> None:
    file = tmp_path / "notes"
    file.write_text("mine")
    assert "is a file" in refused("export", "owl", str(file))
    assert file.read_text() == "mine"
    assert "holds other files" in refused("export", "owl", str(tmp_path))
    for options in (["--classes", "--schema"], ["--question", "palliation", "--classes"]):
        assert "give one of" in refused("export", "owl", str(tmp_path / "x.owl"), *options)
    assert "give one of" in refused("export", "owl", str(tmp_path / "new"), "--classes")
    told = refused("export", "owl", str(tmp_path / "x.owl"), "--question", "ablation")
    assert "Did you mean ablation_of_metastases?" in told
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]


def test_owl_export_refuses_an_unknown_form(tmp_path: Path) -> None:
    assert "cannot write" in refused("export", "owl", str(tmp_path / "x.docx"))


def test_a_broken_study_stops_the_answer_and_is_named(tmp_path: Path) -> None:
    copy = tmp_path / "checkout"
    for name in ("ontology", "data", "queries", "graph_builder", "metalocal", "pyproject.toml"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, _made(copy) / name)
    study = copy / "data" / "trials" / "avatar.yaml"
    study.write_text(study.read_text("utf-8").replace("phase: II\n", "phase: 2\n"), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "metalocal", "ask", "--age", "48"],
        capture_output=True, text=True, timeout=120, cwd=copy, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("data/trials/avatar.yaml:")
    assert "Traceback" not in done.stderr
    assert not (copy / "build" / "graph").exists()


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def test_the_readme_names_only_commands_that_exist() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for command in re.findall(r"`metalocal (\w+)", text):
        assert metalocal(command, "--help").returncode == 0
