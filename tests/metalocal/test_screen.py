"""A cohort against all groups at once: the verdicts of the query, counted, and wrong rows told."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray
from random_profiles import random_profiles
from rich.console import Console
from wrong_table import WRONG_TABLE

from graph_builder.problems import ProblemsFoundError
from metalocal.answers import VERDICTS, Library
from metalocal.answers.rows import grouped, verdicts_of
from metalocal.cohort import screening
from metalocal.cohort.groups import KINDS, Groups, chosen, groups_of
from metalocal.cohort.json_lines import JsonLines
from metalocal.cohort.lines import Lines
from metalocal.cohort.records import BadRow, Cohort, CohortError, Patient, Unread
from metalocal.cohort.screen_rows import criterion_rows, population_rows
from metalocal.cohort.screening import Screen, Screening, screened
from metalocal.cohort.table import Table
from metalocal.commands.screen import MOST, show
from metalocal.locations import locations
from metalocal.profiles import Profile, profile_of

LITTLE = 7
"""Rows of a block in these tests: the cohorts have more, so that blocks are added up."""


class Told:
    """Keeps what is told while a cohort is read, and the verdicts."""

    def __init__(self) -> None:
        self.bad: list[BadRow] = []
        self.same: list[tuple[str, int]] = []
        self.ids: list[str] = []
        self.codes: list[NDArray[np.uint8]] = []

    def bad_row(self, row: BadRow) -> None:
        self.bad.append(row)

    def same_id(self, row: Unread, first: int) -> None:
        self.same.append((row.id, first))

    def progress(self, patients: int, rejected: int) -> None:
        pass

    def write(self, patients: Sequence[Unread], codes: NDArray[np.uint8]) -> None:
        self.ids += [row.id for row in patients]
        self.codes += list(codes.T)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "BLOCK", LITTLE)


@pytest.fixture(scope="module")
def found(library: Library) -> Groups:
    return groups_of(library, set(KINDS.values()))


@pytest.fixture(scope="module")
def given(library: Library) -> list[dict[str, Any]]:
    """The example profiles and 45 of random facts."""
    files = sorted((locations().data / "profiles").glob("*.yaml"))
    examples = [yaml.safe_load(path.read_text("utf-8")) or {} for path in files]
    random = random_profiles(45, library.attributes, library.rules, seed=8)
    return [*examples, *(facts for facts, _ in random)]


@pytest.fixture(scope="module")
def profiles(library: Library, given: list[dict[str, Any]]) -> list[Profile]:
    return [profile_of(facts, library.attributes, library.rules) for facts in given]


@pytest.fixture
def run(library: Library, found: Groups) -> Callable[[Cohort], tuple[Screening, Told]]:
    def ran(cohort: Cohort) -> tuple[Screening, Told]:
        told = Told()
        return screened(cohort, Screen.of(library, found), told, told), told

    return ran


def json_lines(given: Sequence[dict[str, Any]], library: Library) -> JsonLines:
    text = "".join(json.dumps({"patient": f"p{n}", **one}) + "\n" for n, one in enumerate(given))
    return lines_of(text, library)


def lines_of(text: str, library: Library) -> JsonLines:
    file = Lines("patients.jsonl", io.StringIO(text))
    return JsonLines(file, library.attributes, library.rules)


def table_of(text: str, library: Library) -> Table:
    file = Lines("patients.csv", io.StringIO(text, newline=""))
    return Table(file, library.attributes, library.rules)


# what is judged


def test_verdicts_are_those_of_the_query_for_every_patient_and_group(
    run: Callable[[Cohort], tuple[Screening, Told]], library: Library, found: Groups,
    given: list[dict[str, Any]], profiles: list[Profile],
) -> None:  # fmt: skip
    _, told = run(json_lines(given, library))
    assert told.ids == [f"p{number}" for number in range(len(given))]
    for profile, codes in zip(profiles, told.codes, strict=True):
        judged = {group.id: VERDICTS[code] for group, code in zip(found.groups, codes, strict=True)}
        assert judged == verdicts_of(library.rows, profile)


def test_counts_of_populations_and_criteria_are_those_of_the_reasons_one_by_one(
    run: Callable[[Cohort], tuple[Screening, Told]], library: Library, found: Groups,
    given: list[dict[str, Any]], profiles: list[Profile],
) -> None:  # fmt: skip
    screening, _ = run(json_lines(given, library))
    statuses: Counter[tuple[str, str, str]] = Counter()
    alone: Counter[tuple[str, str]] = Counter()
    verdicts: Counter[tuple[str, str]] = Counter()
    for profile in profiles:
        for group, reasons in grouped(library.rows.of("reasons", profile), "group").items():
            statuses.update((group, reason["criterion"], reason["status"]) for reason in reasons)
            failed = [reason["criterion"] for reason in reasons if reason["status"] == "not met"]
            alone.update((group, one) for one in failed if len(failed) == 1)
        verdicts.update(verdicts_of(library.rows, profile).items())
    for row in criterion_rows(found.groups, screening.counts):
        key = row.population, row.criterion
        counted = [statuses[(*key, status)] for status in ("met", "unknown", "not met")]
        assert [row.met, row.unknown, row.not_met, row.alone] == [*counted, alone[key]], row
    for one in population_rows(found.groups, screening.counts):
        counts = [verdicts[one.population, verdict] for verdict in VERDICTS]
        assert [one.included, one.indeterminate, one.excluded] == counts, one
        (group,) = (group for group in found.groups if group.id == one.population)
        most = max(statuses[group.id, each.id, "not met"] for each in group.criteria)
        assert one.excludes_most_patients == most
        assert bool(one.excludes_most) == bool(most)


def test_a_number_at_beside_and_between_limits_is_judged_as_itself(
    run: Callable[[Cohort], tuple[Screening, Told]], library: Library, found: Groups
) -> None:
    near = [
        {key: float(number)}
        for key, limits in found.clauses.limits(found.clauses.of_group).items()
        for limit in sorted(limits)
        for number in (limit - 1, limit, limit + Decimal("0.5"), limit + 1)
        if _fits(library, key, number)
    ]
    _, told = run(json_lines(near, library))
    assert len(told.codes) == len(near)
    for facts, codes in zip(near, told.codes, strict=True):
        alone = library.clauses.verdicts(profile_of(facts, library.attributes, library.rules))
        judged = {group.id: VERDICTS[code] for group, code in zip(found.groups, codes, strict=True)}
        assert judged == alone, facts


def _fits(library: Library, key: str, number: Decimal) -> bool:
    try:
        profile_of({key: number}, library.attributes, library.rules)
    except ProblemsFoundError:
        return False
    return True


def test_a_patient_of_whom_nothing_is_told_is_excluded_from_nothing(
    run: Callable[[Cohort], tuple[Screening, Told]], library: Library
) -> None:
    screening, _ = run(json_lines([{}], library))
    assert screening.counts.patients == 1
    assert screening.counts.groups[:, 1].sum() == 0


def test_counts_of_two_halves_add_up_to_those_of_the_whole(
    run: Callable[[Cohort], tuple[Screening, Told]], library: Library, given: list[dict[str, Any]]
) -> None:
    whole = run(json_lines(given, library))[0].counts
    halves = [run(json_lines(part, library))[0].counts for part in (given[:20], given[20:])]
    total = halves[0] + halves[1]
    assert total.patients == whole.patients
    assert (total.groups == whole.groups).all()
    assert (total.criteria == whole.criteria).all()


# rows that are wrong


def test_the_rows_set_aside_are_those_that_reading_one_by_one_sets_aside(
    run: Callable[[Cohort], tuple[Screening, Told]], library: Library
) -> None:
    entries = list(table_of(WRONG_TABLE, library))
    _, told = run(table_of(WRONG_TABLE, library))
    assert told.bad == [entry for entry in entries if isinstance(entry, BadRow)]
    assert told.ids == [entry.id for entry in entries if isinstance(entry, Patient)]
    assert len(told.bad) >= 8
    assert told.same == [("a", 2)]


def test_lines_that_contradict_themselves_are_set_aside_with_the_same_words(
    run: Callable[[Cohort], tuple[Screening, Told]], library: Library
) -> None:
    text = "\n".join(
        [
            '{"patient": "a", "age": 48}',
            '{"patient": "b", "age": true}',
            '{"patient": "c", "age": [48]}',
            '{"patient": "d", "aeg": 48}',
            '{"patient": 1.5, "age": 48}',
            "no object",
            '{"metastatic_sites": ["bone"], "metastatic_sites_complete": true}',
            '{"metastatic_sites": ["bone"], "metastatic_sites_complete": "perhaps"}',
            '{"metastatic_sites_complete": true}',
            '{"metastatic_sites": {"only": ["bone"]}, "metastatic_organ_count": 2}',
            '{"presentation": "de_novo", "disease_free_interval_months": 12}',
            '{"er_status": "positive", "hr_status": "negative"}',
            '{"her2_status": "positive", "subtype": "triple_negative"}',
            '{"brain_metastasis_count": 3, "metastasis_count": 2}',
        ]
    )
    entries = list(lines_of(text, library))
    _, told = run(lines_of(text, library))
    assert told.bad == [entry for entry in entries if isinstance(entry, BadRow)]
    assert told.ids == [entry.id for entry in entries if isinstance(entry, Patient)]
    assert len(told.bad) == 12


def test_random_rows_are_refused_exactly_where_their_profile_is(
    run: Callable[[Cohort], tuple[Screening, Told]], library: Library, given: list[dict[str, Any]]
) -> None:
    mixed = [{**one, **other} for one in given[:30] for other in given[15:45:3]]
    entries = list(json_lines(mixed, library))
    _, told = run(json_lines(mixed, library))
    assert told.bad == [entry for entry in entries if isinstance(entry, BadRow)]
    assert 20 < len(told.bad) < len(mixed) - 20


def test_a_block_of_wrong_rows_alone_counts_nobody_and_loses_none_of_them(
    run: Callable[[Cohort], tuple[Screening, Told]], library: Library
) -> None:
    text = "patient,age\n" + "a,48,b\n" * (LITTLE + 2) + "z,48\n"
    screening, told = run(table_of(text, library))
    assert (screening.counts.patients, screening.rejected) == (1, LITTLE + 2)
    assert len(told.bad) == LITTLE + 2


def test_a_cohort_without_patients_gives_every_population_no_patient(
    run: Callable[[Cohort], tuple[Screening, Told]], library: Library, found: Groups
) -> None:
    screening, told = run(table_of("patient,age\n", library))
    rows = population_rows(found.groups, screening.counts)
    assert len(rows) == len(found.groups)
    assert {(row.patients, row.included, row.excludes_most) for row in rows} == {(0, 0, "")}
    assert told.codes == []


def test_stopping_at_the_first_wrong_row_tells_what_is_wrong_with_it(
    library: Library, found: Groups
) -> None:
    with pytest.raises(ProblemsFoundError, match="480"):
        screened(
            table_of(WRONG_TABLE, library), Screen.of(library, found), Told(), stop_on_error=True
        )


# groups


def test_a_study_is_chosen_by_its_id_or_label_in_any_case(found: Groups) -> None:
    by_id, by_label = chosen(found, ["zugni-2018"]), chosen(found, ["zugni 2018"])
    assert by_id == by_label
    assert {group.owner_label for group in by_id.groups} == {"Zugni 2018"}


def test_a_study_that_is_not_known_is_told_with_one_like_it(found: Groups) -> None:
    with pytest.raises(CohortError, match="zugni-2018"):
        chosen(found, ["zugni-2081"])


def test_groups_of_all_kinds_are_those_of_the_query_verdicts(
    library: Library, found: Groups
) -> None:
    rows = library.rows.of("verdicts", Profile())
    known = {(row["owner"], row["group"], row["ownerLabel"], row["groupLabel"]) for row in rows}
    assert {(one.owner, one.id, one.owner_label, one.label) for one in found.groups} == known
    assert {one.kind for one in groups_of(library).groups} == {"population"}


# the terminal


def test_a_terminal_shows_first_what_includes_most_and_says_how_many_more_there_are(
    run: Callable[[Cohort], tuple[Screening, Told]], library: Library, found: Groups,
    given: list[dict[str, Any]],
) -> None:  # fmt: skip
    rows = population_rows(found.groups, run(json_lines(given, library))[0].counts)
    console = Console(file=io.StringIO(), width=300)
    show(rows, console)
    printed = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    most = max(rows, key=lambda row: (row.included, row.indeterminate))
    assert f"  {most.included}" in printed[1]
    assert len(printed) == MOST + 2
    assert printed[-1].startswith(f"and {len(rows) - MOST} more")
