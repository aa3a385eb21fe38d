"""Cohorts: every patient is answered as `metalocal ask` answers her, or set aside and told."""

from __future__ import annotations

import csv
import io
import json
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph_builder.attributes import Attribute, Implication, Kind
from graph_builder.problems import ProblemsFoundError
from metalocal.answers import NOTICE, Library, answer
from metalocal.cohort import run as running
from metalocal.cohort.answering import Answers
from metalocal.cohort.columns import known_columns
from metalocal.cohort.json_lines import JsonLines
from metalocal.cohort.limits import independent_numbers, limits_of
from metalocal.cohort.lines import Lines, open_lines
from metalocal.cohort.records import BadRow, CohortError, Patient
from metalocal.cohort.rows import MOOT, rows_of
from metalocal.cohort.run import Listeners, Tally, cohort_of, run, uninterrupted
from metalocal.cohort.table import Table
from metalocal.cohort.writers import CsvWriter, Origin, ParquetWriter
from metalocal.locations import locations
from metalocal.profiles import Profile, profile_of

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((locations().data / "profiles").glob("*.yaml"))
EXAMPLE_COHORT = locations().data / "cohorts" / "example.csv"
ORIGIN = Origin("0.0", "a graph")
SILENT = Listeners(lambda row: None, lambda patient, line: None, lambda tally: None)

Read = Callable[[str], list[Patient | BadRow]]


@pytest.fixture(scope="module")
def answers(library: Library) -> Answers:
    return Answers(library)


@pytest.fixture
def table(attributes: dict[str, Attribute], rules: list[Implication]) -> Callable[[str], Table]:
    return lambda text: Table(lines(text), attributes, rules)


@pytest.fixture
def read(table: Callable[[str], Table]) -> Read:
    return lambda text: list(table(text))


@pytest.fixture
def read_json(attributes: dict[str, Attribute], rules: list[Implication]) -> Read:
    return lambda text: list(JsonLines(lines(text), attributes, rules))


def lines(text: str) -> Lines:
    return Lines("patients.csv", io.StringIO(text, newline=""))


def profiles(entries: list[Patient | BadRow]) -> dict[str, Profile]:
    assert all(isinstance(entry, Patient) for entry in entries), entries
    return {entry.id: entry.profile for entry in entries if isinstance(entry, Patient)}


def bad(entries: list[Patient | BadRow]) -> list[BadRow]:
    return [entry for entry in entries if isinstance(entry, BadRow)]


def told(entries: list[Patient | BadRow]) -> str:
    return "\n".join(str(problem) for row in bad(entries) for problem in row.problems)


def as_table(given: dict[str, dict[str, Any]], attributes: dict[str, Attribute]) -> str:
    """Profiles as people write them, as a table with every column there is."""
    out = io.StringIO()
    names = [name for name in known_columns(attributes) if name != "rejected_because"]
    writer = csv.DictWriter(out, names, restval="")
    writer.writeheader()
    for name, facts in given.items():
        row: dict[str, object] = {"patient": name}
        for key, value in facts.items():
            if isinstance(value, dict):
                for part, words in value.items():
                    row[key if part == "present" else f"{key}_{part}"] = "; ".join(words)
            else:
                row[key] = "; ".join(value) if isinstance(value, list) else value
        writer.writerow(row)
    return out.getvalue()


def example_facts() -> dict[str, dict[str, Any]]:
    return {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in EXAMPLES}


def written(entries: Iterator[Any] | list[Any], answers: Answers) -> list[dict[str, str]]:
    out = io.StringIO()
    run(entries, answers, CsvWriter(out, ORIGIN, keep_open=True), SILENT)  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def metalocal(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "metalocal", "ask", *arguments],
        capture_output=True, text=True, input=stdin, timeout=120, cwd=ROOT, check=False,
    )  # fmt: skip


# what is answered


