"""Definitions, sources, hierarchies and disjointness of the terms written by hand."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations, groupby
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from graph_builder.vocabulary import ID, ML, ONTOLOGY, code

TERM = f"{ONTOLOGY}/"
DEFINITION_SOURCE = URIRef("http://purl.obolibrary.org/obo/IAO_0000119")
OWN_WORDS = Literal("metalocal")
BETTER_WHEN = code("betterWhen")
PROPERTIES = {
    OWL.ObjectProperty: re.compile(r"A relation between .+ and .+\."),
    OWL.DatatypeProperty: re.compile(r"A value that .+\."),
    OWL.AnnotationProperty: re.compile(r"An annotation that .+\."),
}
CONNECTIVE = "(?:that|of|for|with|between)"
OUTSIDE = (
    "http://purl.obolibrary.org/obo/",
    "http://terminology.hl7.org/CodeSystem/",
    "http://prismstandard.org/",
    "http://purl.org/dc/terms/",
    "http://purl.org/spar/fabio/",
    "https://www.cebm.ox.ac.uk/resources/levels-of-evidence/",
)
QUESTION_GROUPS = {
    "Course of disease",
    "Patient",
    "Tumour biology",
    "Metastases",
    "Primary tumour",
    "Treatment so far",
}
# A population or model group is a group by criteria and printed by a source as well; a yes-no
# attribute is a one-of attribute and no sibling of it.
OVERLAPPING = {frozenset({code("ReportedThing"), code("CriteriaGroup")})}


@pytest.fixture(scope="module")
def modules(ontology: Path) -> Graph:
    """The three modules that hold classes, properties, codes, attributes and their values."""
    graph = Graph()
    for name in ("core", "codes", "attributes"):
        graph.parse(ontology / f"{name}.ttl", format="turtle")
    return graph


@pytest.fixture(scope="module")
def own_terms(modules: Graph) -> list[URIRef]:
    declared = {s for s in modules.subjects(RDF.type) if isinstance(s, URIRef)}
    headers = f"{TERM}module/"
    own = sorted(s for s in declared if s.startswith(TERM) and not s.startswith(headers))
    assert len(own) > 500
    return own


def _definition(graph: Graph, term: URIRef) -> str:
    return str(graph.value(term, SKOS.definition))


def _genus(graph: Graph, term: URIRef) -> str | None:
    """The label of the class above a class or of a code; none for what is at the top."""
    above = graph.value(term, RDFS.subClassOf)
    if above is None and (term, RDF.type, OWL.NamedIndividual) in graph:
        above = next(c for c in graph.objects(term, RDF.type) if c != OWL.NamedIndividual)
    return None if above is None else str(graph.value(above, RDFS.label))


def _begins_open(word: str) -> bool:
    """Whether a word is spoken with an open sound first, which "one" is not."""
    return word[0] in "aeio" and not word.startswith("one")


def _form(graph: Graph, term: URIRef) -> re.Pattern[str]:
    for kind, form in PROPERTIES.items():
        if (term, RDF.type, kind) in graph:
            return form
    genus = _genus(graph, term)
    return re.compile(rf"An? {re.escape(genus) if genus else '.+'} {CONNECTIVE} .+\.")


def _codes(graph: Graph) -> set[Node]:
    return set(graph.subjects(RDF.type, OWL.NamedIndividual))


def _broader(graph: Graph) -> list[tuple[Node, Node]]:
    return list(graph.subject_objects(SKOS.broader))


def test_each_term_has_one_label_and_one_definition(
    modules: Graph, own_terms: list[URIRef]
) -> None:
    for predicate in (RDFS.label, SKOS.definition):
        number = {term: len(list(modules.objects(term, predicate))) for term in own_terms}
        assert {term for term, found in number.items() if found != 1} == set(), predicate


def test_each_definition_names_its_genus_then_what_sets_the_term_apart(
    modules: Graph, own_terms: list[URIRef]
) -> None:
    odd = [
        f"{term.removeprefix(TERM)}: {_definition(modules, term)}"
        for term in own_terms
        if not _form(modules, term).fullmatch(_definition(modules, term))
    ]
    assert odd == []


def test_the_article_before_a_genus_fits_its_first_letter(
    modules: Graph, own_terms: list[URIRef]
) -> None:
    starts = {term: _definition(modules, term).split()[:2] for term in own_terms}
    odd = {t for t, (article, word) in starts.items() if (article == "An") != _begins_open(word)}
    assert odd == set()


def test_no_two_definitions_are_equal(modules: Graph, own_terms: list[URIRef]) -> None:
    seen = Counter(_definition(modules, term).casefold() for term in own_terms)
    assert [text for text, times in seen.items() if times > 1] == []


def test_no_definition_only_repeats_its_label(modules: Graph, own_terms: list[URIRef]) -> None:
    for term in own_terms:
        label = str(modules.value(term, RDFS.label)).casefold()
        apart = re.split(rf" {CONNECTIVE} ", _definition(modules, term).casefold(), maxsplit=1)[1]
        words = set(re.findall(r"\w+", apart)) - {"a", "an", "the", "is", "are", "gives", "tells"}
        assert words - set(re.findall(r"\w+", label)), term


def test_each_term_names_the_source_of_its_definition(
    modules: Graph, own_terms: list[URIRef]
) -> None:
    for term in own_terms:
        sources = set(modules.objects(term, DEFINITION_SOURCE))
        assert sources, term
        assert all(isinstance(s, URIRef) or s == OWN_WORDS for s in sources), term


def test_each_document_a_definition_follows_is_known(
    modules: Graph, own_terms: list[URIRef], ontology: Path
) -> None:
    articles = [p.read_text("utf-8") for p in (ontology.parent / "data/sources").glob("*.yaml")]
    dois = {d for text in articles for d in re.findall(r"^doi: (\S+)$", text, flags=re.MULTILINE)}
    ids = {i for text in articles for i in re.findall(r"^id: (\S+)$", text, flags=re.MULTILINE)}
    models = [p.read_text("utf-8") for p in (ontology.parent / "data/models").glob("*.yaml")]
    dois |= {d for text in models for d in re.findall(r"\bdoi (10\.\d+/[\w.()-]+\w)", text)}
    known = {f"https://doi.org/{doi}" for doi in dois} | {f"{ID}source/{i}" for i in ids}
    assert len(known) > len(ids)
    cited = {s for t in own_terms for s in modules.objects(t, DEFINITION_SOURCE)} - {OWN_WORDS}
    assert {s for s in cited if not str(s).startswith(OUTSIDE)} <= {URIRef(k) for k in known}


def test_each_class_and_property_of_ours_has_an_example(
    modules: Graph, own_terms: list[URIRef]
) -> None:
    codes = _codes(modules)
    bare = [t for t in own_terms if t not in codes and (t, SKOS.example, None) not in modules]
    assert bare == []


def test_a_broader_code_is_a_code_of_the_same_class(modules: Graph) -> None:
    codes = _codes(modules)
    pairs = _broader(modules)
    assert len(pairs) > 50
    for narrow, broad in pairs:
        assert {narrow, broad} <= codes
        assert set(modules.objects(narrow, RDF.type)) == set(modules.objects(broad, RDF.type))


def test_no_code_is_broader_than_itself(modules: Graph) -> None:
    for narrow, broad in _broader(modules):
        assert narrow not in set(modules.transitive_objects(broad, SKOS.broader)), narrow


def test_a_code_points_only_to_the_narrowest_of_its_broader_codes(modules: Graph) -> None:
    for narrow, broad in _broader(modules):
        others = set(modules.objects(narrow, SKOS.broader)) - {broad}
        further = {n for o in others for n in modules.transitive_objects(o, SKOS.broader)}
        assert broad not in further, narrow


def test_a_narrower_outcome_is_better_in_the_same_direction(modules: Graph) -> None:
    outcomes = [pair for pair in _broader(modules) if (pair[0], BETTER_WHEN, None) in modules]
    assert outcomes
    for narrow, broad in outcomes:
        assert modules.value(narrow, BETTER_WHEN) == modules.value(broad, BETTER_WHEN), narrow


def test_sibling_classes_are_disjoint(modules: Graph) -> None:
    classes = {c for c in modules.subjects(RDF.type, OWL.Class) if isinstance(c, URIRef)}
    apart = {frozenset(pair) for pair in modules.subject_objects(OWL.disjointWith)}
    for axiom in modules.subjects(RDF.type, OWL.AllDisjointClasses):
        members = modules.value(axiom, OWL.members)
        assert members is not None
        apart |= {frozenset(p) for p in combinations(Collection(modules, members), 2)}
    siblings = {
        frozenset({one, other})
        for one, other in combinations(classes, 2)
        if modules.value(one, RDFS.subClassOf) == modules.value(other, RDFS.subClassOf)
    }
    assert siblings - apart == OVERLAPPING


def test_each_property_that_data_use_has_a_range(modules: Graph) -> None:
    of_data = {OWL.ObjectProperty, OWL.DatatypeProperty}
    properties = {s for kind in of_data for s in modules.subjects(RDF.type, kind)}
    bare = {p for p in properties if (p, RDFS.range, None) not in modules}
    assert bare == {ML.across}  # arms or groups: two classes without one above them


@pytest.fixture(scope="module")
def attributes(modules: Graph) -> list[Node]:
    found = [a for a in _codes(modules) if (a, ML.questionText, None) in modules]
    assert len(found) > 50
    return found


def _values(graph: Graph, attribute: Node) -> list[Node]:
    return list(graph.objects(attribute, ML.hasValue))


def _local_name(term: Node | None) -> str:
    return str(term).removeprefix(TERM)


def test_each_attribute_asks_one_question(modules: Graph, attributes: list[Node]) -> None:
    texts = {a: [str(t) for t in modules.objects(a, ML.questionText)] for a in attributes}
    assert {a for a, asked in texts.items() if len(asked) != 1} == set()
    # A remark in brackets may follow the question it explains.
    bare = [re.sub(r" \([^()]*\)$", "", text) for [text] in texts.values()]
    assert [text for text in bare if not text.endswith("?") or text.count("?") > 1] == []


def test_no_two_attributes_ask_the_same(modules: Graph, attributes: list[Node]) -> None:
    seen = Counter(modules.value(a, ML.questionText) for a in attributes)
    assert [text for text, times in seen.items() if times > 1] == []


def test_each_attribute_stands_in_one_of_the_groups_of_the_form(
    modules: Graph, attributes: list[Node]
) -> None:
    groups = [str(g) for a in attributes for g in modules.objects(a, ML.attributeGroup)]
    assert len(groups) == len(attributes)
    assert set(groups) == QUESTION_GROUPS


def test_no_two_attributes_share_a_place_in_the_form(
    modules: Graph, attributes: list[Node]
) -> None:
    places = [o for a in attributes for o in modules.objects(a, ML.displayOrder)]
    assert len(places) == len(set(places)) == len(attributes)


def test_the_questions_of_a_group_stand_together_in_the_form(
    modules: Graph, attributes: list[Node]
) -> None:
    placed = [
        (modules.value(a, ML.displayOrder), modules.value(a, ML.attributeGroup)) for a in attributes
    ]
    groups = [str(group) for _, group in sorted(placed)]
    assert len([group for group, _ in groupby(groups)]) == len(set(groups))


def test_the_values_of_an_attribute_are_numbered_from_one(
    modules: Graph, attributes: list[Node]
) -> None:
    for attribute in attributes:
        values = _values(modules, attribute)
        places = [int(str(o)) for v in values for o in modules.objects(v, ML.displayOrder)]
        assert sorted(places) == list(range(1, len(values) + 1)), attribute


def test_each_number_attribute_has_a_unit_and_limits_in_order(
    modules: Graph, attributes: list[Node]
) -> None:
    numbers = [a for a in attributes if (a, RDF.type, code("NumberAttribute")) in modules]
    assert numbers
    for attribute in numbers:
        [unit] = modules.objects(attribute, ML.unit)
        [lowest] = modules.objects(attribute, ML.lowest)
        [highest] = modules.objects(attribute, ML.highest)
        assert (unit, RDF.type, code("Unit")) in modules, attribute
        assert int(str(lowest)) < int(str(highest)), attribute
        assert _values(modules, attribute) == [], attribute


def test_each_number_attribute_has_a_fact_property_of_its_own(
    modules: Graph, attributes: list[Node]
) -> None:
    numbers = [a for a in attributes if (a, RDF.type, code("NumberAttribute")) in modules]
    facts = [p for a in numbers for p in modules.objects(a, ML.factProperty)]
    assert len(facts) == len(set(facts)) == len(numbers)
    for fact in facts:
        assert (fact, RDF.type, OWL.FunctionalProperty) in modules, fact
        assert modules.value(fact, RDFS.domain) == code("Profile"), fact
        assert modules.value(fact, RDFS.range) in {XSD.integer, XSD.decimal}, fact
        assert re.search(r"\d", str(modules.value(fact, SKOS.example))), fact


def test_a_value_is_named_by_its_attribute_and_short_label(
    modules: Graph, attributes: list[Node]
) -> None:
    for attribute in attributes:
        for value in _values(modules, attribute):
            [short] = modules.objects(value, ML.shortLabel)
            label = f"{modules.value(attribute, RDFS.label)}: {short}"
            assert str(modules.value(value, RDFS.label)) == label
            assert _local_name(value).startswith(f"{_local_name(attribute)}-")


def test_each_value_belongs_to_one_attribute_and_differs_from_all_others(modules: Graph) -> None:
    values = set(modules.subjects(RDF.type, code("AttributeValue")))
    assert {v for v in values if len(list(modules.subjects(ML.hasValue, v))) != 1} == set()
    different: set[Node] = set()
    for axiom in modules.subjects(RDF.type, OWL.AllDifferent):
        members = modules.value(axiom, OWL.distinctMembers)
        assert members is not None
        listed = set(Collection(modules, members))
        different |= listed if listed >= values else set()
    assert values - different == set()


def test_an_attribute_with_a_list_has_at_least_two_values(
    modules: Graph, attributes: list[Node]
) -> None:
    for attribute in attributes:
        words = {_local_name(v).split("-", 1)[1] for v in _values(modules, attribute)}
        if (attribute, RDF.type, code("YesNoAttribute")) in modules:
            assert words == {"yes", "no"}, attribute
        elif (attribute, RDF.type, code("NumberAttribute")) not in modules:
            assert len(words) > 1, attribute


def test_a_value_states_something_and_a_member_of_a_set_stands_for_something(
    modules: Graph, attributes: list[Node]
) -> None:
    for attribute in attributes:
        member = (attribute, RDF.type, code("SetAttribute")) in modules
        verb = "stands for" if member else "states that"
        for value in _values(modules, attribute):
            text = str(modules.value(value, SKOS.definition))
            assert text.startswith(f"An attribute value that {verb} "), value


def test_no_value_is_defined_by_the_label_of_its_attribute_and_its_word(
    modules: Graph, attributes: list[Node]
) -> None:
    for attribute in attributes:
        label = str(modules.value(attribute, RDFS.label))
        for value in _values(modules, attribute):
            text = str(modules.value(value, SKOS.definition))
            short = modules.value(value, ML.shortLabel)
            assert f"that {label} is {short}." not in text, value
            assert "answer to the question" not in text, value


def test_an_implication_says_what_follows_and_why(modules: Graph) -> None:
    rules = set(modules.subjects(RDF.type, code("Implication")))
    assert rules
    for rule in rules:
        text = str(modules.value(rule, SKOS.definition))
        assert re.fullmatch(r"An implication that .+, because .+\.", text), rule
        for verb, link in (("derives", ML.thenValue), ("rules out", ML.thenNotValue)):
            assert (f"{verb} " in text) == ((rule, link, None) in modules), rule
