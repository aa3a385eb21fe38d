"""Rows of cells, from CSV or a data frame, to patients; one by one, or an attribute at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence

from graph_builder.attributes import Attribute, Implication
from graph_builder.problems import Place, Problem, ProblemsFoundError
from metalocal.cohort.cells import LONGEST, CellReader
from metalocal.cohort.columns import Column
from metalocal.cohort.records import PATIENT, BadRow, Patient, Unread
from metalocal.profiles import Profile, profile_of


class CellRows:
    """Reads rows whose `source` is a tuple of cells, one for each of the columns.

    With `decimal_comma` a comma may stand in a number. `name` is the file, for places.
    """

    def __init__(
        self,
        name: str,
        columns: Sequence[Column],
        attributes: Mapping[str, Attribute],
        rules: Sequence[Implication],
        *,
        decimal_comma: bool,
    ) -> None:
        self.name, self.attributes, self.rules = name, attributes, tuple(rules)
        self._all = CellReader(columns, attributes, decimal_comma)
        self._id_column = next((one.number for one in columns if one.name == PATIENT), None)
        at: dict[str, list[int]] = defaultdict(list)
        for place, column in enumerate(columns):
            if column.key:
                at[column.key].append(place)
        self._at = {key: tuple(places) for key, places in at.items()}
        self._one = {
            key: CellReader([columns[place] for place in places], attributes, decimal_comma)
            for key, places in self._at.items()
        }

    def written(self, rows: Sequence[Unread]) -> Mapping[str, Sequence[Hashable]]:
        """The cells of each attribute in these rows; a tuple of them where it has several."""
        columns = list(zip(*(row.source for row in rows), strict=True))
        found: dict[str, Sequence[Hashable]] = {
            key: columns[places[0]]
            if len(places) == 1
            else list(zip(*(columns[place] for place in places), strict=True))
            for key, places in self._at.items()
        }
        if self._id_column is not None:
            found[PATIENT] = [0 < len(row.id) <= LONGEST for row in rows]
        return found

    def part(self, key: str, row: Unread) -> Profile:
        """What the cells of one attribute tell.

        Raises:
            ProblemsFoundError: they are wrong.
        """
        if key == PATIENT:
            problems, given = self._id_problems(row), {}
        else:
            cells = [row.source[place] for place in self._at[key]]
            told = self._one[key].told(cells, Place(self.name, row.line, 1))
            problems, given = told.problems, told.given
        if problems:
            raise ProblemsFoundError(problems)
        return profile_of(given, self.attributes, ())

    def read(self, row: Unread) -> Patient | BadRow:
        """The patient of a row, or all that is wrong with it."""
        place = Place(self.name, row.line, 1)
        told = self._all.told(row.source, place)
        problems = told.problems + self._id_problems(row)
        if not problems:
            try:
                profile = profile_of(told.given, self.attributes, self.rules, told.places)
                return Patient(row.id, row.line, profile)
            except ProblemsFoundError as found:
                problems = found.problems
        return BadRow(row.id, row.line, row.source, tuple(problems))

    def _id_problems(self, row: Unread) -> list[Problem]:
        if self._id_column is None or 0 < len(row.id) <= LONGEST:
            return []
        place = Place(self.name, row.line, self._id_column)
        if not row.id:
            mend = "name the patient, or leave the column out of the whole table"
            return [Problem(place, "the patient has no id", "patient-id", mend)]
        message = f"the id of the patient has {len(row.id)} characters"
        return [Problem(place, message, "patient-id", f"shorten it to {LONGEST}")]
