from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from graph_builder.build import checked
from graph_builder.inputs import Inputs
from graph_builder.problems import Place, Problem, ProblemsFoundError, closest


def test_a_problem_reads_as_file_line_column_error_rule_and_mend() -> None:
    place = Place("data/trials/example-2020.yaml", 14, 50)
    problem = Problem(place, "low 1.20 lies above high 0.80", "interval-order", "swap the bounds")
    assert str(problem) == (
        "data/trials/example-2020.yaml:14:50: error: low 1.20 lies above high 0.80 [interval-order]"
        "\n  mend: swap the bounds"
    )


def test_a_problem_of_a_whole_file_names_no_line() -> None:
    assert str(Place("ontology/core.ttl")) == "ontology/core.ttl"


def test_problems_come_once_each_and_in_the_order_of_their_places() -> None:
    late, early = (Problem(Place("a.yaml", line, 1), "m", "r", "d") for line in (12, 9))
    assert ProblemsFoundError([late, early, late]).problems == [early, late]


def test_the_problems_of_all_files_come_at_once(
    tmp_path: Path, ontology: Path, studies: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(studies, data)
    (data / "trials" / "zeta.yaml").write_text("status: completed\nstatus: planned\n")
    first = data / "trials" / "example-2020.yaml"
    first.write_text(first.read_text("utf-8").replace("randomised_controlled_trial", "trial"))
    source = data / "sources" / "invented-2021.yaml"
    source.write_text(source.read_text("utf-8").replace("year: 2021", "year: 21"))
    with pytest.raises(ProblemsFoundError) as raised:
        checked(Inputs(ontology, data))
    places = [problem.place for problem in raised.value.problems]
    assert places == sorted(places)
    rules = {(problem.place.file, problem.rule) for problem in raised.value.problems}
    assert rules >= {
        ("data/sources/invented-2021.yaml", "wrong-form"),
        ("data/trials/example-2020.yaml", "unknown-code"),
        ("data/trials/zeta.yaml", "duplicate-key"),
    }


def test_a_hint_lists_the_first_words_where_none_is_like_the_one_given() -> None:
    words = [f"word{number:02}" for number in range(20)]
    assert closest("zzz", words).endswith("word11, ...")
