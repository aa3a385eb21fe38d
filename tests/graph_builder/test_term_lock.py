"""No term is ever lost: the list of terms, its rules, and what a release changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

from graph_builder.problems import ProblemsFoundError, ToldError
from graph_builder.term_changes import Release, changes, release_of
from graph_builder.term_lock import (
    LOCK,
    Lock,
    Term,
    lock_text,
    locked,
    read_lock,
    terms_in,
)
from graph_builder.terms import read_ontology
from graph_builder.turtle.adoption import read_saved

ROOT = Path(__file__).parents[2]
HEADER = """\
@prefix ml: <https://w3id.org/metalocal/ontology/> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<https://w3id.org/metalocal/ontology> a owl:Ontology ; owl:versionInfo "0.1.0" .
ml:Attribute a owl:Class ; rdfs:label "attribute"@en .
ml:OneOfAttribute a owl:Class ; rdfs:label "one-of attribute"@en ; rdfs:subClassOf ml:Attribute .
ml:AttributeValue a owl:Class ; rdfs:label "attribute value"@en .
ml:ColourValue a owl:Class ; rdfs:label "colour value"@en ; rdfs:subClassOf ml:AttributeValue ;
    owl:equivalentClass [ a owl:Class ; owl:oneOf ( ml:red ml:green ) ] .
ml:colour a ml:OneOfAttribute , owl:NamedIndividual ; rdfs:label "colour"@en ;
    skos:definition "An attribute that tells the colour."@en ; ml:hasValue ml:red , ml:green .
ml:red a ml:ColourValue , owl:NamedIndividual ; rdfs:label "red"@en .
ml:green a ml:ColourValue , owl:NamedIndividual ; rdfs:label "green"@en ;
    ml:displayOrder 2 .