@pytest.mark.parametrize("form", ["table", "json lines"])
def test_every_example_patient_is_the_same_as_when_asked_about_alone(
    form: str, read: Read, read_json: Read, attributes: dict[str, Attribute],
    rules: list[Implication],
) -> None:  # fmt: skip
    facts = example_facts()
    alone = {name: profile_of(given, attributes, rules) for name, given in facts.items()}
    if form == "table":
        found = profiles(read(as_table(facts, attributes)))
    else:
        text = "\n".join(json.dumps({"patient": name, **one}) for name, one in facts.items())
        found = profiles(read_json(text))
    assert {name: (one.facts, one.numbers) for name, one in found.items()} == {
        name: (one.facts, one.numbers) for name, one in alone.items()
    }


def test_rows_say_what_the_answer_for_the_patient_says(
    answers: Answers, read: Read, attributes: dict[str, Attribute]
) -> None:
    entries = read(as_table(example_facts(), attributes))
    rows = written(entries, answers)
    expected = []
    for name, profile in profiles(entries).items():
        said = answer(profile, answers.library)
        for question in said.questions:
            if question.local_therapy:
                judgement = question.judgement
                expected.append({
                    "patient": name,
                    "question": question.code,
                    "verdict": MOOT if question.moot else judgement.word,
                    "votes": len(judgement.votes),
                    "studies": "; ".join(vote.row.study.label for vote in judgement.votes),
                    "including": question.counts()["included"],
                    "hanging": "; ".join(row.study.label for row in judgement.hanging),
                    "next": "; ".join(one.attribute for one in said.unknowns[:3]),
                })  # fmt: skip
    votes = ("votes_for", "votes_no_difference", "votes_against", "votes_mixed")
    assert [
        {
            "patient": row["patient"],
            "question": row["question"],
            "verdict": row["verdict"],
            "votes": sum(int(row[name]) for name in votes),
            "studies": row["voting_studies"],
            "including": int(row["studies_including"]),
            "hanging": row["hanging_trials"],
            "next": row["find_out_next"],
        }
        for row in rows
    ] == expected
    assert {row["notice"] for row in rows} == {NOTICE}


def test_each_hanging_trial_has_the_facts_it_hangs_on_and_they_are_not_told(
    answers: Answers, read: Read, attributes: dict[str, Attribute]
) -> None:
    hanging = 0
    for profile in profiles(read(as_table(example_facts(), attributes))).values():
        for row in answers.rows(profile):
            assert len(row.hanging_trials) == len(row.hanging_facts)
            for facts in row.hanging_facts:
                hanging += 1
                assert facts
                assert not any(profile.knows(attributes[key]) for key in facts.split(", "))
    assert hanging


def test_a_trial_under_way_is_named_unless_it_excludes_the_patient(
    answers: Answers, profile: Callable[..., Profile]
) -> None:
    patient = profile(presentation="recurrent", metastasis_count=40)
    said = answer(patient, answers.library)
    named = [name for row in answers.rows(patient) for name in row.open_trials]
    local = {question.question for question in said.questions if question.local_therapy}
    of_local_therapy = [trial for trial in said.trials if trial.question in local]
    for trial in of_local_therapy:
        names = [number for number, _ in trial.registry] or [trial.study]
        fits = trial.verdict != "excluded" and trial.takes_in != "active, not recruiting"
        assert [name in named for name in names] == [fits] * len(names)
    assert {trial.verdict for trial in of_local_therapy} >= {"excluded", "indeterminate"}


def test_no_study_is_named_so_that_a_list_of_studies_could_be_cut_wrongly(answers: Answers) -> None:
    assert [row["label"] for row in answers.library.rows("studies") if ";" in row["label"]] == []


def test_shuffling_the_patients_changes_the_order_of_the_rows_and_nothing_else(
    answers: Answers, read: Read
) -> None:
    header, *patients = EXAMPLE_COHORT.read_text("utf-8").splitlines(keepends=True)
    shuffled = patients[:]
    random.Random(4).shuffle(shuffled)
    outputs = [
        written(read("".join([header, *order])), Answers(answers.library))
        for order in (patients, shuffled)
    ]
    one, two = ([{k: v for k, v in row.items() if k != "line"} for row in o] for o in outputs)
    assert one != two
    assert sorted(one, key=str) == sorted(two, key=str)


