from __future__ import annotations

import random
from collections.abc import Callable

from rdflib import RDF, RDFS, XSD, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from graph_builder.assembly import CLAUSES, PROVENANCE, SOURCES, Assembly, assemble, study_graph
from graph_builder.populations import profile_classes
from graph_builder.problems import Place
from graph_builder.reading import Records
from graph_builder.records import Study
from graph_builder.terms import Terms
from graph_builder.vocabulary import ML, code, thing
from tests.whole_graphs import nquads_of

STUDY = thing("study", "example-2020")
REPORT = URIRef(f"{STUDY}/estimate/os-hr/report/invented-2021-5")
LOCATORS = {ML.reportedIn, ML.line, ML.place, ML.levelLine}


def graph_of(study: Study, terms: Terms) -> Graph:
    return assemble(Records([study]), terms).graphs[study_graph("example-2020")]


def in_another_order(records: Records) -> Records:
    shuffled = Records(
        list(records.studies), list(records.sources), records.guidance, records.models
    )
    random.Random(7).shuffle(shuffled.studies)
    return Records(
        shuffled.studies[::-1], shuffled.sources[::-1], shuffled.guidance, shuffled.models
    )


def test_the_order_of_the_files_changes_no_triple(examples: Records, terms: Terms) -> None:
    other = in_another_order(examples)
    assert [s.id for s in other.studies] != [s.id for s in examples.studies]
    one, two = assemble(examples, terms).graphs, assemble(other, terms).graphs
    assert one.keys() == two.keys()
    assert all(isomorphic(one[name], two[name]) for name in one)


def test_the_order_of_the_files_changes_no_byte_of_the_built_graph(
    examples: Records, terms: Terms
) -> None:
    first, second = (
        nquads_of({**assemble(records, terms).graphs, **profile_classes(records, terms)})
        for records in (
            examples,
            Records(examples.studies[::-1], examples.sources, examples.guidance, examples.models),
        )
    )
    assert first == second


def test_a_value_keeps_its_printed_form_beside_its_number(assembled: Assembly) -> None:
    graph = assembled.graphs[study_graph("example-2020")]
    assert graph.value(REPORT, ML.printedValue) == Literal("0.70")
    value = graph.value(REPORT, ML.value)
    assert isinstance(value, Literal)
    assert (value.datatype, float(value)) == (XSD.decimal, 0.70)


def test_a_thousand_with_a_comma_is_one_number(assembled: Assembly) -> None:
    graph = assembled.graphs[study_graph("example-2020")]
    report = URIRef(f"{STUDY}/fact/patients_enrolled/report/invented-2021-3")
    assert str(graph.value(report, ML.printedValue)) == "1,274"
    assert int(str(graph.value(report, ML.value))) == 1274


def test_a_median_not_attained_has_a_printed_form_and_no_number(assembled: Assembly) -> None:
    graph = assembled.graphs[study_graph("example-2020")]
    report = URIRef(f"{STUDY}/estimate/os-median-responders/report/invented-2021-9")
    assert str(graph.value(report, ML.printedValue)) == "not attained"
    assert graph.value(report, ML.value) is None


def test_a_p_value_keeps_its_relation(study: Callable[..., Study], terms: Terms) -> None:
    estimates = """
- id: os
  outcome: overall_survival
  population: randomised
  contrast: {arm: surgery, versus: systemic}
  measure: p_value_only
  reported: [{p: "<.001", source: invented-2021, line: 5}]"""
    graph = graph_of(study(estimates=estimates), terms)
    report = URIRef(f"{STUDY}/estimate/os/report/invented-2021-5")
    told = [str(graph.value(report, p)) for p in (ML.printedP, ML.pRelation, ML.pValue)]
    assert told == ["<.001", "<", "0.001"]


