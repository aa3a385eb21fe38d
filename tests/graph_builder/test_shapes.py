"""Each shape can fail, and its message leads to the line of the study file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import SH

from graph_builder.assembly import Assembly, assemble
from graph_builder.conformance import Sketch, conformance
from graph_builder.nquads import triples_of
from graph_builder.reading import Records
from graph_builder.shapes import read_shapes, shape_problems
from graph_builder.terms import Terms
from graph_builder.vocabulary import ML, code, thing

MLS = Namespace("https://w3id.org/metalocal/shapes/")
STUDY = thing("study", "example-2020")
POPULATION = URIRef(f"{STUDY}/population/randomised")
CRITERION = URIRef(f"{POPULATION}/criterion/presentation")
CLAUSE = thing("clause", "presentation-de_novo")
ESTIMATE = URIRef(f"{STUDY}/estimate/os-hr")
REPORT = URIRef(f"{ESTIMATE}/report/invented-2021-5")
STATEMENT = URIRef(f"{STUDY}/statement/1")
FACT = URIRef(f"{STUDY}/fact/patients_enrolled")
GUIDANCE = thing("guidance", "invented-2021", "ablation-of-few")
TARGET = URIRef(f"{GUIDANCE}/patients")
MODEL = thing("model", "few-or-many")
AGE, HER2 = code("age"), code("her2_status")
HAZARD, MEDIAN, SURVIVAL = code("hazard_ratio"), code("median"), code("overall_survival")
BETTER_WHEN = code("betterWhen")
FILE = "studies/trials/example-2020.yaml"
FILES = {
    GUIDANCE: "studies/guidance/invented-2021.yaml",
    TARGET: "studies/guidance/invented-2021.yaml",
    MODEL: "studies/models/few-or-many.yaml",
}
"""Files of things that EXAMPLE-2020's does not hold."""
Change = Callable[[Graph], object]


def without(subject: URIRef, predicate: URIRef) -> Change:
    return lambda graph: graph.remove((subject, predicate, None))


def with_second(subject: URIRef, predicate: URIRef, other: URIRef | Literal) -> Change:
    return lambda graph: graph.add((subject, predicate, other))


def in_place(subject: URIRef, predicate: URIRef, other: URIRef | Literal) -> Change:
    return lambda graph: graph.set((subject, predicate, other))


def one_arm(graph: Graph) -> None:
    graph.remove((STUDY, ML.hasArm, URIRef(f"{STUDY}/arm/systemic")))