@pytest.mark.parametrize(
    "key", ["age", "largest_liver_metastasis_cm", "disease_free_interval_months"]
)
def test_patients_answered_as_one_would_be_answered_alike_alone(
    key: str, answers: Answers, profile: Callable[..., Profile], attributes: dict[str, Attribute]
) -> None:
    limits = limits_of(answers.library.clauses)[key]
    assert key in independent_numbers(attributes)
    lowest, highest = attributes[key].lowest, attributes[key].highest
    together = Answers(answers.library)
    numbers = sorted({limit + step for limit in limits for step in (-1, 0, 1, 2)})
    shared = 0
    for number in numbers:
        if lowest <= number <= highest:  # type: ignore[operator]
            patient = profile(**{"presentation": "recurrent", key: str(number)})
            before = together.computed
            rows = together.rows(patient)
            if together.computed == before:  # it was given the answer of another patient
                shared += 1
                assert rows == rows_of(answer(patient, answers.library), attributes)
    assert shared
    assert together.computed <= 2 * len(limits) + 1


def test_a_number_that_others_are_compared_with_is_told_apart_in_full(
    attributes: dict[str, Attribute],
) -> None:
    tied = set(attributes) - independent_numbers(attributes)
    assert {"metastasis_count", "brain_metastasis_count", "metastatic_organ_count"} <= tied


def test_a_patient_whose_answer_has_been_forgotten_is_answered_again(
    answers: Answers, profile: Callable[..., Profile]
) -> None:
    one, two = profile(presentation="de_novo"), profile(presentation="recurrent")
    short = Answers(answers.library, remembered=1)
    first = short.rows(one)
    assert short.rows(one) is first
    assert short.rows(two) != first
    assert short.rows(one) == first
    assert short.computed == 3


# how tables are written


def test_an_empty_cell_is_unknown_and_never_no(read: Read) -> None:
    found = profiles(read("patient,primary_resectable,metastatic_sites,age\np1,,,\np2,no,bone,\n"))
    assert found["p1"].facts == {}
    assert found["p1"].numbers == {}
    assert found["p2"].facts["primary_resectable-yes"] is False


@pytest.mark.parametrize(
    ("word", "value"),
    [("yes", "yes"), ("TRUE", "yes"), ("1", "yes"), ("no", "no"), ("False", "no"), ("0", "no")],
)
def test_yes_and_no_may_be_written_as_spreadsheets_do(word: str, value: str, read: Read) -> None:
    (one,) = profiles(read(f"primary_resectable\n{word}\n")).values()
    assert one.given == {"primary_resectable": value}


def test_a_set_has_companion_columns_as_the_flags_of_ask_do(
    read: Read, profile: Callable[..., Profile]
) -> None:
    name = "metastatic_sites"
    found = profiles(
        read(
            f"patient,{name},{name}_absent,{name}_only,{name}_complete\n"
            'some,bone; liver,brain,,\nsome,"bone, liver",brain,,no\nonly,,,bone,\n'
            "complete,bone,,,yes\nabsent,,brain,,no\n"
        )
    )
    some = profile(**{name: {"present": ["bone", "liver"], "absent": ["brain"]}})
    assert found["some"].facts == some.facts
    assert found["only"].facts == profile(**{name: {"only": ["bone"]}}).facts
    assert found["complete"].facts == found["only"].facts
    assert found["absent"].facts == profile(**{name: {"absent": ["brain"]}}).facts


def test_a_table_may_have_semicolons_a_byte_order_mark_and_decimal_commas(
    tmp_path: Path, answers: Answers
) -> None:
    file = tmp_path / "patients.csv"
    text = 'patient;largest_metastasis_cm;metastatic_sites\r\n"a\r\n";2,5;"bone;\r\nliver"\r\n'
    file.write_bytes(b"\xef\xbb\xbf" + text.replace('"a\r\n"', "a").encode())
    (one,) = read_file(file, answers)
    assert isinstance(one, Patient)
    assert one.id == "a"
    assert one.profile.given == {"largest_metastasis_cm": "2.5", "metastatic_sites": "bone, liver"}


