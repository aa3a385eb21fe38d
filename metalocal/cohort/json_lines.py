"""JSON Lines, a profile on each, to patients and rows set aside, one at a time."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from graph_builder.attributes import Attribute, Implication, Kind
from graph_builder.problems import Place, Problem, ProblemsFoundError
from metalocal.cohort.cells import LONGEST, NO_UTF_8
from metalocal.cohort.lines import Lines
from metalocal.cohort.records import BECAUSE, PATIENT, BadRow, Patient, Unread
from metalocal.profiles import COMPLETE, Profile, profile_of, read_given

LINE = "rejected_line"
"""Key under which a line that is no JSON object is set aside."""
_LONGEST_LINE = 20_000


class _Told(NamedTuple):
    """A line: the id as it is written, the text, and what it gives by key."""

    name: object
    text: str
    given: dict[str, Any]


class JsonLines:
    """A file with one profile a line, as a JSON object; `patient` is the id of the patient."""

    ending = ".jsonl"

    def __init__(
        self, lines: Lines, attributes: Mapping[str, Attribute], rules: Sequence[Implication]
    ) -> None:
        self.lines, self.attributes, self.rules = lines, attributes, tuple(rules)

    def __iter__(self) -> Iterator[Patient | BadRow]:
        """Its lines in order, each answerable or not; blank lines are passed over."""
        for row in self.unread():
            yield row if isinstance(row, BadRow) else self.read(row)

    def unread(self) -> Iterator[Unread | BadRow]:
        """Its lines in order, unread; those that are no object as bad ones."""
        number, line = 0, self.lines.start()
        for text in self.lines:
            if text.strip():
                number += 1
                place = Place(self.lines.name, line, 1)
                yield self._whole(text.rstrip("\r\n"), place, str(number))
            line = self.lines.start()

    def rejects(self, path: Path) -> RejectedLines:
        """A file for lines set aside that can be mended and read like this one."""
        return RejectedLines(path)

    def _whole(self, text: str, place: Place, number: str) -> Unread | BadRow:
        wrong, given = _object_of(text, place)
        if wrong:
            return BadRow(number, place.line, (text,), (wrong,))
        given.pop(BECAUSE, None)
        name = given.pop(PATIENT, number)
        return Unread(str(name).strip(), place.line, _Told(name, text, given))

    def written(self, rows: Sequence[Unread]) -> Mapping[str, Sequence[Hashable]]:
        """What these lines write of each attribute, as text; a pair where sets may be complete."""
        columns: dict[str, list[str]] = {}
        for place, row in enumerate(rows):
            for key, value in row.source.given.items():
                if key not in columns:
                    columns[key] = [""] * len(rows)
                columns[key][place] = repr(value)
        found: dict[str, Sequence[Hashable]] = {PATIENT: [_is_id(row.source.name) for row in rows]}
        for key, column in columns.items():
            base = key if key in self.attributes else key.removesuffix(COMPLETE)
            found[base] = list(zip(found[base], column, strict=True)) if base in found else column
        return found

    def part(self, key: str, row: Unread) -> Profile:
        """What a line tells of one attribute.

        Raises:
            ProblemsFoundError: it is wrong.
        """
        told: _Told = row.source
        names = (key, f"{key}{COMPLETE}")
        given = {} if key == PATIENT else {n: told.given[n] for n in names if n in told.given}
        name = told.name if key == PATIENT else "1"
        problems = self._wrong_forms(name, given, Place(self.lines.name, row.line, 1))
        if problems:
            raise ProblemsFoundError(problems)
        return profile_of(given, self.attributes, ())

    def read(self, row: Unread) -> Patient | BadRow:
        """The patient of a line, or all that is wrong with it."""
        told: _Told = row.source
        place = Place(self.lines.name, row.line, 1)
        problems = self._wrong_forms(told.name, told.given, place)
        if not problems:
            try:
                found = profile_of(told.given, self.attributes, self.rules)
                return Patient(row.id, row.line, found)
            except ProblemsFoundError:
                problems = self._wrong_values(told.text, told.given, place)
        return BadRow(str(told.name)[:LONGEST], row.line, (told.text,), tuple(problems))

    def _wrong_forms(self, name: object, given: Mapping[str, Any], place: Place) -> list[Problem]:
        """What may stand in JSON and in no profile that people write."""
        problems = []
        if not _is_id(name):
            mend = f"give text of at most {LONGEST} characters, or a whole number"
            problems.append(Problem(place, "this is no id of a patient", "patient-id", mend))
        for key, value in given.items():
            attribute = self.attributes.get(key)
            is_set = attribute is None or attribute.kind is Kind.SET
            if not is_set and isinstance(value, list | dict):
                message = f"{key} has one value, not a list"
                problems.append(Problem(place, message, "wrong-form", "write the value alone"))
        return problems

    def _wrong_values(self, text: str, given: Mapping[str, Any], place: Place) -> list[Problem]:
        """What is wrong with the values of a line, each with its column: read anew as YAML."""
        places = dict.fromkeys([*self.attributes, *given], place)
        try:
            found = read_given(text, place.file)[1]
        except ProblemsFoundError:  # JSON has escapes that YAML has not
            found = {}
        places |= {key: Place(place.file, place.line, at.column) for key, at in found.items()}
        try:
            profile_of(given, self.attributes, self.rules, places)
        except ProblemsFoundError as error:
            return error.problems
        return []


def _object_of(text: str, place: Place) -> tuple[Problem | None, dict[str, Any]]:
    """The JSON object of a line, or what is wrong with the line."""
    if NO_UTF_8.search(text):
        message, mend = "the line holds bytes that are not UTF-8", "save the file as UTF-8"
        return Problem(place, message, "encoding", mend), {}
    if len(text) > _LONGEST_LINE:
        message, mend = f"the line has {len(text)} characters", "write one profile a line"
        return Problem(place, message, "profile-form", mend), {}
    try:
        given = _object(text)
    except (ValueError, RecursionError) as error:
        where = Place(place.file, place.line, getattr(error, "colno", 1))
        reason = getattr(error, "msg", str(error))
        message, mend = f"this is no JSON object: {reason}", "write one object a line"
        return Problem(where, message, "profile-form", mend), {}
    if LINE in given:
        message, mend = "a line set aside is still to be mended", f"put the object of {LINE} here"
        return Problem(place, message, "profile-form", mend), {}
    return None, given


def _object(text: str) -> dict[str, Any]:
    found = _DECODER.decode(text)
    if not isinstance(found, dict):
        raise ValueError("it maps no attributes to values")
    return found


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for place, key in enumerate(keys) if key in keys[:place])
        raise ValueError(f"key {twice} stands twice")
    return found


_DECODER = json.JSONDecoder(parse_float=Decimal, object_pairs_hook=_mapping)


def _is_id(name: object) -> bool:
    text = str(name).strip()
    kind = isinstance(name, str | int) and not isinstance(name, bool)
    return kind and 0 < len(text) <= LONGEST and text.isprintable()


class RejectedLines:
    """Lines set aside, what is wrong first in each; one that is no object comes as text."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", errors="surrogateescape", newline="")

    def write(self, row: BadRow) -> None:
        """Adds a line, with what is wrong with it."""
        (text,) = row.cells
        try:
            _object(text)
            given = json.loads(text)
        except (ValueError, RecursionError):
            given = {LINE: text}
        given = {BECAUSE: row.because, PATIENT: row.id} | given | {BECAUSE: row.because}
        self._file.write(json.dumps(given, ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Ends the file."""
        self._file.close()
