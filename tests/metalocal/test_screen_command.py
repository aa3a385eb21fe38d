"""`metalocal screen` as a user runs it: files, refusals, exit codes."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from wrong_table import WRONG_TABLE

from metalocal.answers import NOTICE, VERDICTS
from metalocal.locations import locations

EXAMPLE = locations().data / "cohorts" / "example.csv"


def table_in(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def metalocal(*arguments: str, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "metalocal", "screen", *arguments],
        capture_output=True, text=True, input=stdin, timeout=120, cwd=cwd, check=False,
    )  # fmt: skip


def test_the_command_writes_populations_criteria_and_verdicts(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    done = metalocal(
        str(EXAMPLE), "-o", "p.parquet", "--criteria", "c.csv", "--verdicts", "v.parquet",
        cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    populations = parquet.read_table(tmp_path / "p.parquet").to_pylist()
    verdicts = parquet.read_table(tmp_path / "v.parquet").to_pylist()
    criteria = table_in(tmp_path / "c.csv")
    assert len(verdicts) == 12
    assert all(row["notice"] == NOTICE for row in [*populations, *criteria])
    for row in populations:
        name = row["population"].removeprefix("https://w3id.org/metalocal/id/")
        words = Counter(patient[name] for patient in verdicts)
        counts = [row["included"], row["indeterminate"], row["excluded"]]
        assert counts == [words[verdict] for verdict in VERDICTS]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.csv", "p.parquet", "v.parquet"]


def test_verdicts_in_csv_keep_ids_from_being_taken_for_formulas(tmp_path: Path) -> None:
    done = metalocal("-", "--study", "zugni-2018", "--verdicts", "v.csv", cwd=tmp_path,
                     stdin="patient,metastasis_count\n=1+1,3\n")  # fmt: skip
    assert done.returncode == 0, done.stderr
    (row,) = table_in(tmp_path / "v.csv")
    assert row["patient"] == "'=1+1"
    assert row["study/zugni-2018/population/all"] == "included"
    (printed,) = csv.DictReader(io.StringIO(done.stdout))
    assert (printed["study"], printed["included"]) == ("zugni-2018", "1")


def test_wrong_rows_are_set_aside_told_and_counted_by_exit_code_3(tmp_path: Path) -> None:
    done = metalocal("-", "--rejected", "r.csv", cwd=tmp_path, stdin=WRONG_TABLE)
    assert done.returncode == 3
    assert "standard input:3:2: error: age 480 lies outside" in done.stderr
    rejected = table_in(tmp_path / "r.csv")
    assert rejected[0]["patient"] == "b"
    assert "age 480" in rejected[0]["rejected_because"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--of", "trial"], "--of trial is not known"),
        (["-o", "x.txt"], "--output x.txt is no form known"),
        (["-o", "x.csv", "--criteria", "x.csv"], "would overwrite another file"),
        (["--study", "nobody"], "study nobody has no group"),
        (["--stop-on-error", "-o", "x.csv", "--verdicts", "v.csv"], "age 480 lies outside"),
    ],
)
def test_what_is_asked_wrongly_is_told_and_writes_nothing(
    options: list[str], message: str, tmp_path: Path
) -> None:
    done = metalocal("-", *options, cwd=tmp_path, stdin=WRONG_TABLE)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