def test_the_line_of_a_patient_counts_line_breaks_within_cells(read: Read) -> None:
    text = 'patient,metastatic_sites,age\np1,"bone;\nliver",50\n\np2,bone,60\np3,bone,old\n'
    one, two, three = read(text)
    assert (one.line, two.line, three.line) == (2, 5, 6)
    assert "patients.csv:6:3: error: age 'old' is no number" in told([three])


def test_a_number_that_may_be_thousands_or_decimals_is_set_aside(read: Read) -> None:
    found = read("patient;healthy_liver_cc\np1;1.100\np2;1,100\np3;0,125\np4;1100,5\n")
    assert [row.id for row in bad(found)] == ["p1", "p2"]
    assert "write 1100 for thousands" in told(found)


def test_a_comma_is_no_decimal_sign_in_a_table_with_commas(read: Read) -> None:
    assert "is no number" in told(read('patient,largest_metastasis_cm\np1,"2,5"\n'))


def test_the_header_decides_what_separates_cells(tmp_path: Path, answers: Answers) -> None:
    file = tmp_path / "patients.csv"
    file.write_text("patient,metastatic_sites\np1,bone; liver; lung\n", "utf-8")
    (one,) = profiles(read_file(file, answers)).values()
    assert one.given == {"metastatic_sites": "bone, liver, lung"}


def test_without_a_column_patient_the_number_of_the_row_is_the_id(read: Read) -> None:
    assert list(profiles(read("age\n50\n\n60\n"))) == ["1", "2"]


def test_a_row_of_empty_cells_is_no_patient(read: Read) -> None:
    assert list(profiles(read("patient,age\np1,50\n,\n \np2,60\n"))) == ["p1", "p2"]


def test_a_table_is_read_no_further_than_the_patient_in_hand(
    attributes: dict[str, Attribute], rules: list[Implication]
) -> None:
    stream = io.StringIO("patient,age\n" + "".join(f"p{n},50\n" for n in range(1000)), newline="")
    table = Table(Lines("patients.csv", stream), attributes, rules)
    assert next(iter(table)).id == "p0"
    assert stream.readline() == "p1,50\n"


def test_every_attribute_and_part_of_one_has_a_column_of_its_own(
    attributes: dict[str, Attribute],
) -> None:
    sets = [key for key, one in attributes.items() if one.kind is Kind.SET]
    assert len(known_columns(attributes)) == len(attributes) + 3 * len(sets) + 2


# what is wrong with the table


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_an_empty_file_is_told(text: str, table: Callable[[str], Table]) -> None:
    with pytest.raises(CohortError, match=r"patients\.csv is empty; its first line names"):
        table(text)


def test_a_header_alone_is_a_cohort_of_nobody(answers: Answers, read: Read) -> None:
    assert read("patient,age\n") == []
    assert written([], answers) == []


def test_all_that_is_wrong_with_a_header_is_told_at_once(table: Callable[[str], Table]) -> None:
    with pytest.raises(ProblemsFoundError) as found:
        table("patient,presentaton,age,age,\n")
    said = str(found.value)
    assert "patients.csv:1:2: error: column presentaton is not known" in said
    assert "did you mean presentation or" in said
    assert "patients.csv:1:4: error: column age stands twice" in said
    assert "patients.csv:1:5: error: column 5 has no name" in said


def test_a_table_with_tabulators_is_told_what_to_use(table: Callable[[str], Table]) -> None:
    with pytest.raises(ProblemsFoundError, match="not tabulators"):
        table("patient\tage\n")


