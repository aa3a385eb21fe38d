"""An edit made in another tool comes back into the hand-written modules, and nothing else does."""

from __future__ import annotations

import os
from collections.abc import Callable
from difflib import unified_diff
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_builder.problems import NoJavaError, ProblemsFoundError
from graph_builder.turtle.adoption import Adoption, adopt, declared, read_saved
from graph_builder.turtle.reading import axioms_of, owl, parse, read_turtle

ROOT = Path(__file__).parents[2]
MODULES = ("core", "attributes", "codes", "metalocal")
ML = "https://w3id.org/metalocal/ontology/"

SMALL = """\
@prefix ml: <https://w3id.org/metalocal/ontology/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

<https://w3id.org/metalocal/ontology/module/small> a owl:Ontology ;
    rdfs:comment "small"@en .

### Colours

# A colour is what the eye tells apart.
ml:Colour a owl:Class ;
    rdfs:label "colour"@en ;  # British spelling
    rdfs:subClassOf ml:Thing ;
    owl:equivalentClass [ a owl:Class ; owl:oneOf ( ml:red ml:green ml:blue ) ] .

ml:red a ml:Colour , owl:NamedIndividual ;
    rdfs:label "red"@en .

ml:green a ml:Colour , owl:NamedIndividual ;
    rdfs:label "green"@en .

ml:blue a ml:Colour , owl:NamedIndividual ;
    rdfs:label "blue"@en .

[] a owl:AllDifferent ;
    owl:distinctMembers ( ml:red ml:green ml:blue ) .

### Sizes

ml:Size a owl:Class ;
    rdfs:label "size"@en .

ml:Colour owl:disjointWith ml:Size .

ml:sizeOf a owl:DatatypeProperty , owl:FunctionalProperty ;
    rdfs:label "size of"@en .
"""


def taken(saved: str, module: str = SMALL, elsewhere: str = "") -> Adoption:
    """What is taken from a saved text into the small module."""
    beside = declared(read_saved("beside.ttl", elsewhere))
    file = read_turtle("small.ttl", module)
    return adopt(file, "saved.ttl", read_saved("saved.ttl", saved), beside)


def difference(before: str, after: str) -> list[str]:
    """The lines lost and won."""
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if line[0] in "+-" and line[:3] not in {"+++", "---"}]


def with_block(block: str) -> str:
    return f"{SMALL}\n{block}\n"


def test_the_same_axioms_in_another_order_and_layout_change_nothing() -> None:
    reordered = SMALL.replace("( ml:red ml:green ml:blue )", "(ml:blue ml:red ml:green)")
    header, *blocks = reordered.split("\n\n")
    saved = header + "\n" + "\n".join(reversed([b for b in blocks if not b.startswith("###")]))
    assert taken(saved.replace(" ;\n    ", ";")).text == SMALL


def test_a_changed_label_changes_one_line_and_its_comment_stays() -> None:
    found = taken(SMALL.replace('"colour"', '"hue"'))
    assert difference(SMALL, found.text) == [
        '-    rdfs:label "colour"@en ;  # British spelling',
        '+    rdfs:label "hue"@en ;  # British spelling',
    ]
    assert [str(change) for change in found.changes] == [
        'changed ml:Colour\n  - rdfs:label "colour"@en\n  + rdfs:label "hue"@en'
    ]


def test_a_new_individual_comes_after_the_last_of_its_class_in_our_layout() -> None:
    found = taken(with_block('ml:white rdfs:label "white"@en; a owl:NamedIndividual, ml:Colour .'))
    assert difference(SMALL, found.text) == [
        "+ml:white a ml:Colour , owl:NamedIndividual ;",
        '+    rdfs:label "white"@en .',
        "+",
    ]
    assert found.text.index("ml:blue a") < found.text.index("ml:white a") < found.text.index("[] a")
    assert [change.kind for change in found.changes] == ["added"]


def test_a_new_member_of_a_list_comes_last_and_the_others_keep_their_order() -> None:
    found = taken(
        SMALL.replace("( ml:red ml:green ml:blue )", "( ml:white ml:blue ml:green ml:red )")
    )
    won = [line for line in difference(SMALL, found.text) if line[0] == "+"]
    longer = "( ml:red ml:green ml:blue ml:white )"
    assert won == [
        f"+    owl:equivalentClass [ a owl:Class ; owl:oneOf {longer} ] .",
        f"+    owl:distinctMembers {longer} .",
    ]