[] a owl:AllDifferent ; owl:distinctMembers ( ml:red ml:green ) .
"""
NEXT = HEADER.replace('"0.1.0"', '"0.2.0"')


def terms(text: str = HEADER) -> dict[str, Term]:
    return terms_in(Graph().parse(data=text, format="turtle"))


def after(text: str) -> Lock:
    """The lock of 0.1.0 brought up to a later text."""
    return locked(read_lock(lock_text(terms().values())), terms(text))


def release(text: str) -> Release:
    return release_of(read_saved("release.ttl", text))


def deprecated(name: str, label: str, successor: str, text: str = NEXT) -> str:
    """The text with a term deprecated as the policy asks."""
    relabelled = text.replace(f'rdfs:label "{label}"', f'rdfs:label "obsolete {label}"')
    return f"{relabelled}ml:{name} owl:deprecated true ; obo:IAO_0100001 ml:{successor} .\n"


def test_the_lock_of_the_repository_is_up_to_date() -> None:
    path = ROOT / LOCK
    known = read_lock(path.read_text("utf-8"))
    found = locked(known, terms_in(read_ontology(ROOT / "ontology")))
    assert found.news == (), "run `metalocal ontology lock`"
    assert lock_text(found.terms) == path.read_text("utf-8")


def test_every_term_of_the_repository_is_of_a_kind_we_know() -> None:
    kinds = {term.kind for term in terms_in(read_ontology(ROOT / "ontology")).values()}
    assert kinds <= {
        *("class", "object property", "data property", "annotation property"),
        *("attribute", "value", "code", "implication", "rule"),
    }


def test_kinds_follow_the_classes_of_the_ontology() -> None:
    kinds = {name: term.kind for name, term in terms().items()}
    assert kinds == {
        "Attribute": "class",
        "AttributeValue": "class",
        "ColourValue": "class",
        "OneOfAttribute": "class",
        "colour": "attribute",
        "green": "value",
        "red": "value",
    }


def test_a_new_term_comes_with_the_version_the_ontology_states_and_old_ones_keep_theirs() -> None:
    found = after(NEXT + 'ml:blue a ml:ColourValue , owl:NamedIndividual ; rdfs:label "blue"@en .')
    since = {term.name: term.since for term in found.terms}
    assert since["blue"] == "0.2.0"
    assert since["red"] == "0.1.0"
    assert found.news == ('added ml:blue (value) "blue", since 0.2.0',)


def test_a_vanished_term_is_an_error_that_tells_how_to_deprecate_it() -> None:
    gone = NEXT.replace('ml:red a ml:ColourValue , owl:NamedIndividual ; rdfs:label "red"@en .', "")
    with pytest.raises(ProblemsFoundError) as raised:
        after(gone)
    (problem,) = raised.value.problems
    assert str(problem.place) == "ontology/terms.tsv:8:1"
    assert problem.rule == "vanished-term"
    assert problem.message == "ml:red (since 0.1.0) is gone from the ontology"
    assert 'label "obsolete red"' in problem.mend


def test_a_renamed_term_is_a_vanished_one_not_a_new_one() -> None:
    with pytest.raises(ProblemsFoundError, match=r"ml:red .* is gone"):
        after(NEXT.replace("ml:red", "ml:scarlet"))


def test_a_term_that_becomes_of_another_kind_is_an_error() -> None:
    told = "ml:Attribute was a class and is a data property"
    with pytest.raises(ProblemsFoundError, match=told) as raised:
        after(NEXT.replace("ml:Attribute a owl:Class", "ml:Attribute a owl:DatatypeProperty"))
    assert [problem.rule for problem in raised.value.problems] == ["changed-kind"]


def test_a_deprecated_term_keeps_its_line_with_its_successor() -> None:
    found = after(deprecated("red", "red", "green"))
    red = next(term for term in found.terms if term.name == "red")
    assert red == Term("red", "value", "obsolete red", "0.1.0", "deprecated", "green")
    assert found.news == ("deprecated ml:red, replaced by ml:green",)


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        (f"{NEXT}ml:red owl:deprecated true .", "obsolete-label", 'but the label is "red"'),
        (NEXT.replace('"red"', '"obsolete red"'), "obsolete-label", "deprecated is false"),
        (f"{NEXT}ml:red obo:IAO_0100001 ml:green .", "replaced-term", "a current term is replaced"),
        (deprecated("red", "red", "grey"), "replaced-by", "by ml:grey, which is no current term"),
        (
            deprecated("green", "green", "red", deprecated("red", "red", "colour")),
            "replaced-by",
            "by ml:red, which is no current term",
        ),
    ],
)
def test_a_term_deprecated_in_part_is_an_error(text: str, rule: str, words: str) -> None:
    with pytest.raises(ProblemsFoundError, match=words) as raised:
        after(text)
    assert rule in {problem.rule for problem in raised.value.problems}


def test_a_changed_label_is_told_and_kept() -> None:
    found = after(NEXT.replace('"red"', '"scarlet"'))
    assert found.news == ('label of ml:red: "red" is now "scarlet"',)
    assert after(NEXT).news == ()


def test_the_lock_written_and_read_gives_the_terms_back() -> None:
    assert read_lock(lock_text(terms().values())) == terms()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("name\t", "term\t"), "terms.tsv:1:1: error: this is no list of terms"),
        (("\tvalue\tred", "\tred"), "terms.tsv:8:1: error: 5 cells"),
        (("green\tv", "colour\tv"), "terms.tsv:7:1: error: colour stands twice"),
    ],
)
def test_a_broken_lock_is_refused_with_its_line(change: tuple[str, str], words: str) -> None:
    with pytest.raises(ProblemsFoundError, match=words) as raised:
        read_lock(lock_text(terms().values()).replace(*change))
    assert {problem.rule for problem in raised.value.problems} == {"term-lock"}


def test_an_ontology_without_a_version_is_refused() -> None:
    with pytest.raises(ToldError, match="states 0 versions"):
        terms(HEADER.replace(' ; owl:versionInfo "0.1.0"', ""))


def test_the_changes_of_a_release_name_each_kind_of_change() -> None:
    new = deprecated("red", "red", "scarlet")
    new = new.replace('"one-of attribute"', '"choice"').replace("tells the", "gives the")
    new = new.replace("ml:displayOrder 2", "ml:displayOrder 3")
    new = new.replace("( ml:red ml:green )", "( ml:green ml:red ml:scarlet )")
    new = new.replace("ml:hasValue ml:red", "ml:hasValue ml:scarlet , ml:red")
    new += 'ml:scarlet a ml:ColourValue ; rdfs:label "scarlet"@en ; skos:definition "Bright."@en .'
    assert (
        changes(release(HEADER), release(new))
        == """\
## Terms, 0.1.0 to 0.2.0

### Added
- `ml:scarlet` (value) "scarlet": Bright.

### Deprecated
- `ml:red` (value) "obsolete red": use `ml:scarlet`

### Label changed
- `ml:OneOfAttribute`: "one-of attribute" is now "choice"

### Definition changed
- `ml:colour`
  - before: An attribute that tells the colour.
  - now: An attribute that gives the colour.

### Values of attributes
- `ml:colour` "colour", added: `ml:scarlet`

### Axioms changed
- statements on several terms
  - `+ owl:distinctMembers, member ml:scarlet`
- `ml:ColourValue`
  - `+ owl:equivalentClass, member ml:scarlet`
- `ml:green`
  - `- ml:displayOrder 2`
  - `+ ml:displayOrder 3`
"""
    )


def test_the_changes_between_a_release_and_itself_in_another_layout_are_none() -> None:
    again = HEADER.replace("( ml:red ml:green )", "(ml:green ml:red)")
    assert changes(release(HEADER), release(again)) == (
        "## Terms, 0.1.0 to 0.1.0\n\nNo term has changed.\n"
    )


def test_a_term_gone_without_deprecation_shows_in_the_changes() -> None:
    gone = NEXT.replace('ml:red a ml:ColourValue , owl:NamedIndividual ; rdfs:label "red"@en .', "")
    assert '### Gone, against the policy\n- `ml:red` (value) "red"' in changes(
        release(HEADER), release(gone)
    )