@pytest.mark.parametrize(
    ("row", "place", "message"),
    [
        ("p1,48,positve,", "2:3", "did you mean positive?"),
        ("p1,480,,", "2:2", "age 480 lies outside 15 to 120"),
        ("p1,48", "2:1", "the row has 2 cells, the header 4"),
        ("p1,48,positive,,yes", "2:1", "the row has 5 cells, the header 4"),
        (",48,positive,", "2:1", "the patient has no id"),
        ("p1,48,positive,bone; spleen", "2:4", "metastatic_sites has no value spleen"),
        (f"p1,48,positive,{'bone;' * 50}", "2:4", "missing quotation mark"),
    ],
)
def test_a_bad_row_is_told_with_line_and_column(
    row: str, place: str, message: str, read: Read
) -> None:
    found = read(f"patient,age,er_status,metastatic_sites\n{row}\np2,60,negative,liver\n")
    assert [entry.id for entry in found if isinstance(entry, Patient)] == ["p2"]
    assert f"patients.csv:{place}: error: " in told(found)
    assert message in told(found)


def test_a_contradiction_is_told_with_the_line_of_the_patient(read: Read) -> None:
    found = read("patient,hr_status,er_status\np1,negative,positive\n")
    assert "patients.csv:2:" in told(found)
    assert "contradict" in told(found)


def test_a_stray_quotation_mark_takes_no_other_patient_along(read: Read) -> None:
    text = 'patient,age,metastatic_sites\np1,50,"bone\np2,60,liver\np3,70,"lung"\np4,40,bone\n'
    found = read(text)
    assert [row.id for row in bad(found)] == ["p1"]
    assert [entry.id for entry in found] == ["p1", "p2", "p3", "p4"]


def test_a_stray_quotation_mark_in_an_id_takes_no_other_patient_along(read: Read) -> None:
    found = read('presentation,patient\nde_novo,"p1\nrecurrent,p2"\nde_novo,p3\n')
    assert [(type(entry).__name__, entry.line) for entry in found] == [
        ("BadRow", 2), ("Patient", 3), ("Patient", 4),
    ]  # fmt: skip


def test_bytes_that_are_not_utf_8_are_told_and_kept(tmp_path: Path, answers: Answers) -> None:
    file, aside = tmp_path / "patients.csv", tmp_path / "aside.csv"
    file.write_bytes("patient,age,histology\nMüller,50,ductal\n1,50,lobulär\n".encode("latin-1"))
    assert len(set_aside(file, aside, answers)) == 2
    assert "Müller,50,ductal\n".encode("latin-1") in aside.read_bytes()


# rows set aside


def read_file(file: Path, answers: Answers) -> list[Patient | BadRow]:
    with closing(open_lines(str(file))) as opened:
        return list(cohort_of(opened, answers.library))


def set_aside(file: Path, aside: Path, answers: Answers) -> list[BadRow]:
    with closing(open_lines(str(file))) as opened:
        cohort = cohort_of(opened, answers.library)
        rejects, found = cohort.rejects(aside), bad(list(cohort))
    for row in found:
        rejects.write(row)
    rejects.close()
    return found


def test_rows_set_aside_can_be_mended_there_and_read_alone(
    tmp_path: Path, answers: Answers
) -> None:
    file, aside = tmp_path / "patients.csv", tmp_path / "aside.csv"
    rows = 'p1;positve;2,5;"bone; liver"\np2;positive;3;bone\np3;negative;2;liver;extra\n'
    text = f"patient;er_status;largest_metastasis_cm;metastatic_sites\n{rows}"
    file.write_text(text, "utf-8")
    found = set_aside(file, aside, answers)
    assert [row.id for row in found] == ["p1", "p3"]
    kept = aside.read_text("utf-8")
    assert 'p1;positve;2,5;"bone; liver"' in kept
    assert "did you mean positive?" in kept
    assert [row.id for row in bad(read_file(aside, answers))] == ["p1", "p3"]
    aside.write_text(kept.replace("positve;", "positive;").replace(";extra", ""), "utf-8")
    mended = profiles(read_file(aside, answers))
    assert mended["p1"].given == {
        "er_status": "positive", "largest_metastasis_cm": "2.5", "metastatic_sites": "bone, liver",
    }  # fmt: skip
    assert list(mended) == ["p1", "p3"]


