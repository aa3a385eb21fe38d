"""The nine ESTRO-EORTC states: by the decision tree, by the query and by HermiT, case by case."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import combinations, product
from pathlib import Path

import pyoxigraph as ox
import pytest
from matching import small_store, verdicts
from oracle import Oracle
from profiles_by_hand import Facts, completed
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, URIRef
from rdflib.term import Node

from graph_builder.assembly import group_id
from graph_builder.axioms import Axioms
from graph_builder.build import ONTOLOGY_GRAPH, build
from graph_builder.inputs import Inputs
from graph_builder.owl_api import LoadedFile
from graph_builder.populations import CLASS_GRAPHS
from graph_builder.problems import ProblemsFoundError
from graph_builder.terms import Terms
from graph_builder.value_classes import VALUES, present
from graph_builder.vocabulary import ML, code, thing
from metalocal.answers import ModelAnswer
from metalocal.answers.guidance import models_of
from metalocal.answers.rows import Rows, reasons_of, verdicts_of
from metalocal.attributes import attributes_of
from metalocal.graph import LocalGraph
from metalocal.profiles import Profile, profile_of

HOUSE = Path(__file__).parents[2]

TOGETHER = {
    "oligometastatic": {
        *("de-novo-synchronous", "de-novo-metachronous-oligorecurrence"),
        *("de-novo-metachronous-oligoprogression", "repeat-oligorecurrence"),
        *("repeat-oligoprogression", "repeat-oligopersistence", "induced-oligorecurrence"),
        *("induced-oligoprogression", "induced-oligopersistence"),
    },
    "de-novo": {
        *("de-novo-synchronous", "de-novo-metachronous-oligorecurrence"),
        "de-novo-metachronous-oligoprogression",
    },
    "repeat": {"repeat-oligorecurrence", "repeat-oligoprogression", "repeat-oligopersistence"},
    "induced": {"induced-oligorecurrence", "induced-oligoprogression", "induced-oligopersistence"},
    "any-oligorecurrence": {
        *("de-novo-metachronous-oligorecurrence", "repeat-oligorecurrence"),
        "induced-oligorecurrence",
    },
    "any-oligoprogression": {
        *("de-novo-metachronous-oligoprogression", "repeat-oligoprogression"),
        "induced-oligoprogression",
    },
    "any-oligopersistence": {"repeat-oligopersistence", "induced-oligopersistence"},
}
"""The states that each of the wider groups takes together."""
STATES = sorted(TOGETHER["oligometastatic"])
GROUPS = (*STATES, *TOGETHER)

YES_NO = (True, False)
MONTHS = tuple(map(Decimal, ("0", "6", "6.1", "7", "60")))
COUNTS = (1, 5)


@dataclass(frozen=True)
class History:
    """Answers to the five questions, and the number of metastases; None is an answer not given."""

    polymetastatic_before: bool | None
    oligometastatic_before: bool | None
    months_to_metastasis: Decimal | None
    on_systemic_therapy: bool | None
    progressing: bool | None
    metastasis_count: int | None

    def told(self) -> dict[str, object]:
        return {key: value for key, value in vars(self).items() if value is not None}

    def facts(self) -> Facts:
        told = self.told()
        words = {True: "yes", False: "no"}
        return Facts(
            {f"{k}-{words[v]}": True for k, v in told.items() if isinstance(v, bool)},
            {k: Decimal(str(v)) for k, v in told.items() if not isinstance(v, bool)},
        )


ANSWERS = {
    "polymetastatic_before": YES_NO,
    "oligometastatic_before": YES_NO,
    "months_to_metastasis": MONTHS,
    "on_systemic_therapy": YES_NO,
    "progressing": YES_NO,
    "metastasis_count": (*COUNTS, 6),
}
"""Every answer that is tried, by question."""
COMPLETE = [History(*answers) for answers in product(*ANSWERS.values())]
OLIGOMETASTATIC = [history for history in COMPLETE if history.metastasis_count != 6]
INCOMPLETE = [
    History(*answers)
    for answers in product(*((*answers, None) for answers in ANSWERS.values()))
    if None in answers
]
AT_LIMITS = (Decimal(6), Decimal("6.1"), None), (5, 6, None)
"""Months and counts at their limit, behind it and unknown."""


def at_limits(history: History) -> bool:
    months, counts = AT_LIMITS
    return history.months_to_metastasis in months and history.metastasis_count in counts


EVERY = bool(os.environ.get("METALOCAL_EVERY_HISTORY"))
"""Whether HermiT and the product are asked about numbers far from limits too, as the query is."""
COMPLETE_FOR_HERMIT = [history for history in COMPLETE if EVERY or at_limits(history)]
INCOMPLETE_FOR_HERMIT = [
    history
    for history in filter(at_limits, INCOMPLETE)
    if (history.metastasis_count == 5 or list(vars(history).values()).count(None) == 1)
    and history.metastasis_count in (5, None)
]
"""Put to HermiT: months at the limit, behind it and unknown; the count known but for a few."""
FOR_PRODUCT = [history for history in (*COMPLETE, *INCOMPLETE) if EVERY or at_limits(history)]


def state(history: History) -> str | None:
    """The decision tree as the published classification draws it; None beyond five metastases."""
    if history.metastasis_count not in COUNTS:
        return None
    if history.polymetastatic_before or history.oligometastatic_before:
        kind = "induced" if history.polymetastatic_before else "repeat"
        if not history.on_systemic_therapy:
            return f"{kind}-oligorecurrence"
        return f"{kind}-oligo{'progression' if history.progressing else 'persistence'}"
    if history.months_to_metastasis <= 6:
        return "de-novo-synchronous"
    under_therapy = "oligoprogression" if history.on_systemic_therapy else "oligorecurrence"
    return f"de-novo-metachronous-{under_therapy}"


def by_tree(history: History) -> dict[str, str]:
    """The verdict on every group where all is known."""
    found = state(history)
    inside = {found, *(group for group, states in TOGETHER.items() if found in states)}
    return {group: "included" if group in inside else "excluded" for group in GROUPS}


@cache
def by_cases(history: History) -> dict[str, str]:
    """The verdict that all completions of a history share; indeterminate where they differ."""
    key = next((key for key in ANSWERS if getattr(history, key) is None), None)
    if key is None:
        return by_tree(history)
    cases = [by_cases(replace(history, **{key: answer})) for answer in ANSWERS[key]]
    shared = {group: {case[group] for case in cases} for group in GROUPS}
    return {g: next(iter(v)) if len(v) == 1 else "indeterminate" for g, v in shared.items()}


@dataclass(frozen=True)
class Small:
    """The graph of this model alone, and its logic."""

    file: Path
    logic: Graph
    classes: dict[str, URIRef]
    store: ox.Store


def _graph(file: Path, *names: URIRef) -> Graph:
    """The union of some named graphs."""
    wanted = {str(name) for name in names}
    quads = ox.parse(path=file, format=ox.RdfFormat.N_QUADS)
    triples = (quad.triple for quad in quads if quad.graph_name.value in wanted)
    return Graph().parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    folder = tmp_path_factory.mktemp("estro-eortc")
    for name in ("trials", "models"):
        (folder / "data" / name).mkdir(parents=True)
    shutil.copytree(HOUSE / "data" / "sources", folder / "data" / "sources")
    shutil.copy(HOUSE / "data" / "models" / "estro-eortc.yaml", folder / "data" / "models")
    build(Inputs(HOUSE / "ontology", folder / "data"), folder / "graph", "0.0.0")
    file = folder / "graph" / "graph.nq"
    logic = _graph(file, *CLASS_GRAPHS, ONTOLOGY_GRAPH)
    classes = {}
    for group in GROUPS:
        cls = logic.value(group_id("estro-eortc", group), ML.criteriaClass)
        assert isinstance(cls, URIRef), group
        classes[group] = cls
    return Small(file, logic, classes, small_store(file))


@pytest.fixture(scope="module")
def by_query(small: Small, query: str, terms: Terms) -> dict[History, dict[str, str]]:
    """The verdict on every group, for all histories, complete or not."""
    iris = {str(group_id("estro-eortc", group)): group for group in GROUPS}
    found = {}
    for history in (*COMPLETE, *INCOMPLETE):
        rows = verdicts(small.store, query, completed(history.facts(), terms))
        found[history] = {iris[iri]: verdict for iri, verdict in rows.items()}
    return found


def by_hermit(
    small: Small, terms: Terms, histories: list[History]
) -> dict[History, dict[str, str]]:
    oracle = Oracle(small.logic, terms, {g: str(c) for g, c in small.classes.items()})
    named = {f"history-{number}": history for number, history in enumerate(histories)}
    found: dict[History, dict[str, str]] = {history: {} for history in histories}
    answered = oracle.verdicts({name: history.facts() for name, history in named.items()})
    for (name, group), verdict in answered.items():
        found[named[name]][group] = verdict
    return found


def test_every_state_is_reached() -> None:
    assert {state(history) for history in OLIGOMETASTATIC} == set(STATES)


def test_a_complete_history_of_at_most_five_metastases_is_in_the_one_state_of_the_decision_tree(
    by_query: dict[History, dict[str, str]],
) -> None:
    for history in OLIGOMETASTATIC:
        found = [name for name in STATES if by_query[history][name] == "included"]
        assert found == [state(history)], history
        assert by_query[history] == by_tree(history), history


def test_six_metastases_are_in_no_state_and_in_no_group_whatever_else_is_known(
    by_query: dict[History, dict[str, str]],
) -> None:
    found = [verdicts for history, verdicts in by_query.items() if history.metastasis_count == 6]
    assert len(found) == 3 * 3 * (len(MONTHS) + 1) * 3 * 3
    assert {verdict for one in found for verdict in one.values()} == {"excluded"}


def test_the_query_decides_as_soon_as_all_completions_agree_and_never_before(
    by_query: dict[History, dict[str, str]],
) -> None:
    assert {h: v for h, v in by_query.items() if v != by_cases(h)} == {}


def test_under_therapy_progressing_and_late_is_oligoprogression_whatever_the_history(
    by_query: dict[History, dict[str, str]],
) -> None:
    found = by_query[History(None, None, Decimal(60), True, True, 5)]
    assert found["any-oligoprogression"] == "included"
    assert {found[name] for name in TOGETHER["any-oligoprogression"]} == {"indeterminate"}


@pytest.mark.usefixtures("java")
def test_hermit_finds_the_same_in_every_complete_history(
    small: Small, terms: Terms, by_query: dict[History, dict[str, str]]
) -> None:
    """None contradicts the ontology, or the oracle would refuse it.

    METALOCAL_EVERY_HISTORY=1 asks about all numbers tried; what holds for all numbers is proved
    below.
    """
    found = by_hermit(small, terms, COMPLETE_FOR_HERMIT)
    assert {h: v for h, v in found.items() if v != by_query[h]} == {}


@pytest.mark.usefixtures("java")
def test_hermit_finds_the_same_in_incomplete_histories(
    small: Small, terms: Terms, by_query: dict[History, dict[str, str]]
) -> None:
    found = by_hermit(small, terms, INCOMPLETE_FOR_HERMIT)
    assert {h: v for h, v in found.items() if v != by_query[h]} == {}
    assert {verdict for one in found.values() for verdict in one.values()} == {
        *("included", "indeterminate", "excluded")
    }


# For all numbers, not only for those tried.


class Questions:
    """Class expressions put to HermiT by name: can anything be in them?"""

    def __init__(self, small: Small, terms: Terms) -> None:
        self.small, self.terms = small, terms
        self.writer = Axioms().within(VALUES)
        self.names: dict[object, URIRef] = {}

    def ask(self, key: object, *parts: Node) -> None:
        name = thing("asked", len(self.names))
        self.names[key] = name
        self.writer.graph.add((name, RDF.type, OWL.Class))
        for part in parts:
            self.writer.graph.add((name, RDFS.subClassOf, part))

    def inside(self, group: str) -> URIRef:
        return self.small.classes[group]

    def outside(self, group: str) -> BNode:
        node = BNode()
        self.writer.graph.add((node, RDF.type, OWL.Class))
        self.writer.graph.add((node, OWL.complementOf, self.small.classes[group]))
        return node

    def answered(self) -> Iterator[Node]:
        """All five questions have an answer."""
        for key in (key for key, answers in ANSWERS.items() if answers == YES_NO):
            attribute = self.terms.attributes[key]
            yield self.writer.union([present(attribute.value_id(w)) for w in attribute.values])
        months = self.terms.graph.value(code("months_to_metastasis"), ML.factProperty)
        assert months is not None
        node = BNode()
        self.writer.graph.add((node, RDF.type, OWL.Restriction))
        self.writer.graph.add((node, OWL.onProperty, months))
        self.writer.graph.add((node, OWL.someValuesFrom, XSD.decimal))
        yield node

    def possible(self) -> set[object]:
        """The keys of the expressions that something can be in."""
        whole = self.small.logic + self.writer.graph
        file = LoadedFile(whole.serialize(format="xml", encoding="utf-8"))
        reasoner = file.reasoner()
        return {
            key
            for key, name in self.names.items()
            if reasoner.isSatisfiable(file.factory.getOWLClass(file.iri(str(name))))
        }


@pytest.fixture
def questions(java: None, small: Small, terms: Terms) -> Questions:
    return Questions(small, terms)


def test_no_two_states_have_a_patient_in_common(questions: Questions) -> None:
    pairs = list(combinations(STATES, 2))
    for one, other in pairs:
        questions.ask((one, other), questions.inside(one), questions.inside(other))
    for one in STATES:
        questions.ask(one, questions.inside(one))
    assert questions.possible() == set(STATES)
    assert len(pairs) == 36


def test_with_all_questions_answered_oligometastatic_disease_is_in_one_of_the_states(
    questions: Questions,
) -> None:
    outside = [questions.outside(one) for one in STATES]
    disease = questions.inside("oligometastatic")
    questions.ask("answered", disease, *questions.answered(), *outside)
    questions.ask("not answered", disease, *outside)
    assert questions.possible() == {"not answered"}


def test_a_wider_group_is_its_states_and_nothing_else(questions: Questions) -> None:
    for group, states in TOGETHER.items():
        for one in STATES:
            questions.ask((group, one), questions.inside(one), questions.outside(group))
        rest = [questions.outside(one) for one in states]
        questions.ask((group, "rest"), questions.inside(group), *questions.answered(), *rest)
    beyond = {(group, one) for group, states in TOGETHER.items() for one in {*STATES} - states}
    assert questions.possible() == beyond


# What the product reads, and what it tells to ask next.


def profile(history: History, terms: Terms) -> Profile:
    return profile_of(history.told(), dict(terms.attributes), terms.implications)


def test_no_combination_of_answers_is_refused(terms: Terms) -> None:
    for history in COMPLETE:
        assert profile(history, terms).facts == completed(history.facts(), terms).values


def test_a_drug_taken_now_beside_no_systemic_therapy_is_refused(terms: Terms) -> None:
    given = {"current_therapy": ["endocrine"], "on_systemic_therapy": False}
    with pytest.raises(ProblemsFoundError, match="contradict"):
        profile_of(given, dict(terms.attributes), terms.implications)


def models(graph: LocalGraph, told: Profile) -> tuple[ModelAnswer, ...]:
    rows = Rows(graph, HOUSE / "queries")
    attributes = attributes_of(graph, rows.queries)
    return models_of(rows, told, verdicts_of(rows, told), reasons_of(rows, told), attributes)


def test_the_answer_knows_the_wider_groups_by_their_clauses(small: Small) -> None:
    found = models(LocalGraph(small.file), Profile())
    assert [one.wider for one in found] == [False] * len(STATES) + [True] * len(TOGETHER)


@pytest.fixture(scope="module")
def deciding(small: Small, terms: Terms) -> dict[History, set[str]]:
    """The questions that the answer says decide between the states, by history."""
    graph, queries = LocalGraph(small.file), HOUSE / "queries"
    attributes = attributes_of(graph, queries)
    keys = {attribute.label: key for key, attribute in attributes.items()}
    always: dict[str, list[dict[str, str]]] = {}
    found = {}
    for history in FOR_PRODUCT:
        one, rows = profile(history, terms), Rows(graph, queries, dict(always))
        groups = models_of(rows, one, verdicts_of(rows, one), reasons_of(rows, one), attributes)
        found[history] = {keys[label] for g in groups if not g.wider for label in g.deciding}
        always = {n: r for n, r in rows.fetched.items() if n not in ("verdicts", "reasons")}
    return found


def test_a_decided_history_leaves_nothing_to_ask(deciding: dict[History, set[str]]) -> None:
    for history, asked in deciding.items():
        decided = "indeterminate" not in {by_cases(history)[name] for name in STATES}
        assert (asked == set()) == decided, history


def test_answers_to_what_decides_leave_exactly_one_state_or_more_than_five_metastases(
    deciding: dict[History, set[str]],
) -> None:
    for history, asked in deciding.items():
        for answers in product(*(ANSWERS[key] for key in asked)):
            after = by_cases(replace(history, **dict(zip(asked, answers, strict=True))))
            verdicts = sorted(after[name] for name in STATES)
            in_one = verdicts == ["excluded"] * 8 + ["included"]
            assert in_one or set(verdicts) == {"excluded"}, (history, answers)


def completions(history: History, but: str) -> Iterator[History]:
    """All ways to answer what is unknown, `but` one question."""
    unknown = [key for key in ANSWERS if getattr(history, key) is None and key != but]
    for answers in product(*(ANSWERS[key] for key in unknown)):
        yield replace(history, **dict(zip(unknown, answers, strict=True)))


def test_each_question_said_to_decide_can_change_the_state(
    deciding: dict[History, set[str]],
) -> None:
    for history, asked in deciding.items():
        for key in asked:
            assert any(
                len({state(replace(one, **{key: answer})) for answer in ANSWERS[key]}) > 1
                for one in completions(history, key)
            ), (history, key)