def test_objects_on_several_lines_stay_on_them() -> None:
    many = with_block("ml:x a owl:Class ;\n    ml:p ml:a ,\n        ml:b .")
    found = taken(many.replace("ml:p ml:a", "ml:p ml:c , ml:a"), many)
    assert difference(many, found.text) == ["-        ml:b .", "+        ml:b ,", "+        ml:c ."]


LIST = "\n        ml:a ml:b # both\n        ml:c ml:d\n        ml:e\n    "
MANY = with_block(f"[] a owl:AllDifferent ;\n    owl:distinctMembers ({LIST}) .")


@pytest.mark.parametrize(
    ("gone", "lost", "won"),
    [
        ("ml:b", "ml:a ml:b # both", "ml:a # both"),
        ("ml:c", "ml:c ml:d", "ml:d"),
        ("ml:d", "ml:c ml:d", "ml:c"),
    ],
)
def test_a_list_on_several_lines_stays_on_them(gone: str, lost: str, won: str) -> None:
    found = taken(MANY.replace(LIST, LIST.replace(gone, "ml:f")), MANY)
    assert difference(MANY, found.text) == [
        f"-        {lost}",
        *(["-        ml:e"] if gone != "ml:b" else []),
        f"+        {won}",
        *(["-        ml:e"] if gone == "ml:b" else []),
        "+        ml:e ml:f",
    ]


def test_a_line_of_a_list_left_empty_goes() -> None:
    found = taken(MANY.replace("        ml:e\n", ""), MANY)
    assert difference(MANY, found.text) == ["-        ml:e"]


def test_a_deleted_term_goes_with_its_block_and_is_told() -> None:
    block = '\nml:green a ml:Colour , owl:NamedIndividual ;\n    rdfs:label "green"@en .\n'
    found = taken(SMALL.replace(block, ""))
    assert found.text == SMALL.replace(block, "")
    assert [(change.kind, change.subject) for change in found.changes] == [("removed", "ml:green")]


def test_a_deleted_last_block_leaves_the_file_with_one_line_end() -> None:
    cut = SMALL[: SMALL.index("\nml:sizeOf")]
    assert taken(cut).text == cut


def test_a_deleted_line_leaves_the_comment_beside_it() -> None:
    found = taken(SMALL.replace("    rdfs:subClassOf ml:Thing ;\n", ""))
    assert "# British spelling" in found.text
    assert "ml:Thing" not in found.text
    assert axioms_of("new", parse("new", found.text, _turtle())) == read_saved(
        "new", SMALL.replace("    rdfs:subClassOf ml:Thing ;\n", "")
    )


@pytest.mark.parametrize("gone", ["a owl:Class", 'rdfs:label "colour"@en', "owl:equivalentClass"])
@pytest.mark.parametrize("won", ["", 'rdfs:comment "new" ;', 'rdfs:label "tint"@en ; ml:x 1.5 ;'])
def test_whatever_lines_of_a_block_go_and_come_the_file_means_what_was_saved(
    gone: str, won: str
) -> None:
    start = SMALL.index("ml:Colour a")
    block = SMALL[start : SMALL.index("\n\n", start)]
    kept = block.removesuffix(" .").removeprefix("ml:Colour ").splitlines()
    kept = [p.strip().split("  #")[0].removesuffix(" ;") for p in kept if gone not in p]
    saved = SMALL.replace(block, f"ml:Colour {won} {' ; '.join(kept)} .")
    assert read_saved("new", taken(saved).text) == read_saved("saved", saved)
    assert taken(saved).text.count("#") == SMALL.count("#")


NEW = """
ml:Colour rdfs:label "hue"@en ; rdfs:seeAlso ml:red , ml:blue ; owl:deprecated true .
ml:red rdfs:label "rouge"@fr ; ml:x "two\\nlines" ; rdfs:subClassOf ml:Y .
ml:violet a ml:Colour ; rdfs:label "violet"@en .
ml:Shape a owl:Class ; rdfs:subClassOf [ owl:onProperty ml:p ; owl:someValuesFrom ml:Colour ] .
[] a owl:AllDifferent ; owl:distinctMembers ( ml:red ml:blue ml:violet ) .
[] a owl:AllDisjointClasses ; owl:members ( ml:Shape ml:Size ml:Colour ) .
"""


