"""A Spark data frame of patients to counts, verdicts and rows set aside, on all workers at once.

Its columns are those of a cohort's table. Each worker judges batches of rows as `metalocal screen`
does, and needs metalocal with pyarrow; only the counts come back to the driver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from graph_builder.problems import Place
from metalocal.answers import VERDICTS
from metalocal.cohort.bits import BlockReader, Known
from metalocal.cohort.cell_rows import CellRows
from metalocal.cohort.columns import Column, columns_of
from metalocal.cohort.counting import Counts, counted, nobody, standings, verdict_codes
from metalocal.cohort.records import BECAUSE, PATIENT, CohortError, Unread
from metalocal.cohort.screening import Screen, good_rows, refusal

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Batches = Iterator[pa.RecordBatch]

_NAME = "data frame"
_NO_ONE_TEXT = ("array", "map", "struct", "binary", "variant")
_COUNTS = "part string, number int, one long, two long, three long"


class _Block(NamedTuple):
    """Rows of a batch, what reads them, and what is known of them."""

    rows: list[Unread]
    source: CellRows
    known: Known


def counts(frame: DataFrame, screen: Screen) -> tuple[Counts, int]:
    """How the patients of a data frame stand to the groups, and how many rows are set aside.

    Raises:
        CohortError: a column is of a type that has no one text.
        ProblemsFoundError: a column is not known, has no name or stands twice.
    """

    def judged(blocks: Iterator[_Block]) -> Batches:
        total, refused = nobody(screen.found.groups), 0
        for block in blocks:
            total += counted(block.known.worlds, list(standings(screen.found, block.known.worlds)))
            refused += len(block.known.refused())
        yield _as_batch(total, refused)

    parts = _mapped(frame, screen, judged, _COUNTS)
    total, refused = nobody(screen.found.groups), 0
    patients = 0
    for part, number, *sums in parts.groupBy("part", "number").sum("one", "two", "three").collect():
        if part == "rows":
            patients, refused = sums[0], sums[1]
        elif part == "groups":
            total.groups[number] = sums[:2]
        else:
            total.criteria[number] = sums
    return Counts(patients, total.groups, total.criteria), refused


def verdicts(frame: DataFrame, screen: Screen) -> DataFrame:
    """A row for each patient that can be judged: her id, and the verdict of each group as a word.

    The columns have the names of the groups, such as study/x-2020/population/all.
    """
    names = [PATIENT, *(group.name for group in screen.found.groups)]

    def judged(blocks: Iterator[_Block]) -> Batches:
        words = pa.array(VERDICTS)
        for rows, _, known in blocks:
            ids = [row.id for row in good_rows(rows, known)]
            found = list(standings(screen.found, known.worlds))
            codes = verdict_codes(known.worlds, known.size, found)
            columns = [pa.array(ids, pa.string()), *(words.take(pa.array(row)) for row in codes)]
            yield pa.RecordBatch.from_arrays(columns, names=names)

    return _mapped(frame, screen, judged, ", ".join(f"`{name}` string" for name in names))


def set_aside(frame: DataFrame, screen: Screen) -> DataFrame:
    """A row for each that cannot be judged: the id of the patient, and what is wrong."""
    names = [PATIENT, BECAUSE]

    def refused(blocks: Iterator[_Block]) -> Batches:
        for rows, source, known in blocks:
            wrong = [refusal(source, rows[place]) for place in known.refused()]
            columns = [[row.id for row in wrong], [row.because for row in wrong]]
            arrays = [pa.array(column, pa.string()) for column in columns]
            yield pa.RecordBatch.from_arrays(arrays, names=names)

    return _mapped(frame, screen, refused, f"{PATIENT} string, {BECAUSE} string")


def _mapped(
    frame: DataFrame, screen: Screen, judged: Callable[[Iterator[_Block]], Batches], schema: str
) -> DataFrame:
    """A data frame of what `judged` makes of the blocks of each partition."""
    columns = _columns(frame, screen)

    def mapped(batches: Batches) -> Batches:
        reader = screen.reader()
        return judged(_block(batch, columns, screen, reader) for batch in batches if batch.num_rows)

    return frame.mapInArrow(mapped, schema)


def _columns(frame: DataFrame, screen: Screen) -> tuple[Column, ...]:
    for name, kind in frame.dtypes:
        if kind.startswith(_NO_ONE_TEXT):
            mend = 'join lists to text, as by concat_ws("; ", ...)'
            raise CohortError(f"column {name} of the {_NAME} is of type {kind}; {mend}")
    return columns_of(frame.columns, screen.attributes, Place(_NAME))


def _block(
    batch: pa.RecordBatch, columns: Sequence[Column], screen: Screen, reader: BlockReader
) -> _Block:
    """The rows of a batch; what is null tells nothing, and rows are numbered within the batch."""
    texts = [column.cast(pa.string()).fill_null("").to_pylist() for column in batch.columns]
    named = next((one for one in columns if one.name == PATIENT), None)
    ids = texts[named.number - 1] if named else [str(n) for n in range(1, batch.num_rows + 1)]
    cells = zip(*texts, strict=True)
    rows = [
        Unread(name.strip(), line, source)
        for line, (name, source) in enumerate(zip(ids, cells, strict=True), start=1)
    ]
    source = CellRows(_NAME, columns, screen.attributes, screen.rules, decimal_comma=False)
    return _Block(rows, source, reader.known(source, rows))


def _as_batch(total: Counts, refused: int) -> pa.RecordBatch:
    """The counts of a partition as rows, so that Spark can add those of all of them."""
    rows = [
        ("rows", 0, total.patients, refused, 0),
        *(("groups", place, *row, 0) for place, row in enumerate(total.groups.tolist())),
        *(("criteria", place, *row) for place, row in enumerate(total.criteria.tolist())),
    ]
    kinds = (pa.string(), pa.int32(), pa.int64(), pa.int64(), pa.int64())
    arrays = [
        pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), kinds, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, names=["part", "number", "one", "two", "three"])