def test_rows_set_aside_twice_keep_their_cells_and_the_later_reason(
    tmp_path: Path, answers: Answers
) -> None:
    file, once, twice = (tmp_path / name for name in ("patients.csv", "once.csv", "twice.csv"))
    file.write_text("patient,age\np1,old\np2,50,60\n", "utf-8")
    set_aside(file, once, answers)
    set_aside(once, twice, answers)
    rows = [list(csv.reader(io.StringIO(file.read_text("utf-8")))) for file in (once, twice)]
    assert [row[1:] for row in rows[0]] == [row[1:] for row in rows[1]]
    assert rows[1][1][1:] == ["p1", "old"]
    assert "line 2, column 3" in rows[1][1][0]


def test_a_row_without_id_keeps_its_number_when_set_aside(tmp_path: Path, answers: Answers) -> None:
    file, aside = tmp_path / "patients.csv", tmp_path / "aside.csv"
    file.write_text("age\n50\nold\n", "utf-8")
    set_aside(file, aside, answers)
    assert aside.read_text("utf-8").splitlines()[0] == "rejected_because,patient,age"
    assert aside.read_text("utf-8").splitlines()[1].endswith(",2,old")


def test_json_lines_set_aside_can_be_mended_there_and_read_alone(
    tmp_path: Path, answers: Answers
) -> None:
    file, aside = tmp_path / "patients.jsonl", tmp_path / "aside.jsonl"
    file.write_text(
        '{"patient": "p1", "age": 480}\n{"patient": "p2", "age": 50}\n\n'
        '{"patient": "p3", "age": \n{"age": 50, "age": 60}\n[1]\n'
        '{"patient": "p7", "primary_resectable": ["yes"]}\n{"patient": {}, "age": 50}\n',
        "utf-8",
    )
    found = set_aside(file, aside, answers)
    assert [row.line for row in found] == [1, 4, 5, 6, 7, 8]
    said = told(list(found))
    assert ":1:26: error: age 480 lies outside" in said
    assert "key age stands twice" in said
    assert "primary_resectable has one value, not a list" in said
    kept = [json.loads(line) for line in aside.read_text("utf-8").splitlines()]
    assert kept[0]["age"] == 480
    assert kept[1]["rejected_line"] == '{"patient": "p3", "age": '
    again = read_file(aside, answers)
    assert len(bad(again)) == 6
    assert "a line set aside is still to be mended" in told(again)
    aside.write_text(json.dumps({**kept[0], "age": 48}) + "\n", "utf-8")
    assert profiles(read_file(aside, answers))["p1"].given == {"age": "48"}


def test_no_row_of_a_wild_table_is_lost(table: Callable[[str], Table], tmp_path: Path) -> None:
    chance = random.Random(11)
    for _ in range(60):
        marks = [
            "".join(chance.choices(['"', ",", ";", "bone", "50", "\n", "x", " "], k=12))
            for _ in range(8)
        ]
        text = "patient,age,metastatic_sites\n" + "".join(
            f"id{n},{mark}\n" for n, mark in enumerate(marks)
        )
        entries = list(table(text))
        seen = " ".join([entry.id + " ".join(getattr(entry, "cells", ())) for entry in entries])
        assert all(f"id{n}" in seen for n in range(8)), text


# what is written