@given(st.data())
def test_whatever_is_lost_and_won_the_file_means_what_was_saved(
    data: st.DataObject,
) -> None:
    old = sorted(read_turtle("small.ttl", SMALL).axioms, key=str)
    prefixes = SMALL[: SMALL.index("\n\n")]
    new = sorted(read_saved("new.ttl", prefixes + NEW), key=str)
    can_go = [a for a in old if a.tree != owl("Ontology")]
    lost = data.draw(st.lists(st.sampled_from(can_go), unique=True, max_size=len(old) // 2))
    won = data.draw(st.lists(st.sampled_from(new), unique=True))
    saved = frozenset([a for a in old if a not in lost] + won)
    found = adopt(read_turtle("small.ttl", SMALL), "saved.ttl", saved, set())
    assert read_turtle("found.ttl", found.text).axioms == saved
    assert {line for line in SMALL.splitlines() if line[:1] == "#"} <= set(found.text.splitlines())
    assert adopt(read_turtle("found.ttl", found.text), "saved.ttl", saved, set()).changes == ()


def test_a_disjointness_told_from_the_other_side_is_the_same() -> None:
    said = "ml:Colour owl:disjointWith ml:Size ."
    assert taken(SMALL.replace(said, "ml:Size owl:disjointWith ml:Colour .")).text == SMALL
    as_list = "[] a owl:AllDisjointClasses ; owl:members ( ml:Size ml:Colour ) ."
    assert taken(SMALL.replace(said, as_list)).text == SMALL


def test_a_new_axiom_of_a_term_goes_into_its_block_where_our_order_puts_it() -> None:
    found = taken(with_block("ml:sizeOf rdfs:domain ml:Colour ."))
    assert difference(SMALL, found.text) == [
        '-    rdfs:label "size of"@en .',
        '+    rdfs:label "size of"@en ;',
        "+    rdfs:domain ml:Colour .",
    ]


@pytest.mark.parametrize(
    "declared",
    [
        "rdfs:label a owl:AnnotationProperty .",
        "<http://purl.org/dc/terms/title> a owl:AnnotationProperty .",
        "ml:Thing a owl:Class .",
        "ml:red a owl:NamedIndividual .",
        "ml:sizeOf a owl:AnnotationProperty .",
    ],
)
def test_what_a_tool_declares_on_its_own_does_not_show(declared: str) -> None:
    elsewhere = f"<{ML}Thing> a <http://www.w3.org/2002/07/owl#Class> ."
    assert taken(with_block(declared), elsewhere=elsewhere).text == SMALL


def test_a_property_that_becomes_of_another_kind_is_a_change() -> None:
    found = taken(SMALL.replace("owl:DatatypeProperty", "owl:AnnotationProperty"))
    assert "ml:sizeOf a owl:AnnotationProperty , owl:FunctionalProperty ;" in found.text


def test_a_new_class_without_a_label_is_not_taken_for_noise() -> None:
    found = taken(with_block("ml:Shape a owl:Class ."))
    assert difference(SMALL, found.text) == ["+ml:Shape a owl:Class .", "+"]


def test_plain_and_typed_strings_are_the_same_and_languages_are_not() -> None:
    typed = '"small"^^<http://www.w3.org/2001/XMLSchema#string>'
    plain = SMALL.replace('"small"@en', '"small"')
    assert taken(SMALL.replace('"small"@en', typed), plain).text == plain
    assert '"small"@de' in taken(SMALL.replace('"small"@en', '"small"@de')).text


def test_the_order_of_a_property_chain_is_kept() -> None:
    chain = "ml:p a owl:ObjectProperty ;\n    owl:propertyChainAxiom ( ml:b ml:a ) ."
    found = taken(with_block(chain.replace("ml:b ml:a", "ml:a ml:b")), with_block(chain))
    assert "owl:propertyChainAxiom ( ml:a ml:b )" in found.text


def test_a_file_of_another_ontology_is_refused_by_name() -> None:
    with pytest.raises(
        ProblemsFoundError, match=r"module/other.*small.ttl is <.*module/small"
    ) as raised:
        taken(SMALL.replace("module/small", "module/other"))
    assert [problem.rule for problem in raised.value.problems] == ["another-ontology"]


def test_a_file_that_lacks_most_of_the_module_is_refused() -> None:
    with pytest.raises(ProblemsFoundError, match=r"lacks \d+ of \d+ axioms of small.ttl") as raised:
        taken(SMALL[: SMALL.index("### Colours")])
    assert [problem.rule for problem in raised.value.problems] == ["most-is-missing"]


def test_a_file_that_is_no_turtle_is_refused_with_its_line() -> None:
    with pytest.raises(
        ProblemsFoundError, match=r"saved.ttl:2:\d+: error: this is not Turtle"
    ) as raised:
        taken("@prefix ml: <https://w3id.org/metalocal/ontology/> .\nml:a ml:b ")
    assert [problem.rule for problem in raised.value.problems] == ["rdf-syntax"]


@pytest.mark.parametrize(
    "text",
    ["Prefix(:=<urn:x>)\nOntology(<urn:x>)", '<?xml version="1.0"?>\n<Ontology xmlns="urn:x"/>'],
)
def test_another_syntax_of_owl_is_refused_with_the_one_to_save_in(text: str) -> None:
    with pytest.raises(ProblemsFoundError, match="Save as > Turtle") as raised:
        taken(text)
    assert [problem.rule for problem in raised.value.problems] == ["rdf-syntax"]


def test_a_blank_node_used_in_two_places_is_refused() -> None:
    with pytest.raises(ProblemsFoundError, match="is used in two places") as raised:
        taken(with_block("ml:a ml:b _:x ; ml:e _:x .\n\n_:x ml:c ml:d ."))
    assert [problem.rule for problem in raised.value.problems] == ["blank-node"]


def test_a_module_with_a_labelled_blank_node_over_two_statements_is_refused() -> None:
    with pytest.raises(ProblemsFoundError, match=r"write blank nodes as \[ \.\.\. \]") as raised:
        taken(SMALL, with_block("ml:a ml:b _:x .\n\n_:x ml:c ml:d ."))
    assert [problem.rule for problem in raised.value.problems] == ["turtle-layout"]


def test_signs_of_turtle_inside_texts_and_comments_end_no_statement() -> None:
    tricky = with_block(
        'ml:t a owl:Class ; # one ; two . "three\n    rdfs:label "a . b ; # c [ \\" ( "@en ;\n'
        '    rdfs:comment """long "quoted"\n. text""" , \'single\' ; ml:n -1.5 , 2e3 , true .'
    )
    file = read_turtle("tricky.ttl", tricky)
    assert file.text[file.statements[-1].start :].startswith("ml:t a owl:Class")
    assert len(file.statements[-1].segments) == 4
    changed = taken(tricky.replace("-1.5", "-1.25"), tricky)
    assert difference(tricky, changed.text) == [
        '-. text""" , \'single\' ; ml:n -1.5 , 2e3 , true .',
        '+. text""" , \'single\' ; ml:n 2e3 , true , -1.25 .',
    ]


def _turtle() -> Any:
    import pyoxigraph

    return pyoxigraph.RdfFormat.TURTLE


# Through the OWL API, on which Protégé stands


@pytest.fixture(scope="session")
def owl_api() -> Any:
    """The OWL API, or the test is skipped; METALOCAL_REQUIRE_JAVA=1 makes that a failure."""
    from graph_builder import owl_api

    try:
        owl_api.start_java()
    except NoJavaError as error:
        if os.environ.get("METALOCAL_REQUIRE_JAVA") == "1":
            pytest.fail(f"{error}, and METALOCAL_REQUIRE_JAVA is 1")
        pytest.skip(str(error))
    return owl_api


class InProtege:
    """A module opened with the OWL API, its imports beside it, or left out."""

    def __init__(self, api: Any, text: str, *, imports: bool) -> None:
        import jpype

        java = api.java
        self.java_class = jpype.JClass
        self.iri = java("owlapi.model.IRI").create
        self.manager = java("owlapi.apibinding.OWLManager").createOWLOntologyManager()
        self.factory = self.manager.getOWLDataFactory()
        settings = java("owlapi.model.OWLOntologyLoaderConfiguration")()
        for name in MODULES[:3]:
            module = self.iri(f"{ML}module/{name}")
            beside = self.iri((ROOT / "ontology" / f"{name}.ttl").as_uri())
            if imports:
                self.manager.addIRIMapper(java("owlapi.util.SimpleIRIMapper")(module, beside))
            else:
                settings = settings.addIgnoredImport(module)
        stream = self.java_class("java.io.ByteArrayInputStream")(text.encode("utf-8"))
        source = java("owlapi.io.StreamDocumentSource")(stream)
        self.ontology = self.manager.loadOntologyFromOntologyDocument(source, settings)

    def saved(self, suffix: str) -> str:
        turtle = suffix == "ttl"
        name = "coode.owlapi.turtle.Turtle" if turtle else "semanticweb.owlapi.io.RDFXML"
        form = self.java_class(f"org.{name}OntologyFormat")()
        stream = self.java_class("java.io.ByteArrayOutputStream")()
        self.manager.saveOntology(self.ontology, form, stream)
        return bytes(stream.toByteArray()).decode("utf-8")

    def label(self, name: str, text: str) -> Any:
        literal = self.factory.getOWLLiteral(text, "en")
        about = self.iri(f"{ML}{name}")
        return self.factory.getOWLAnnotationAssertionAxiom(
            self.factory.getRDFSLabel(), about, literal
        )

    def add(self, *axioms: Any) -> None:
        for axiom in axioms:
            self.manager.addAxiom(self.ontology, axiom)

    def remove(self, *axioms: Any) -> None:
        for axiom in axioms:
            self.manager.removeAxiom(self.ontology, axiom)

    def logic(self) -> set[str]:
        return {str(axiom) for axiom in self.ontology.getLogicalAxioms()}


Open = Callable[..., InProtege]


@pytest.fixture
def opened(owl_api: Any) -> Open:
    return lambda text, imports=True: InProtege(owl_api, text, imports=imports)


@cache
def module_text(name: str) -> str:
    return (ROOT / "ontology" / f"{name}.ttl").read_text("utf-8")


def brought_back(name: str, saved: str) -> Adoption:
    others = {other for other in MODULES if other != name}
    beside = "\n".join(module_text(other) for other in sorted(others))
    return taken(saved, module_text(name), elsewhere=beside)


@pytest.mark.parametrize("imports", [True, False], ids=["with-imports", "alone"])
@pytest.mark.parametrize("suffix", ["ttl", "owl"])
@pytest.mark.parametrize("name", MODULES)
def test_a_module_saved_in_protege_comes_back_to_the_byte(
    opened: Open, name: str, suffix: str, imports: bool
) -> None:
    saved = opened(module_text(name), imports=imports).saved(suffix)
    assert saved != module_text(name)
    assert brought_back(name, saved).text == module_text(name)


@pytest.mark.parametrize("suffix", ["ttl", "owl"])
def test_a_class_added_in_protege_is_one_block_more(opened: Open, suffix: str) -> None:
    tool = opened(module_text("core"))
    new, study = (
        tool.factory.getOWLClass(tool.iri(f"{ML}{name}")) for name in ("Registry", "Study")
    )
    tool.add(
        tool.factory.getOWLDeclarationAxiom(new),
        tool.label("Registry", "registry"),
        tool.factory.getOWLSubClassOfAxiom(new, study),
    )
    found = brought_back("core", tool.saved(suffix))
    assert difference(module_text("core"), found.text) == [
        "+ml:Registry a owl:Class ;",
        '+    rdfs:label "registry"@en ;',
        "+    rdfs:subClassOf ml:Study .",
        "+",
    ]
    assert opened(found.text).logic() == tool.logic()


def test_a_label_changed_in_protege_is_one_line_changed(opened: Open) -> None:
    tool = opened(module_text("codes"))
    tool.remove(tool.label("recruiting", "recruiting"))
    tool.add(tool.label("recruiting", "open to patients"))
    found = brought_back("codes", tool.saved("owl"))
    assert difference(module_text("codes"), found.text) == [
        '-    rdfs:label "recruiting"@en ;',
        '+    rdfs:label "open to patients"@en ;',
    ]
    assert opened(found.text).logic() == tool.logic()


def test_a_term_deleted_in_protege_goes_with_all_that_names_it(
    opened: Open,
) -> None:
    tool = opened(module_text("codes"))
    about = tool.iri(f"{ML}recruiting")
    term = tool.factory.getOWLNamedIndividual(about)
    tool.remove(*tool.ontology.getAnnotationAssertionAxioms(about))
    tool.remove(*tool.ontology.getReferencingAxioms(term))
    found = brought_back("codes", tool.saved("ttl"))
    assert f"{ML}recruiting>" not in str(read_saved("new", found.text))
    assert ("removed", "ml:recruiting") in [(c.kind, c.subject) for c in found.changes]
    assert opened(found.text).logic() == tool.logic()
