"""Guidance and decision models: what is refused, and what reaches the graph."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Literal

from graph_builder.assembly import Assembly, group_id, profiles_of, target_id
from graph_builder.checks import check
from graph_builder.guidance import DecisionModel, Guidance
from graph_builder.populations import profile_classes
from graph_builder.reading import Records, read_data, read_record
from graph_builder.records import Study
from graph_builder.terms import Terms
from graph_builder.vocabulary import ML, code, thing

STUDIES = Path(__file__).parents[1] / "studies"
GUIDANCE = (STUDIES / "guidance" / "invented-2021.yaml").read_text("utf-8")
MODEL = (STUDIES / "models" / "few-or-many.yaml").read_text("utf-8")
Told = list[tuple[int, str]]


@pytest.fixture
def told(examples: Records, terms: Terms) -> Callable[[str, str], Told]:
    """Line and rule of each problem of a guidance and a model text."""

    def problems(guidance: str, model: str) -> Told:
        one, first = read_record(guidance.encode(), "g.yaml", Guidance)
        two, second = read_record(model.encode(), "m.yaml", DecisionModel)
        found = [*first, *second]
        if one and two:
            records = Records(examples.studies, examples.sources, [one], [two])
            found += check(records, terms)
        return [(problem.place.line, problem.rule) for problem in found]

    return problems


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("kind: recommendation", "kind: advice", [(4, "wrong-form")]),
        ("    position: option\n", "", [(4, "wrong-form")]),
        ("    direction: favourable\n", "", [(19, "wrong-form")]),
        ("position: option", "position: perhaps", [(10, "unknown-code")]),
        ("[stereotactic_radiotherapy]", "[prayer]", [(9, "unknown-code")]),
        ("unit: patients, ", "", [(16, "no-unit")]),
        ("attribute: metastasis_count", "attribute: metastases", [(14, "unknown-attribute")]),
        ("study: example-2019", "study: example-2021", [(26, "unknown-study")]),
        ("id: positive-receptors", "id: ablation-of-few", [(19, "repeated-id")]),
        ("source: invented-2021, line: 3", "source: invented, line: 3", [(16, "unknown-source")]),
        ("id: invented-2021\nlabel", "id: invented-2020\nlabel", [(1, "unknown-source")]),
    ],
)
def test_a_broken_guidance_file_is_told_by_line_and_rule(
    told: Callable[[str, str], Told], old: str, new: str, expected: Told
) -> None:
    assert GUIDANCE.count(old) == 1
    found = told(GUIDANCE.replace(old, new), MODEL)
    assert found
    assert set(found) <= set(expected)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("study: example-2019", "study: example-2021", (6, "unknown-study")),
        ("population: enrolled", "population: soft", (15, "unknown-population")),
        ("id: many", "id: few", (18, "repeated-id")),
        ("question: prognosis", "question: fate", (4, "unknown-code")),
        ("completeness: part", "completeness: half", (5, "wrong-form")),
    ],
)
def test_a_broken_model_file_is_told_by_line_and_rule(
    told: Callable[[str, str], Told], old: str, new: str, expected: tuple[int, str]
) -> None:
    assert MODEL.count(old) == 1
    assert told(GUIDANCE, MODEL.replace(old, new)) == [expected]


def test_a_pooled_study_must_be_there(examples: Records, terms: Terms) -> None:
    (first, *rest) = examples.studies
    text = "{study: nobody-1999, reported: [{source: invented-2021, line: 2}]}"
    path = STUDIES / "trials" / f"{first.id}.yaml"
    data, _ = read_data(STUDIES)
    study, problems = read_record(
        f"{path.read_text('utf-8')}\npools: [{text}]\n".encode(), "t.yaml", Study
    )
    assert problems == []
    assert study is not None
    found = check(Records([study, *rest], data.sources), terms)
    assert [problem.rule for problem in found] == ["unknown-study"]


def test_a_statement_stands_in_the_graph_of_its_source_with_its_figure(assembled: Assembly) -> None:
    graph = assembled.graphs[thing("graph", "guidance", "invented-2021")]
    node = thing("guidance", "invented-2021", "ablation-of-few")
    assert (node, RDF.type, ML.GuidanceStatement) in graph
    assert (node, ML.statedBy, thing("source", "invented-2021")) in graph
    assert (node, ML.position, code("option")) in graph
    assert (node, ML.strength, Literal("weak")) in graph
    (figure,) = graph.objects(node, ML.hasFigure)
    (report,) = graph.objects(figure, ML.hasReport)
    assert graph.value(report, ML.printedValue) == Literal("274")


def test_only_groups_with_criteria_are_matched_and_have_a_class(
    examples: Records, assembled: Assembly, terms: Terms
) -> None:
    classes = sum(profile_classes(examples, terms).values(), Graph())
    few, many = group_id("few-or-many", "few"), group_id("few-or-many", "many")
    target = target_id("invented-2021", "ablation-of-few")
    graph = assembled.graphs[thing("graph", "model", "few-or-many")]
    assert (few, ML.hasCriterion, None) in graph
    assert (many, ML.hasCriterion, None) not in graph
    assert (few, ML.resultsIn, thing("study", "example-2019", "population", "enrolled")) in graph
    for node, there in ((few, True), (target, True), (many, False)):
        assert ((profiles_of(node), RDF.type, None) in classes) is there