def test_parquet_holds_what_csv_holds(
    tmp_path: Path, answers: Answers, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr("metalocal.cohort.writers.ROW_GROUP", 20)
    entries = read(EXAMPLE_COHORT.read_text("utf-8"))
    out = ParquetWriter(tmp_path / "answers.parquet", ORIGIN)
    run(entries, answers, out, SILENT)  # type: ignore[arg-type]
    out.close()
    file = parquet.ParquetFile(tmp_path / "answers.parquet")
    assert file.metadata.num_row_groups > 1
    assert file.schema_arrow.metadata[b"notice"].decode() == NOTICE
    assert str(file.schema_arrow.field("votes_for").type) == "int32"
    assert str(file.schema_arrow.field("open_trials").type).startswith("list<")
    cells = [
        {
            name: "; ".join(value)
            if isinstance(value, list)
            else str(value or (0 if value == 0 else ""))
            for name, value in row.items()
        }
        for row in file.read().to_pylist()
    ]
    assert cells == written(entries, answers)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@cmd"])
def test_an_id_is_no_formula_for_a_spreadsheet(name: str, answers: Answers, read: Read) -> None:
    rows = written(read(f"patient,age\n{name},50\n"), answers)
    assert {row["patient"] for row in rows} == {f"'{name}"}


def test_a_repeated_id_is_told_and_answered(answers: Answers, read: Read) -> None:
    seen: list[tuple[str, int, int]] = []
    listeners = Listeners(
        SILENT.bad_row, lambda one, first: seen.append((one.id, one.line, first)), SILENT.progress
    )
    entries = read("patient,age\np1,50\np2,50\np1,60\n")
    out = CsvWriter(io.StringIO(), ORIGIN)
    tally = run(entries, answers, out, listeners)  # type: ignore[arg-type]
    assert seen == [("p1", 4, 2)]
    assert tally.answered == 3


def test_what_was_written_before_an_interruption_can_be_read(
    tmp_path: Path, answers: Answers, read: Read
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")

    def interrupted() -> Iterator[Patient | BadRow]:
        yield from read("patient,age\np1,50\np2,60\n")
        raise KeyboardInterrupt

    out = ParquetWriter(tmp_path / "answers.parquet", ORIGIN)
    tally = run(interrupted(), answers, out, SILENT)  # type: ignore[arg-type]
    out.close()
    assert tally.interrupted
    assert tally.last is not None
    assert tally.last.id == "p2"
    found = parquet.read_table(tmp_path / "answers.parquet").column("patient").to_pylist()
    assert found == ["p1"] * 6 + ["p2"] * 6


def test_an_interruption_waits_until_a_patient_is_written_whole() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), uninterrupted():  # noqa: PT012  (what is told of it)
        signal.raise_signal(signal.SIGINT)
        done.append("written")
    assert done == ["written"]


def test_a_second_interruption_does_not_wait() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), uninterrupted():  # noqa: PT012  (what is told of it)
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        done.append("written")
    assert done == []


def test_a_run_tells_each_row_as_it_is_done(answers: Answers, read: Read) -> None:
    seen: list[tuple[int, int]] = []

    def progress(tally: Tally) -> None:
        seen.append((tally.answered, tally.rejected))

    listeners = Listeners(SILENT.bad_row, SILENT.same_id, progress)
    entries = read("patient,age\np1,50\np2,old\np3,60\n")
    running.run(entries, answers, CsvWriter(io.StringIO(), ORIGIN), listeners)  # type: ignore[arg-type]
    assert seen == [(1, 0), (1, 1), (2, 1)]


# the command


def test_ask_answers_a_cohort_and_sets_bad_rows_aside(tmp_path: Path) -> None:
    file, out = tmp_path / "patients.csv", tmp_path / "out" / "answers.csv"
    out.parent.mkdir()
    file.write_text("patient,presentation,age\np1,de_novo,48\np2,de-novo,50\n", "utf-8")
    done = metalocal("--cohort", str(file), "-o", str(out))
    assert done.returncode == 3
    assert done.stdout == ""
    assert f"{file}:3:2: error: presentation has no value de-novo" in done.stderr
    assert "did you mean de_novo?" in done.stderr
    aside = out.parent / "patients.rejected.csv"
    assert f"1 row set aside in {aside}" in done.stderr
    assert sorted(path.name for path in out.parent.iterdir()) == [
        "answers.csv", "patients.rejected.csv",
    ]  # fmt: skip
    aside.write_text(aside.read_text("utf-8").replace("p2,de-novo", "p2,de_novo"), "utf-8")
    mended = metalocal("--cohort", str(aside))
    assert mended.returncode == 0
    assert {row["patient"] for row in csv.DictReader(io.StringIO(mended.stdout))} == {"p2"}
    again = metalocal("--cohort", str(file), "-o", str(out))
    assert "patients.rejected-2.csv" in again.stderr
    assert "p2,de_novo" in aside.read_text("utf-8")


