"""The same counts, verdicts and refusals from a Spark data frame as from a file."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph_builder.problems import ProblemsFoundError
from metalocal.answers import VERDICTS, Library
from metalocal.cohort.groups import groups_of
from metalocal.cohort.lines import Lines
from metalocal.cohort.records import BadRow, CohortError
from metalocal.cohort.screening import Screen, screened
from metalocal.cohort.table import Table
from metalocal.locations import locations

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'metalocal[spark]'")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("Spark needs Java 17 or newer, and none is found", allow_module_level=True)

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),  # its own
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # its sockets
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

WRONG = ("wrong-1,480,", "wrong-2,48,purple", ",48,positive")


class Silent:
    def __init__(self) -> None:
        self.bad: list[BadRow] = []
        self.codes: dict[str, list[str]] = {}

    def bad_row(self, row: BadRow) -> None:
        self.bad.append(row)

    def same_id(self, row: Any, first: int) -> None:
        raise AssertionError(row)

    def progress(self, patients: int, rejected: int) -> None:
        pass

    def write(self, patients: Any, codes: Any) -> None:
        for row, verdicts in zip(patients, codes.T.tolist(), strict=True):
            self.codes[row.id] = [VERDICTS[code] for code in verdicts]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else workers take any Python there is
    builder = SparkSession.builder.master("local[2]").appName("metalocal")
    session = (
        builder.config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "5")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="module")
def screen(library: Library) -> Screen:
    return Screen.of(library, groups_of(library))


@pytest.fixture(scope="module")
def text() -> str:
    """The example cohort, and three rows that are wrong."""
    example = (locations().data / "cohorts" / "example.csv").read_text("utf-8")
    names = example.partition("\n")[0].split(",")
    rows = []
    for one in WRONG:
        cells = dict(zip(("patient", "age", "her2_status"), one.split(","), strict=True))
        rows.append(",".join(cells.get(name, "") for name in names))
    return example + "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def frame(spark: Any, text: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = Path(tmp_path_factory.mktemp("spark")) / "patients.csv"
    path.write_text(text, encoding="utf-8")
    return spark.read.csv(str(path), header=True).repartition(3)


@pytest.fixture(scope="module")
def alone(text: str, screen: Screen) -> tuple[Any, Silent]:
    told = Silent()
    table = Table(
        Lines("patients.csv", io.StringIO(text, newline="")), screen.attributes, screen.rules
    )
    return screened(table, screen, told, told), told


def test_counts_of_a_data_frame_are_those_of_the_file(
    frame: Any, screen: Screen, alone: tuple[Any, Silent]
) -> None:
    from metalocal.cohort.spark import counts

    found, refused = counts(frame, screen)
    expected = alone[0].counts
    assert (found.patients, refused) == (expected.patients, len(WRONG)) == (12, 3)
    assert (found.groups == expected.groups).all()
    assert (found.criteria == expected.criteria).all()


def test_verdicts_of_a_data_frame_are_those_of_the_file(
    frame: Any, screen: Screen, alone: tuple[Any, Silent]
) -> None:
    from metalocal.cohort.spark import verdicts

    found = verdicts(frame, screen)
    assert found.columns == ["patient", *(group.name for group in screen.found.groups)]
    assert {row[0]: list(row[1:]) for row in found.collect()} == alone[1].codes


def test_wrong_rows_of_a_data_frame_are_told_with_their_reason(
    frame: Any, screen: Screen, alone: tuple[Any, Silent]
) -> None:
    from metalocal.cohort.spark import set_aside

    told = {row[0]: row[1].partition(": ")[2] for row in set_aside(frame, screen).collect()}
    assert told == {row.id: row.because.partition(": ")[2] for row in alone[1].bad}


def test_numbers_and_truths_of_a_data_frame_tell_what_their_text_tells(
    spark: Any, screen: Screen
) -> None:
    from metalocal.cohort.spark import counts

    schema = "patient string, age int, largest_metastasis_cm double, primary_resectable boolean"
    typed = spark.createDataFrame([("a", 48, 2.5, True), ("b", None, None, None)], schema)
    as_text = spark.createDataFrame([("a", "48", "2.5", "yes"), ("b", "", "", "")], typed.columns)
    (one, wrong), (other, _) = counts(typed, screen), counts(as_text, screen)
    assert (one.patients, wrong) == (2, 0)
    assert (one.groups == other.groups).all()


def test_columns_that_cannot_be_read_are_told_before_anything_is_judged(
    spark: Any, screen: Screen
) -> None:
    from metalocal.cohort.spark import counts

    lists = spark.createDataFrame([(["bone"],)], "metastatic_sites array<string>")
    with pytest.raises(CohortError, match="metastatic_sites of the data frame is of type array"):
        counts(lists, screen)
    with pytest.raises(ProblemsFoundError, match="column aeg is not known"):
        counts(spark.createDataFrame([("1",)], "aeg string"), screen)
