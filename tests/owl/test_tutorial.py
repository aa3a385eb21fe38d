"""docs/protege.md followed step by step, by the OWL API with HermiT and by owlready2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from matching import small_store, verdicts
from profiles_by_hand import Facts
from rdflib import XSD, Graph, Literal
from workbench import Workbench, rendered

from graph_builder.attributes import Kind
from graph_builder.terms import Terms
from graph_builder.value_classes import absent, present
from graph_builder.vocabulary import ML, code
from metalocal.attributes import attributes_of, implications_of
from metalocal.graph import LocalGraph
from metalocal.profiles import Profile, read_profile

if TYPE_CHECKING:
    from conftest import Built

pytestmark = pytest.mark.usefixtures("java")

HOUSE = Path(__file__).parents[2]
PAGE = (HOUSE / "docs" / "protege.md").read_text("utf-8")
QUESTION = "local_therapy_of_primary"
SHE = "my-patient"
NOT_OF_THE_GRAPH = {
    *("primary.owl", "this type", SHE, "profile and", "xsd:integer"),
    *("tests/owl/test_tutorial.py", "metalocal export owl metalocal.owl", "metalocal ask"),
}
"""What stands in code type in sections 1 to 7 and is no name of the export."""


def section(number: int) -> str:
    """The text of a numbered section."""
    return PAGE.partition(f"\n## {number}. ")[2].partition("\n## ")[0]


def blocks(number: int, kind: str) -> list[str]:
    """The fenced blocks of a kind in a section."""
    return re.findall(rf"^```{kind}\n(.*?)\n```$", section(number), re.MULTILINE | re.DOTALL)


def listed(number: int) -> set[str]:
    """The classes that a section lists, one a line."""
    (lines,) = (block.splitlines() for block in blocks(number, "types"))
    assert len(lines) == len(set(lines))
    return set(lines)


def facts() -> str:
    (found,) = blocks(3, "manchester")
    return found


def numbers() -> dict[str, str]:
    rows = re.findall(r"^\| `([^`]+)` \| (\d+) \| `xsd:integer` \|$", section(3), re.MULTILINE)
    assert rows
    return dict(rows)


def asked(number: int) -> list[str]:
    """The expressions a section puts to the DL query."""
    return blocks(number, "manchester")


@pytest.fixture(scope="module")
def bench(java: None, question_file: Path) -> Workbench:
    return Workbench(question_file)


@pytest.fixture(scope="module")
def patient(java: None, question_file: Path) -> Workbench:
    """A file of her own, so that what was inferred of her stays inferred from test to test."""
    bench = Workbench(question_file)
    bench.describe(SHE, facts(), numbers())
    return bench


def test_the_page_exports_the_question_tested_here() -> None:
    assert f"metalocal export owl primary.owl --question {QUESTION}\n" in section(1)


def test_every_name_on_the_page_is_a_name_in_the_export(bench: Workbench) -> None:
    text = "".join(section(number) for number in range(2, 8))
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    names = set(re.findall(r"`([^`\n]+)`", text)) - NOT_OF_THE_GRAPH
    labels = set(bench.labels.values())
    missing = {name for name in names if name not in labels}
    expressions = {name.removeprefix("and ") for name in missing if "'" in name}
    assert {name for name in missing if "'" not in name} == set()
    for expression in expressions:
        bench.expression(expression)
    assert len(names) > 30


def test_a_name_that_is_not_in_the_export_is_refused(bench: Workbench) -> None:
    import jpype

    bench.expression("'profile with HER2 status: negative'")
    with pytest.raises(jpype.JException, match="HER2 status: absent"):
        bench.expression("'profile with HER2 status: absent'")


def test_the_tree_is_opened_as_the_page_says(bench: Workbench) -> None:
    path = ["profile", "profile that fits a group"]
    path += re.findall(r"`(profile that fits [^`]+: [^`]+)`", section(2))
    assert len(path) == 4
    path.insert(
        2, "profile that fits a population of a study on local therapy of the primary tumour"
    )
    for wider, narrower in pairwise(path):
        low, high = (bench.entities["Class", label] for label in (narrower, wider))
        axiom = bench.factory.getOWLSubClassOfAxiom(low, high)
        assert bench.ontology.containsAxiom(axiom), (narrower, wider)


def test_the_number_leads_to_its_report_and_source(question_file: Path) -> None:
    graph = Graph().parse(question_file, format="xml")
    estimate, report = re.findall(r"`([^`]*\[os-hr\][^`]*)`", section(2))
    (source,) = re.findall(r"source, `([^`]+)`", section(2))
    row = graph.query(
        """PREFIX ml: <https://w3id.org/metalocal/ontology/>
        SELECT ?line WHERE { ?estimate rdfs:label ?e ; ml:hasReport ?report .
          ?report rdfs:label ?r ; ml:reportedIn/rdfs:label ?s ; ml:line ?line .
          FILTER(STR(?e) = ?estimate_label && STR(?r) = ?report_label && STR(?s) = ?source) }""",
        initBindings={
            "estimate_label": Literal(estimate),
            "report_label": Literal(report),
            "source": Literal(source),
        },
    )
    assert [str(line) for (line,) in row] == [report.rpartition(" ")[2]]  # type: ignore[misc]


def test_the_inferred_types_are_those_on_the_page(patient: Workbench) -> None:
    assert patient.types(SHE, direct=True) == listed(4)


def test_the_page_says_which_type_is_hidden_by_a_narrower_one(patient: Workbench) -> None:
    hidden, shown = re.findall(r"`(profile that fits MF07-01: [^`]+)`", section(4))
    assert hidden in patient.types(SHE, direct=False) - listed(4)
    assert shown in listed(4)


def test_owlready2_infers_the_same(question_file: Path) -> None:
    import owlready2

    world = owlready2.World()
    ontology = world.get_ontology(question_file.as_uri()).load()

    def named(label: str) -> owlready2.EntityClass:
        (found,) = world.search(label=label)
        return found

    with ontology:
        she = named("profile")(SHE)
        for label in re.findall(r"'([^']+)'", facts()):
            she.is_a.append(named(label))
        for label, number in numbers().items():
            setattr(she, named(label).python_name, int(number))
        owlready2.sync_reasoner_hermit(world, debug=0)
    found = {str(cls.label.first()) for cls in she.is_a}
    # Unlike the OWL API, owlready2 keeps what was stated beside what was inferred.
    assert found - set(re.findall(r"'([^']+)'", facts())) - {"profile"} <= listed(4)
    assert listed(4) <= found


def test_the_expression_asks_for_the_same_patient(patient: Workbench) -> None:
    (expression,) = asked(5)
    told = "".join(f"\nand '{label}' value {number}" for label, number in numbers().items())
    assert expression == facts() + told
    assert patient.superclasses(expression) == patient.types(SHE, direct=False)


def test_the_groups_of_mf07_01_are_those_on_the_page(bench: Workbench) -> None:
    (expression,) = asked(5)
    found = bench.superclasses(expression)
    assert {label for label in found if "fits MF07-01" in label} == listed(5)


def test_the_group_lists_the_patient(patient: Workbench) -> None:
    (group,) = re.findall(r"`('[^`]+')` with \*\*Instances\*\*", section(5))
    assert patient.instances(group) == {SHE}


def test_the_patient_is_known_to_be_outside_the_group(patient: Workbench) -> None:
    (outside,) = asked(6)
    assert patient.instances(outside) == {SHE}
    assert len(patient.instances(outside.removeprefix("profile and "))) > 1000


def test_to_put_her_into_the_group_is_a_contradiction(patient: Workbench) -> None:
    (group,) = re.findall(r"Add the type `([^`]+)`", section(6))
    wrong = patient.type_axiom(SHE, f"'{group}'")
    assert patient.reasoner.isConsistent()
    patient.change(add=[wrong])
    assert not patient.reasoner.isConsistent()
    patient.change(remove=[wrong])
    assert patient.reasoner.isConsistent()


def test_the_reasons_on_the_page_make_the_contradiction_and_none_is_too_many(
    patient: Workbench,
) -> None:
    (lines,) = (block.splitlines() for block in blocks(6, "reasons"))
    (group,) = re.findall(r"Add the type `([^`]+)`", section(6))
    stated = [patient.type_axiom(SHE, part) for part in (facts(), f"'{group}'")]
    reasons = [axiom for line in lines for axiom in _axioms(patient, line)]
    assert len(reasons) == len(lines) == 2
    assert not _consistent([*stated, *reasons])
    for axiom in [*stated, *reasons]:
        assert _consistent([a for a in [*stated, *reasons] if a != axiom])


def _axioms(bench: Workbench, line: str) -> Iterator[object]:
    """The axiom of the export that a line of reasons tells."""
    if line.startswith("Equivalent To of "):
        group = bench.entities["Class", line.removeprefix("Equivalent To of ")]
        yield from bench.ontology.getEquivalentClassesAxioms(group)
        return
    wanted = {bench.entities["Class", w] for w in line.removeprefix("Disjoint: ").split(", ")}
    for axiom in bench.ontology.getDisjointClassesAxioms(next(iter(wanted))):
        if set(axiom.getClassesInSignature()) == wanted:
            yield axiom


def _consistent(axioms: list[object]) -> bool:
    """Whether these axioms alone have a model."""
    from graph_builder.owl_api import java, java_set

    manager = java("owlapi.apibinding.OWLManager").createOWLOntologyManager()
    ontology = manager.createOntology(java_set(axioms))
    return bool(java("HermiT.Reasoner")(ontology).isConsistent())


@pytest.fixture
def unknown(bench: Workbench) -> Iterator[tuple[Workbench, str]]:
    """The patient without the fact of section 7, and that fact as its line."""
    (line,) = re.findall(r"delete the line\n`(and '[^`]+')`", section(7))
    assert line in facts().splitlines()
    left = "\n".join(kept for kept in facts().splitlines() if kept != line)
    stated = bench.describe(SHE, left, numbers())
    yield bench, left
    bench.change(remove=stated)


def test_without_a_fact_the_classes_on_the_page_are_no_longer_inferred(
    unknown: tuple[Workbench, str],
) -> None:
    bench, _ = unknown
    assert listed(4) - bench.types(SHE, direct=True) == listed(7)


def test_without_a_fact_she_is_neither_in_the_group_nor_outside(
    unknown: tuple[Workbench, str],
) -> None:
    bench, left = unknown
    inside, outside = asked(7)
    assert bench.instances(inside) == set()
    assert bench.instances(outside) == set()
    assert bench.possible(f"{left} and {inside}")
    assert bench.possible(f"{left} and ({outside})")


def test_with_another_fact_she_is_outside(unknown: tuple[Workbench, str]) -> None:
    bench, _ = unknown
    (other,) = re.findall(r"With the line `and ([^`]+)`", section(7))
    known = bench.type_axiom(SHE, other)
    bench.change(add=[known])
    found = bench.instances(asked(7)[1])
    bench.change(remove=[known])
    assert found == {SHE}


@pytest.mark.parametrize("datatype", ["string", "float", "double"])
def test_a_number_of_another_datatype_is_a_contradiction(datatype: str, bench: Workbench) -> None:
    axiom = bench.number_axiom(SHE, "has age", "48", f"http://www.w3.org/2001/XMLSchema#{datatype}")
    bench.change(add=[axiom])
    consistent = bench.reasoner.isConsistent()
    bench.change(remove=[axiom])
    assert not consistent


def test_a_name_with_an_apostrophe_is_written_as_the_page_says(bench: Workbench) -> None:
    (name,) = re.findall(r"`('[^`]*\\'[^`]*')`", section(9))
    label = bench.label(bench.expression(name))
    assert "'" in label
    assert rendered(label) == name


def test_protege_does_not_count_sites(bench: Workbench) -> None:
    told = {label: n for label, n in numbers().items() if "organs" not in label}
    stated = bench.describe(SHE, facts(), told)
    found = bench.types(SHE, direct=False)
    bench.change(remove=stated)
    assert "profile that tells number of metastatic organs" not in found


# All example profiles: what the reasoner infers is what `metalocal ask` decides.


def example_profiles(graph_file: Path) -> dict[str, Profile]:
    graph, queries = LocalGraph(graph_file), HOUSE / "queries"
    attributes, rules = attributes_of(graph, queries), implications_of(graph, queries)
    return {
        path.stem: read_profile(path.read_text("utf-8"), path.name, attributes, rules)
        for path in sorted((HOUSE / "data" / "profiles").glob("*.yaml"))
    }


def expression_of(bench: Workbench, profile: Profile, terms: Terms) -> Any:
    """The facts of a profile and its numbers as one class expression, as in section 5."""
    from graph_builder.owl_api import java_set

    factory, iri = bench.factory, bench.file.iri
    classes = [ML.Profile]
    for value, holds in profile.facts.items():
        if holds:
            classes.append(present(value))
        elif terms.attributes[value.split("-")[0]].kind is Kind.SET:
            classes.append(absent(value))
    parts = [factory.getOWLClass(iri(str(cls))) for cls in classes]
    for key, number in profile.numbers.items():
        prop = terms.graph.value(code(key), ML.factProperty)
        datatype = XSD.integer if terms.attributes[key].whole_numbers else XSD.decimal
        literal = factory.getOWLLiteral(f"{number:f}", factory.getOWLDatatype(iri(str(datatype))))
        parts.append(
            factory.getOWLDataHasValue(factory.getOWLDataProperty(iri(str(prop))), literal)
        )
    return factory.getOWLObjectIntersectionOf(java_set(parts))


def test_the_reasoner_puts_every_example_profile_where_the_query_does(
    built: Built, bench: Workbench, terms: Terms, query: str
) -> None:
    here = {str(cls).strip("<>") for cls in bench.ontology.getClassesInSignature()}
    groups = {g: cls for g, cls in built.classes.items() if cls in here and cls != str(ML.Profile)}
    store = small_store(built.graph_file)
    by_logic, by_query = {}, {}
    for name, profile in example_profiles(built.graph_file).items():
        expression = expression_of(bench, profile, terms)
        wider = bench.reasoner.getSuperClasses(expression, False).getFlattened()
        same = bench.reasoner.getEquivalentClasses(expression).getEntities()
        found = {str(cls).strip("<>") for found in (wider, same) for cls in found}
        by_logic[name] = {group for group, cls in groups.items() if cls in found}
        verdict = verdicts(store, query, Facts(profile.facts, profile.numbers))
        by_query[name] = {group for group in groups if verdict[group] == "included"}
    assert by_logic == by_query
    assert len(groups) > 100
    assert sum(map(len, by_logic.values())) > 200