def test_ask_says_of_a_cohort_what_it_says_of_the_patient_alone() -> None:
    profile = locations().data / "profiles" / "de-novo-solitary-bone.yaml"
    alone = json.loads(metalocal("--profile", str(profile), "--format", "json").stdout)
    facts = yaml.safe_load(profile.read_text("utf-8"))
    done = metalocal("--cohort", "-", stdin=json.dumps(facts))
    rows = {row["question"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    for question in alone["questions"]:
        if question["local_therapy"]:
            (row,) = [r for r in rows.values() if r["question_label"] == question["question"]]
            ways = ("including", "may_include", "excluding")
            assert [int(row[f"studies_{way}"]) for way in ways] == list(question["counts"].values())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--cohort", "no-such.csv"], "no-such.csv cannot be read"),
        (["--cohort", "{file}", "--age", "50"], "--age does not go with --cohort"),
        (["--cohort", "{file}", "--format", "json"], "json is no form for a cohort"),
        (["--cohort", "{file}", "-o", "{file}"], "would overwrite another file"),
        (["--cohort", "{file}", "-o", "answers.xlsx"], "name it .csv or .parquet"),
        (["--rejected", "aside.csv"], "--rejected goes with --cohort"),
        (["--cohort", "{file}"], "did you mean age?"),
    ],
)
def test_what_cannot_be_done_is_refused(arguments: list[str], words: str, tmp_path: Path) -> None:
    file = tmp_path / "patients.csv"
    file.write_text("patient,agee\np1,50\n", "utf-8")
    done = metalocal(*(one.format(file=file) for one in arguments))
    assert done.returncode == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == [file]


def test_stop_on_error_stops_at_the_first_bad_row(tmp_path: Path) -> None:
    file, out = tmp_path / "patients.csv", tmp_path / "answers.csv"
    file.write_text("patient,age\np1,50\np2,old\np3,60\n", "utf-8")
    done = metalocal("--cohort", str(file), "-o", str(out), "--stop-on-error")
    assert done.returncode == 2
    assert "age 'old' is no number" in done.stderr
    assert not out.exists()
    kept = (tmp_path / "answers.csv.partial").read_text("utf-8")
    assert {row["patient"] for row in csv.DictReader(io.StringIO(kept))} == {"p1"}


def test_ctrl_c_leaves_whole_patients_and_tells_where_it_stopped() -> None:
    command = [sys.executable, "-m", "metalocal", "ask", "--cohort", "-"]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, text=True, cwd=ROOT, **pipes) as one:  # type: ignore[call-overload]
        assert one.stdin is not None
        assert one.stdout is not None
        one.stdin.write("patient,age\np1,50\n")
        one.stdin.flush()
        rows = [one.stdout.readline() for _ in range(7)]
        one.send_signal(signal.SIGINT)  # it waits for a second patient
        rest, said = one.communicate(timeout=60)
    assert one.returncode == 130
    assert rest == ""
    assert all(row.startswith("p1,2,") for row in rows[1:])
    assert "stopped after patient p1 (line 2): 1 patient (6 rows)" in said
    assert "Traceback" not in said


def test_the_example_cohort_has_every_kind_of_value(
    read: Read, attributes: dict[str, Attribute]
) -> None:
    text = EXAMPLE_COHORT.read_text("utf-8")
    assert len(profiles(read(text))) == 12
    columns = [known_columns(attributes)[name] for name in text.splitlines()[0].split(",")]
    assert {column.part for column in columns} == {
        "patient", "value", "present", "absent", "only", "complete",
    }  # fmt: skip
    assert {attributes[column.key].kind for column in columns if column.key} == set(Kind)
