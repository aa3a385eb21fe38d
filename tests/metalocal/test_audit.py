"""The audit of this checkout's graph: each finding labelled by hand, and what the command tells."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from metalocal.answers import NOTICE
from metalocal.catalogue import find_query
from metalocal.cli import create_app
from metalocal.commands.audit import as_markdown, as_text
from metalocal.findings import SEVERITIES, Finding, FindingsError, chosen, findings_of
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.render.findings import CSV_COLUMNS, as_csv, as_json

ROOT = Path(__file__).parents[2]
QUERIES = locations().queries
LABELS = yaml.safe_load((ROOT / "tests/golden/audit/findings.yaml").read_text("utf-8"))
DOCUMENT = (ROOT / "docs/audits.md").read_text("utf-8")
TABLE_ROW = re.compile(r"^\| (\w+) \| (\d+) \| (\d+) \| (\d+)% \|$", re.MULTILINE)

MUST_BE_FOUND = (
    "abcsg-28/ratio_against_arms/os-hr-median",
    "abcsg-28/design_stated_otherwise/design_stated",
    "avatar/conclusion_against_number/pfs-bone-only-merloni-2024-172",
    "becherini-2023/units_mixed/toxicity-grade-3",
    "becherini-2023/units_mixed/haematological-grade-3",
    "curb/whole_outside_parts/toxicity-unassigned",
    "curb/class_missing/number_of_progressing_lesions-breast-standard",
    "durr-2002/share_against_count/solitary-bone-share",
    "e2108/level_against_heading/os-hr",
    "e2108/ratio_against_arms/os-hr-median",
    "e2108/effects_apart/locoregional-progression-hr-local-failure-fold",
    "gera-2020/pool_resting_on_doubt/os-hr-randomised",
    "mf07-01/number_printed_differently/os-median-systemic",
    "mf07-01/patient_count_printed_differently/patients_randomised",
    "reinhorn-2021/pool_not_reproduced/os-hr",
    "yoo-2017-korea/order_exchanged/os-median-partial-liu-2023-114",
)


@pytest.fixture(scope="module")
def found(graph: LocalGraph) -> dict[str, Finding]:
    return {one.id: one for one in findings_of(graph, QUERIES)}


def labels() -> dict[str, dict[str, Any]]:
    return {label["id"]: label for label in LABELS["findings"]}


def test_every_finding_is_labelled_by_hand_and_every_label_is_still_found(
    found: dict[str, Finding],
) -> None:
    assert sorted(set(found) - set(labels())) == []
    assert sorted(set(labels()) - set(found)) == []


def test_a_label_names_a_place_that_its_finding_concerns(found: dict[str, Finding]) -> None:
    for name, label in labels().items():
        assert label["why"]
        assert label["at"] in {place.place for place in found[name].places}


def test_the_precision_of_each_kind_is_the_one_the_document_states(
    found: dict[str, Finding],
) -> None:
    held = Counter(found[name].kind for name, label in labels().items() if label["holds"])
    given = Counter(one.kind for one in found.values())
    measured = {kind: (n, held[kind], round(100 * held[kind] / n)) for kind, n in given.items()}
    stated = {
        kind: (int(all_), int(true), int(percent))
        for kind, all_, true, percent in TABLE_ROW.findall(DOCUMENT)
    }
    assert {kind: row for kind, row in stated.items() if row[0]} == measured


def test_the_document_describes_every_kind(graph: LocalGraph) -> None:
    rows = graph.select(find_query(QUERIES, "audit-kinds").text).texts()
    for row in rows:
        assert f"`{row['kind'].rpartition('/')[2]}`" in DOCUMENT


def test_what_curators_noted_is_found_as_often_as_the_document_states(
    found: dict[str, Finding],
) -> None:
    doubts = {"order_exchanged", "cell_garbled", "reference_doubtful", "print_doubtful"}
    noted = LABELS["noted"]
    assert {one["found"] for one in noted} - {None} <= set(found)
    assert all(one["because"] for one in noted if one["found"] is None)
    kinds = [found[one["found"]].kind for one in noted if one["found"]]
    marked = sum(kind in doubts for kind in kinds)
    words = (
        f"Of {len(noted)} such notes the computed kinds find {len(kinds) - marked}, {marked} more "
        f"are marked as doubts, and {len(noted) - len(kinds)} are no finding"
    )
    assert words in " ".join(DOCUMENT.split())


@pytest.mark.parametrize("name", MUST_BE_FOUND)
def test_a_known_fault_of_the_sources_is_found(name: str, found: dict[str, Finding]) -> None:
    assert found[name].text.endswith(".")
    assert found[name].advice
    assert found[name].places


def test_the_reversed_ratio_is_told_with_its_numbers_and_lines(found: dict[str, Finding]) -> None:
    one = found["abcsg-28/ratio_against_arms/os-hr-median"]
    assert one.severity == "contradictory"
    assert "0.691" in one.text
    assert "34.6 months against 54.8 months" in one.text
    assert {"ueno-2022:86", "liu-2023:68"} <= {place.place for place in one.places}


def test_the_pools_tell_which_way_round_they_took_the_ratio(found: dict[str, Finding]) -> None:
    assert "inverted they pool to 0.97" in found["reinhorn-2021/pool_not_reproduced/os-hr"].text
    resting = found["gera-2020/pool_resting_on_doubt/os-hr-randomised"].text
    assert "only with the ratio of ABCSG-28 (0.691) as printed" in resting


def test_rounded_prints_and_pooled_shares_are_no_findings(found: dict[str, Finding]) -> None:
    told = {f"{one.study}/{one.kind}" for one in found.values()}
    assert "barinoff-2017/number_printed_differently" not in told  # 13.55 and 13.6
    assert "abbas-2017/number_printed_differently" not in told  # p 0.001 and <0.001
    assert "bertaut-2015/parts_against_whole" not in told  # 92 and 139 of 232, one not recorded
    assert "mf07-01/effects_apart" not in told  # 17 and 41.6 less 24.4
    assert "becherini-2023/share_of_no_count" not in told


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(create_app(["audit"]), ["audit", *arguments])
    return done.exit_code, done.stdout


@pytest.mark.usefixtures("graph_file")
def test_the_command_tells_one_study_with_advice_counts_and_notice() -> None:
    code, out = run("abcsg-28", "--severity", "contradictory")
    assert code == 0
    assert "ABCSG-28: ratio against its arms" in out
    assert "-> Do not read a direction from the ratio" in out
    assert "0.691 (0.358 to 1.333) p 0.267 {ueno-2022:86}" in out
    assert out.endswith(
        f"2 findings on 1 study: 2 contradictory, 0 doubtful, 0 noteworthy.\n{NOTICE}\n"
    )


@pytest.mark.usefixtures("graph_file")
def test_a_study_without_findings_is_no_error() -> None:
    code, out = run("cleopatra")
    assert code == 0
    assert out.startswith("0 findings on 0 studies")


@pytest.mark.usefixtures("graph_file")
@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("abcsg-82",), "did you mean abcsg-28?"),
        (("--kind", "ratio_against_arm"), "did you mean ratio_against_arms"),
        (("--severity", "doubtfull"), "did you mean doubtful?"),
        (("--format", "xml"), "--format xml is not known"),
    ],
)
def test_a_word_that_is_none_is_refused_with_a_hint(arguments: tuple[str, ...], hint: str) -> None:
    done = CliRunner().invoke(create_app(["audit"]), ["audit", *arguments])
    assert isinstance(done.exception, FindingsError)
    assert hint in str(done.exception)
    assert done.exception.exit_code == 2


def test_every_form_carries_the_findings_and_the_notice(found: dict[str, Finding]) -> None:
    some = chosen(found.values(), kinds=["units_mixed"])
    assert [one.study for one in some] == ["becherini-2023"] * 2
    data = json.loads(as_json(some))
    assert data["schema_version"] == "1"
    assert data["notice"] == NOTICE
    assert data["findings"][0]["places"][0]["source"] == "merloni-2024"
    for text in (as_text(some), as_markdown(some)):
        assert NOTICE in text
        assert "22 (0.08 to 0.39)" in text
    rows = list(csv.DictReader(io.StringIO(as_csv(some))))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert {row["line"] for row in rows} == {"129", "131"}


def test_findings_come_with_the_severest_first(graph: LocalGraph) -> None:
    ranks = [SEVERITIES.index(one.severity) for one in findings_of(graph, QUERIES)]
    assert ranks == sorted(ranks)