CASES: list[tuple[str, Change, URIRef, int, str]] = [
    ("Labelled", without(ESTIMATE, RDFS.label), ESTIMATE, 50, "needs exactly one label"),
    (
        "Labelled",
        with_second(ESTIMATE, RDFS.label, Literal("x")),
        ESTIMATE,
        50,
        "needs exactly one label",
    ),
    (
        "LabelledClass",
        with_second(code("Nameless"), RDF.type, OWL.Class),
        code("Nameless"),
        0,
        "this class needs exactly one label",
    ),
    ("Study", without(STUDY, ML.design), STUDY, 1, "exactly one design"),
    ("Study", without(STUDY, ML.question), STUDY, 1, "exactly one question"),
    (
        "Study",
        with_second(STUDY, ML.question, code("palliation")),
        STUDY,
        1,
        "exactly one question",
    ),
    (
        "Study",
        with_second(STUDY, ML.hasArm, ESTIMATE),
        STUDY,
        1,
        "what a study has as arm is an arm",
    ),
    ("Study", without(STUDY, ML.hasPopulation), STUDY, 1, "at least one population"),
    ("Study", without(STUDY, ML.hasReport), STUDY, 1, "at least one source"),
    ("ComparativeStudy", one_arm, STUDY, 1, "at least two arms"),
    (
        "Population",
        with_second(POPULATION, ML.cancerMix, code("mixed_cancers")),
        POPULATION,
        16,
        "one cancer mix",
    ),
    ("Population", without(POPULATION, ML.populationStatus), POPULATION, 16, "exactly one status"),
    ("Population", without(POPULATION, ML.hasCriterion), POPULATION, 16, "at least one criterion"),
    ("Criterion", without(CRITERION, ML.hasClause), CRITERION, 20, "at least one clause"),
    ("Criterion", without(CRITERION, ML.onAttribute), CRITERION, 20, "at least one attribute"),
    ("Clause", without(CLAUSE, ML.accepts), CLAUSE, 20, "at least one alternative"),
    ("Estimate", without(ESTIMATE, ML.population), ESTIMATE, 50, "exactly one population"),
    (
        "Estimate",
        in_place(ESTIMATE, ML.measure, code("months")),
        ESTIMATE,
        50,
        "exactly one measure",
    ),
    ("Estimate", without(ESTIMATE, ML.outcome), ESTIMATE, 50, "one outcome or one baseline"),
    (
        "Estimate",
        with_second(ESTIMATE, ML.characteristic, code("clear_margins")),
        ESTIMATE,
        50,
        "one outcome or one baseline",
    ),
    ("Estimate", without(ESTIMATE, ML.hasReport), ESTIMATE, 50, "printed by at least one source"),
    ("Report", without(REPORT, ML.reportedIn), REPORT, 56, "exactly one source"),
    ("Report", without(REPORT, ML.line), REPORT, 56, "exactly one line"),
    (
        "Report",
        in_place(REPORT, ML.line, Literal("0", datatype=XSD.integer)),
        REPORT,
        56,
        "exactly one line",
    ),
    ("Statement", without(STATEMENT, ML.statementKind), STATEMENT, 73, "exactly one kind"),
    ("Statement", without(STATEMENT, ML.wording), STATEMENT, 73, "one wording"),
    ("StudyFact", without(FACT, ML.property), FACT, 40, "exactly one property"),
    ("StudyFact", without(FACT, ML.hasReport), FACT, 40, "printed by at least one source"),
    ("Attribute", without(HER2, ML.hasValue), HER2, 0, "at least two values"),
    ("NumberAttribute", without(AGE, ML.factProperty), AGE, 0, "exactly one fact property"),
    ("AnyAttribute", without(AGE, ML.questionText), AGE, 0, "a question text"),
    (
        "GuidanceStatement",
        without(GUIDANCE, ML.guidanceKind),
        GUIDANCE,
        4,
        "guidance statement has exactly one kind",
    ),
    ("GuidanceStatement", without(GUIDANCE, ML.statedBy), GUIDANCE, 4, "made by one source"),
    (
        "GuidanceStatement",
        without(GUIDANCE, ML.wording),
        GUIDANCE,
        4,
        "guidance statement has one wording",
    ),
    (
        "GuidanceStatement",
        without(GUIDANCE, ML.hasReport),
        GUIDANCE,
        4,
        "names the line that makes",
    ),
    ("DecisionModel", without(MODEL, ML.hasModelGroup), MODEL, 1, "at least one group"),
    ("DecisionModel", without(MODEL, ML.hasReport), MODEL, 1, "names the line that gives it"),
    ("Measure", without(MEDIAN, ML.isRatio), MEDIAN, 0, "tells whether it is a ratio"),
    ("Measure", without(HAZARD, ML.noDifferenceAt), HAZARD, 0, "shows no difference at 1"),
    ("Outcome", without(SURVIVAL, BETTER_WHEN), SURVIVAL, 0, "higher, lower or neither"),
    ("Target", without(TARGET, ML.hasCriterion), TARGET, 4, "target group has at least one"),
]


@pytest.fixture(scope="module")
def assembly(examples: Records, terms: Terms) -> Assembly:
    return assemble(examples, terms)


@pytest.fixture
def graph(assembly: Assembly, terms: Terms) -> Graph:
    graph = Graph()
    for part in (terms.graph, *assembly.graphs.values()):
        graph += part
    return graph


