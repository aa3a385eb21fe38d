from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from graph_builder.provenance import Result, check_provenance
from graph_builder.reading import Records
from graph_builder.records import Study

Check = Callable[[str], Result]


@pytest.fixture
def check_report(study: Callable[..., Study], examples: Records, studies: Path) -> Check:
    """Checks EXAMPLE-2020 with one estimate that has one report, against the invented text."""

    def of(report: str) -> Result:
        estimates = f"""
- id: os
  outcome: overall_survival
  population: randomised
  contrast: {{arm: surgery, versus: systemic}}
  measure: hazard_ratio
  reported: [{{{report}, source: invented-2021}}]"""
        changed = study(estimates=estimates, facts="[]", statements="[]", identifiers="[]")
        return check_provenance(Records([changed], examples.sources), studies / "texts")

    return of


def told(result: Result) -> list[tuple[str, str]]:
    return [(problem.rule, problem.message) for problem in result.problems]


def test_every_number_of_the_invented_studies_stands_on_its_line(
    examples: Records, studies: Path
) -> None:
    result = check_provenance(examples, studies / "texts")
    assert result.problems == []
    assert result.checked == 13


def test_digits_on_the_cited_line_are_found(check_report: Check) -> None:
    result = check_report('value: "0.70", low: "0.50", high: "0.98", level: "95", line: 5')
    assert (result.problems, result.checked) == ([], 4)


@pytest.mark.parametrize("line", [4, 6])
def test_digits_on_a_neighbouring_line_are_found(line: int, check_report: Check) -> None:
    assert check_report(f'value: "0.70", line: {line}').problems == []


@pytest.mark.parametrize("line", [3, 7])
def test_digits_two_lines_away_are_not_found(line: int, check_report: Check) -> None:
    message = f"0.70 does not stand on line {line} of invented-2021"
    assert told(check_report(f'value: "0.70", line: {line}')) == [("not-on-cited-line", message)]


def test_digits_that_are_part_of_a_longer_number_do_not_count(check_report: Check) -> None:
    [problem] = check_report('value: "0.7", line: 5').problems
    assert problem.message == "0.7 does not stand on line 5 of invented-2021"
    assert (problem.place.line, problem.place.column) == (7, 24)


def test_the_level_is_looked_up_on_its_own_line(check_report: Check) -> None:
    interval = 'value: "0.61", low: "0.41", high: "0.91", level: "90"'
    assert check_report(f"{interval}, level_line: 7, line: 8").problems == []
    message = "90 does not stand on line 4 of invented-2021"
    found = told(check_report(f"{interval}, level_line: 4, line: 8"))
    assert found == [("not-on-cited-line", message)]


def test_a_line_beyond_the_end_of_the_text_is_told(check_report: Check) -> None:
    message = "invented-2021 has no line 11; its last is 10"
    assert told(check_report('value: "0.70", line: 11')) == [("line-beyond-end", message)]


def test_a_changed_text_is_told_at_its_hash_and_not_searched(
    tmp_path: Path, examples: Records, studies: Path
) -> None:
    text = (studies / "texts" / "invented-2021.txt").read_text("utf-8")
    (tmp_path / "invented-2021.txt").write_text(f"{text}\n", "utf-8")
    result = check_provenance(examples, tmp_path)
    [problem] = result.problems
    assert (problem.rule, result.checked) == ("source-text-changed", 0)
    assert str(problem.place) == "studies/sources/invented-2021.yaml:9:9"


def test_a_missing_text_is_told_with_the_folder(tmp_path: Path, examples: Records) -> None:
    [problem] = check_provenance(examples, tmp_path).problems
    assert problem.rule == "source-text-missing"
    assert problem.message == f"text of source invented-2021 is not in {tmp_path}"
    assert problem.mend == "put invented-2021.txt there"


def test_a_text_with_one_form_feed_keeps_its_line_numbers(
    tmp_path: Path, examples: Records, studies: Path
) -> None:
    shutil.copytree(studies / "texts", tmp_path / "texts")
    path = tmp_path / "texts" / "invented-2021.txt"
    path.write_bytes(path.read_bytes().replace(b"Invented Reports", b"\fInvented Reports"))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    sources = [source.model_copy(update={"sha256": digest}) for source in examples.sources]
    assert check_provenance(Records(examples.studies, sources), tmp_path / "texts").problems == []
