"""The answer as JSON that its published schema holds for, and as CSV."""

from __future__ import annotations

import copy
import csv
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from metalocal.answers import Answer, Library, answer
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.profiles import Profile
from metalocal.render.data import CSV_COLUMNS, SCHEMA, Maker, as_csv, as_json

ROOT = Path(__file__).parents[2]
SCHEMA_FILE = ROOT / "docs" / "schemas" / "answer-2.schema.json"
FORMATS = ROOT / "docs" / "answer-formats.md"
PROFILES = sorted(path.stem for path in (locations().data / "profiles").glob("*.yaml"))
BONE = "de-novo-solitary-bone"

NEVER_FILLED = {
    ("fact", "low"): "characteristics of patients are printed without interval",
    ("fact", "high"): "as low",
    ("fact", "level"): "as low",
    ("fact", "time"): "they are of the start of the study",
    ("fact", "across"): "they compare two groups at most",
    ("fact", "direction"): "they are no effect of a treatment",
    ("fact", "because"): "as direction",
    ("fact", "stated"): "as direction",
    ("vote", "otherwise"): "no example patient lies in a narrower group that says otherwise",
}
"""Properties that may be empty in every answer to the example profiles, and why."""

Documents = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return dict(json.loads(SCHEMA_FILE.read_text("utf-8")))


@pytest.fixture(scope="module")
def answers(ask: Callable[..., Answer], example: Callable[[str], Answer]) -> dict[str, Answer]:
    return {"": ask(), **{name: example(name) for name in PROFILES}}


@pytest.fixture(scope="module")
def documents(answers: dict[str, Answer]) -> Documents:
    return {name: json.loads(as_json(one)) for name, one in answers.items()}


def objects(
    schema: dict[str, Any], at: dict[str, Any], value: Any, name: str = ""
) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Every object of a document with its schema and the name of the definition that holds it."""
    if "$ref" in at:
        name = at["$ref"].rpartition("/")[2]
        yield from objects(schema, schema["$defs"][name], value, name)
    elif "oneOf" in at and value is not None:
        yield from objects(schema, at["oneOf"][0], value, name)
    elif isinstance(value, dict) and "properties" in at:
        yield name, at, value
        for key, inner in value.items():
            yield from objects(schema, at["properties"][key], inner, f"{name}.{key}")
    elif isinstance(value, list):
        for one in value:
            yield from objects(schema, at["items"], one, name)


def examples(
    schema: dict[str, Any], document: dict[str, Any]
) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """The first object of each definition, with its schema, which stands on its own."""
    found: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    for name, at, value in objects(schema, schema, document):
        found.setdefault(name, ({**at, "$defs": schema["$defs"]}, value))
    return found


def properties(at: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property anywhere in a schema."""
    if isinstance(at, dict):
        if isinstance(at.get("properties"), dict):
            yield from at["properties"].items()
        for inner in at.values():
            yield from properties(inner)
    elif isinstance(at, list):
        for inner in at:
            yield from properties(inner)


def test_the_schema_is_one_and_every_property_tells_what_it_is(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == SCHEMA
    assert [key for key, at in properties(schema) if not at.get("description")] == []


@pytest.mark.parametrize("name", ["", *PROFILES])
def test_every_answer_is_valid(name: str, schema: dict[str, Any], documents: Documents) -> None:
    found = Draft202012Validator(schema).iter_errors(documents[name])
    assert [f"{error.json_path}: {error.message}" for error in found] == []


def test_a_missing_key_is_caught_wherever_it_is_missing(
    schema: dict[str, Any], documents: Documents
) -> None:
    tried = examples(schema, documents[BONE])
    assert len(tried) > 20
    for name, (at, value) in tried.items():
        validator = Draft202012Validator(at)
        assert validator.is_valid(value), name
        for key in at["properties"]:
            without = {other: inner for other, inner in value.items() if other != key}
            assert not validator.is_valid(without), f"{name}.{key}"


def test_a_wrong_type_and_an_unknown_key_are_caught(
    schema: dict[str, Any], documents: Documents
) -> None:
    for name, (at, value) in examples(schema, documents[BONE]).items():
        validator = Draft202012Validator(at)
        assert not validator.is_valid({**value, "colour": "blue"}), name
        for key in at["properties"]:
            assert not validator.is_valid({**value, key: object()}), f"{name}.{key}"


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("schema_version",), "1"),
        (("questions", 0, "judgement", "word"), "proven"),
        (("questions", 0, "rows", 0, "level", "value"), 6),
        (("questions", 0, "rows", 0, "effects", 0, "value"), "0.66"),
        (("questions", 0, "rows", 0, "directness"), 0),
        (("questions", 0, "studies", 0, "nct"), ["00193778"]),
        (("guidance", 0, "verdict"), "unknown"),
        (("conflicts", 0, "prints", 0, "line"), "62"),
    ],
)
def test_a_value_of_another_meaning_is_caught(
    path: tuple[str | int, ...], wrong: object, schema: dict[str, Any], documents: Documents
) -> None:
    document = copy.deepcopy(documents[BONE])
    inner: Any = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = wrong
    assert not Draft202012Validator(schema).is_valid(document)


def test_every_property_of_the_schema_tells_something_in_some_answer(
    schema: dict[str, Any], documents: Documents
) -> None:
    told: dict[tuple[str, str], bool] = defaultdict(bool)
    for document in documents.values():
        whole = {
            **document,
            "generator": {"name": "metalocal", "version": "1", "graph_sha256": "a"},
        }
        for name, at, value in objects(schema, schema, whole):
            for key in at["properties"]:
                told[name, key] |= value[key] not in ("", [], None)
    defined = {("", key) for key in schema["properties"]}
    defined |= {(n, key) for n, at in schema["$defs"].items() for key in at["properties"]}
    assert defined <= set(told)
    assert {place for place, something in told.items() if not something} <= set(NEVER_FILLED)