def test_the_invented_studies_fit_every_shape(
    graph: Graph, assembly: Assembly, ontology: Path
) -> None:
    assert shape_problems(graph, ontology, assembly.places) == []


@pytest.mark.parametrize(
    ("shape", "change", "node", "line", "message"),
    CASES,
    ids=[f"{case[0]}: {case[4]}" for case in CASES],
)
def test_what_does_not_fit_a_shape_is_told_with_its_line(
    shape: str,
    change: Change,
    node: URIRef,
    line: int,
    message: str,
    graph: Graph,
    assembly: Assembly,
    ontology: Path,
) -> None:
    change(graph)
    found = [p for p in shape_problems(graph, ontology, assembly.places) if message in p.message]
    assert [(p.rule, bool(p.mend)) for p in found] == [("shape", True)]
    assert "Mend:" not in found[0].message
    place = found[0].place
    file = FILES.get(node, FILE)
    assert (place.file, place.line) == ((file, line) if line else (str(node), 0))


def surely_fits(graph: Graph, ontology: Path) -> bool:
    triples = triples_of(graph)
    asked = conformance(read_shapes(ontology), triples)
    assert asked is not None
    return asked.holds(Sketch(triples, {}))


def test_the_quick_answer_has_no_doubt_of_the_invented_studies(
    graph: Graph, ontology: Path
) -> None:
    assert surely_fits(graph, ontology)


@pytest.mark.parametrize("case", CASES, ids=[f"{case[0]}: {case[4]}" for case in CASES])
def test_the_quick_answer_doubts_whatever_does_not_fit_a_shape(
    case: tuple[str, Change, URIRef, int, str], graph: Graph, ontology: Path
) -> None:
    case[1](graph)
    assert not surely_fits(graph, ontology)


UNKNOWN = [
    "mls:A a sh:NodeShape ; sh:targetNode ml:Study ; sh:nodeKind sh:BlankNode .",
    "mls:A a sh:NodeShape ; sh:targetClass ml:Study ; sh:closed true .",
    "mls:A a sh:PropertyShape ; sh:targetClass ml:Study ; sh:path ml:note ; sh:minCount 1 .",
    "mls:A a sh:NodeShape ; sh:targetClass ml:Arm ;"
    " sh:property [ sh:path [ sh:inversePath ml:hasArm ] ; sh:minCount 1 ] .",
    "mls:A a sh:NodeShape ; sh:targetClass ml:Arm ;"
    " sh:property [ sh:path ml:note ; sh:pattern 'x' ] .",
    "mls:A a sh:NodeShape ; sh:targetClass ml:Arm ;"
    " sh:not [ sh:path ml:treatment ; sh:class ml:Study ] .",
]


@pytest.mark.parametrize("shape", UNKNOWN)
def test_a_shape_that_the_quick_answer_does_not_know_goes_to_the_validator(
    shape: str, ontology: Path
) -> None:
    prefixes = f"@prefix ml: <{ML._NS}> . @prefix mls: <{MLS}> . @prefix sh: <{SH._NS}> ."
    shapes = read_shapes(ontology).parse(data=f"{prefixes} {shape}", format="turtle")
    assert conformance(shapes, []) is None


def test_every_shape_has_a_case() -> None:
    shapes = Graph().parse(Path(__file__).parents[2] / "ontology" / "shapes.ttl")
    named = {str(shape).removeprefix(str(MLS)) for shape in shapes.subjects(RDF.type, SH.NodeShape)}
    assert named == {case[0] for case in CASES}


def test_every_message_of_a_shape_has_a_case_and_a_mend() -> None:
    shapes = Graph().parse(Path(__file__).parents[2] / "ontology" / "shapes.ttl")
    for message in map(str, shapes.objects(None, SH.message)):
        assert " Mend: " in message
        assert any(case[4] in message for case in CASES), message