def test_a_subgroup_inherits_the_criteria_of_the_population_it_is_within(
    assembled: Assembly,
) -> None:
    graph = assembled.graphs[study_graph("example-2020")]
    whole = set(
        graph.objects(
            thing(*["study", "example-2020", "population", "randomised"]), ML.hasCriterion
        )
    )
    bone = URIRef(f"{STUDY}/population/solitary-bone")
    own = {URIRef(f"{bone}/criterion/{k}") for k in ("metastatic_sites", "metastasis_count")}
    assert set(graph.objects(bone, ML.hasCriterion)) == whole | own
    assert len(whole) == 2
    assert str(graph.value(bone, ML.depth)) == "1"


def test_a_group_defined_by_its_outcome_has_no_criteria_and_no_class(
    assembled: Assembly, examples: Records, terms: Terms
) -> None:
    responders = URIRef(f"{STUDY}/population/responders")
    graph = assembled.graphs[study_graph("example-2020")]
    assert graph.value(responders, ML.hasCriterion) is None
    classes = sum(profile_classes(examples, terms).values(), Graph())
    assert classes.value(responders, ML.criteriaClass) is None
    assert (URIRef(f"{responders}/profiles"), None, None) not in classes


def test_a_population_of_other_cancers_has_no_criteria(
    study: Callable[..., Study], terms: Terms
) -> None:
    populations = """
- id: lung
  label: lung cancer
  status: stratum
  cancers: other_cancers_only
  criteria: [{attribute: metastasis_count, max: 4}]
  reported: [{source: invented-2021, line: 3}]"""
    graph = graph_of(study(populations=populations, estimates="[]"), terms)
    lung = URIRef(f"{STUDY}/population/lung")
    assert graph.value(lung, ML.hasCriterion) is None
    assert graph.value(lung, ML.cancerMix) == code("other_cancers_only")


def test_source_line_and_place_stand_in_the_provenance_graph_alone(assembled: Assembly) -> None:
    provenance = assembled.graphs[PROVENANCE]
    assert set(provenance.predicates()) == LOCATORS
    for name, graph in assembled.graphs.items():
        assert name == PROVENANCE or not LOCATORS & set(graph.predicates()), name
    assert provenance.value(REPORT, ML.reportedIn) == thing("source", "invented-2021")
    assert str(provenance.value(REPORT, ML.line)) == "5"


def test_every_report_has_its_locator(assembled: Assembly) -> None:
    reports = {
        report
        for graph in assembled.graphs.values()
        for report in graph.subjects(RDF.type, ML.Report)
    }
    assert set(assembled.graphs[PROVENANCE].subjects(ML.line)) == reports


def test_two_prints_on_one_line_are_two_reports(study: Callable[..., Study], terms: Terms) -> None:
    estimates = """
- id: os
  outcome: overall_survival
  population: randomised
  arm: surgery
  measure: median
  unit: months
  reported:
    - {value: "46", source: invented-2021, line: 4}
    - {value: "46.0", source: invented-2021, line: 4}"""
    graph = graph_of(study(estimates=estimates), terms)
    reports = list(graph.objects(URIRef(f"{STUDY}/estimate/os"), ML.hasReport))
    assert {str(graph.value(report, ML.printedValue)) for report in reports} == {"46", "46.0"}


def test_each_thing_knows_the_line_it_was_read_from(assembled: Assembly) -> None:
    assert assembled.places[REPORT] == Place("studies/trials/example-2020.yaml", 56, 9)
    things = {
        node
        for name, graph in assembled.graphs.items()
        if name != PROVENANCE
        for node in graph.subjects(RDF.type)
    }
    assert things == set(assembled.places)


def test_each_thing_has_one_label_and_no_two_have_the_same(assembled: Assembly) -> None:
    labels = [
        (node, str(label))
        for graph in assembled.graphs.values()
        for node, label in graph.subject_objects(RDFS.label)
    ]
    assert len({node for node, _ in labels}) == len(labels) == len({label for _, label in labels})


def test_each_file_has_its_own_graph_and_the_sources_have_one(assembled: Assembly) -> None:
    named = {study_graph("example-2019"), study_graph("example-2020")}
    named |= {CLAUSES, SOURCES, PROVENANCE}
    named |= {thing("graph", "guidance", "invented-2021"), thing("graph", "model", "few-or-many")}
    assert set(assembled.graphs) == named