def test_the_same_answer_by_the_same_maker_gives_the_same_json(
    graph: LocalGraph, answers: dict[str, Answer]
) -> None:
    again = answer(answers[BONE].profile, Library(graph, locations().queries))
    maker = Maker("1.0", "0" * 64)
    assert as_json(again, maker) == as_json(answers[BONE], maker)
    assert json.loads(as_json(again, maker))["generator"] == {
        "name": "metalocal",
        "version": "1.0",
        "graph_sha256": "0" * 64,
    }


def test_rows_come_in_rank_order_and_votes_lead_to_rows_of_their_study(
    answers: dict[str, Answer], documents: Documents
) -> None:
    for name, document in documents.items():
        for question, told in zip(answers[name].questions, document["questions"], strict=True):
            rows = told["rows"]
            assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
            labels = [row.study.label for row in question.rows]
            assert [row["label"] for row in rows] == labels
            judgement = told["judgement"]
            for one in (*judgement["votes"], *judgement["hanging"], *judgement["indirect"]):
                row = rows[one["rank"] - 1]
                assert (row["study"], row["direction"]) == (one["study"], one["direction"])


def test_a_printed_number_stands_beside_the_number_it_is(documents: Documents) -> None:
    rows = documents[""]["questions"][0]["rows"]
    effects = [effect for row in rows for effect in row["effects"]]
    ratio = next(one for one in effects if (one["value"] or {}).get("printed") == "0.66")
    assert ratio["low"] == {"printed": "0.49", "number": 0.49}
    bounded = [one["p"] for one in effects if one["p"] and one["p"]["printed"].startswith("<")]
    assert bounded
    assert {one["number"] for one in bounded} == {None}
    for one in effects:
        for key in ("value", "low", "high", "level", "p"):
            if one[key] and one[key]["number"] is not None:
                assert Decimal(str(one[key]["number"])) == Decimal(one[key]["printed"])


def test_an_interval_of_90_percent_keeps_its_level_in_json(documents: Documents) -> None:
    rows = documents[""]["questions"][0]["rows"]
    levels = {
        effect["level"]["number"]
        for row in rows
        if row["label"] == "E2108" and row["outcome"] == "overall survival"
        for effect in row["effects"]
        if effect["value"] and effect["value"]["printed"] == "1.11"
    }
    assert levels == {90}


def table(found: Answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(found))))


def test_the_csv_has_a_row_for_each_report_whoever_asks(answers: dict[str, Answer]) -> None:
    for found in answers.values():
        populations = [p for q in found.questions for s in q.studies for p in s.populations]
        reports = sum(len(one.reports) for p in populations for one in p.evidence)
        assert len(table(found)) == reports


def test_a_row_of_the_csv_has_the_rank_and_level_of_its_row(answers: dict[str, Answer]) -> None:
    found = answers[BONE]
    rows = [row for row in table(found) if row["study"] == "MF07-01" and row["rank"]]
    question = next(q for q in found.questions if q.question == rows[0]["question"])
    for told in rows:
        row = question.rows[int(told["rank"]) - 1]
        assert (row.study.label, row.population.label) == (told["study"], told["population"])
        assert (row.outcome, row.direction) == (told["outcome"], told["row_direction"])
        assert told["level"] == str(row.level.value or "")
        assert told["directness"] == "direct"


def test_what_excludes_the_patient_has_no_rank_in_the_csv(answers: dict[str, Answer]) -> None:
    excluding = [row for row in table(answers[BONE]) if row["population_verdict"] == "excluded"]
    assert excluding
    assert {(row["rank"], row["directness"], row["row_direction"]) for row in excluding} == {
        ("", "", "")
    }


def test_every_column_of_the_csv_is_documented() -> None:
    documented = [
        line.split("`")[1]
        for line in FORMATS.read_text("utf-8").splitlines()
        if line.startswith("| `")
    ]
    assert documented == list(CSV_COLUMNS)


def test_an_answer_to_an_unknown_profile_names_no_excluded_study(
    answers: dict[str, Answer], profile: Callable[..., Profile]
) -> None:
    assert answers[""].profile == profile()
    data = json.loads(as_json(answers[""]))
    assert {len(question["excluded"]) for question in data["questions"]} == {0}


def test_findings_are_those_of_studies_with_a_row_and_name_it(documents: Documents) -> None:
    document = documents[BONE]
    found = document["findings"]
    upside_down = next(one for one in found if one["kind"] == "ratio against its arms")
    assert upside_down["study"] == "https://w3id.org/metalocal/id/study/abcsg-28"
    assert {"0.691", "34.6", "54.8"} <= {
        place["printed"].partition(" ")[0] for place in upside_down["places"]
    }
    rows = {row["study"] for question in document["questions"] for row in question["rows"]}
    assert {one["study"] for one in found} <= rows


def test_the_iri_of_a_finding_is_that_of_the_graph(documents: Documents, graph: LocalGraph) -> None:
    query = "SELECT ?it { ?it a <https://w3id.org/metalocal/ontology/AuditFinding> } ORDER BY ?it"
    known = {row["it"] for row in graph.select(query).texts()}
    for document in documents.values():
        assert {one["id"] for one in document["findings"]} <= known


def test_a_study_that_excludes_the_patient_names_the_criterion_she_does_not_meet(
    documents: Documents,
) -> None:
    excluded = [
        study for one in documents.values() for q in one["questions"] for study in q["excluded"]
    ]
    assert excluded
    assert [study["label"] for study in excluded if not study["not_met"]] == []
