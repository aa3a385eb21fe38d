"""A module and the same module as another tool saved it, to the module with only what changed.

Statements that mean the same stay as they are, to the byte; so do comments, but those inside a
statement that goes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from graph_builder.problems import Place, Problem, ProblemsFoundError
from graph_builder.turtle.comparison import facts_in, kind_of, members, nodes_of, partners, told
from graph_builder.turtle.editing import Addition, Revision, edited, facts_stated
from graph_builder.turtle.layout import Layout
from graph_builder.turtle.reading import (
    TYPE,
    Axiom,
    Fact,
    Members,
    Nested,
    Statement,
    Tree,
    TurtleFile,
    axioms_of,
    owl,
    parse,
)

TERMS = "https://w3id.org/metalocal/ontology/"
_DATATYPE = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#Datatype")
_ONTOLOGY = owl("Ontology")
_KINDS = {
    *(owl(n) for n in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")),
    *(owl("NamedIndividual"), _DATATYPE),
}
"""Types by which OWL tools declare what a file mentions, even where another file declares it."""
_SYMMETRIC = {
    *(owl(n) for n in ("disjointWith", "equivalentClass", "equivalentProperty", "inverseOf")),
    *(owl(n) for n in ("sameAs", "differentFrom", "propertyDisjointWith")),
}
_PAIRS = {"AllDisjointClasses": "disjointWith", "AllDifferent": "differentFrom"}


@dataclass(frozen=True)
class Change:
    """What became of one subject: `added`, `changed` or `removed`, and the lines lost and won."""

    kind: str
    subject: str
    lost: tuple[str, ...]
    won: tuple[str, ...]

    def __str__(self) -> str:
        shown = [] if self.kind == "added" else [f"  - {line}" for line in self.lost]
        shown += [f"  + {line}" for line in self.won]
        return "\n".join([f"{self.kind} {self.subject}", *shown])


@dataclass(frozen=True)
class Adoption:
    """The new text of a module and what changed in it, in the order of the subjects' names."""

    text: str
    changes: tuple[Change, ...]


def read_saved(name: str, text: str) -> frozenset[Axiom]:
    """What a file saved by an OWL tool means: Turtle or RDF/XML, told by its first characters.

    Raises:
        ProblemsFoundError: it is neither.
    """
    start = text.lstrip("\ufeff \t\r\n")[:4000]
    is_xml = start.startswith(("<?xml", "<!DOCTYPE", "<rdf:RDF", "<!--"))
    if start.startswith(("Prefix(", "Ontology(", "Prefix:", "Ontology:")) or (
        is_xml and re.search(r"<Ontology\s", start)
    ):
        mend = "save it in Protégé with File > Save as > Turtle Syntax"
        message = "this is neither Turtle nor RDF/XML but another syntax of OWL"
        raise ProblemsFoundError([Problem(Place(name), message, "rdf-syntax", mend)])
    form = ox.RdfFormat.RDF_XML if is_xml else ox.RdfFormat.TURTLE
    return axioms_of(name, parse(name, text, form))


def adopt(
    module: TurtleFile, name: str, saved: frozenset[Axiom], elsewhere: Collection[ox.NamedNode]
) -> Adoption:
    """The module with the changes of the saved file, and nothing else, taken in.

    Args:
        module: the hand-written file.
        name: of the saved file, for messages.
        saved: what the saved file means.
        elsewhere: what the other modules declare; a bare declaration of it is no change.

    Raises:
        ProblemsFoundError: the saved file is of another ontology or lacks most of the module.
    """
    before = module.axioms
    _refuse_another_ontology(module, name, saved)
    after = _without_bare_declarations(before, saved, elsewhere)
    old, new = {_same(a): a for a in before}, {_same(a): a for a in after}
    lost = {old[k] for k in old.keys() - new.keys()}
    won = {new[k] for k in new.keys() - old.keys()}
    _refuse_a_part(module, name, lost)
    revisions = _revisions(module, lost, won)
    additions = _additions(module, won, revisions)
    text = edited(module, revisions, additions)
    return Adoption(text, tuple(_told(module, revisions, additions)))


def declared(axioms: Iterable[Axiom]) -> set[ox.NamedNode]:
    """The subjects to which axioms give a type."""
    return {a.subject for a in axioms if a.predicate == TYPE and a.subject is not None}


def _ontologies(axioms: Iterable[Axiom]) -> set[str]:
    return {str(a.subject) for a in axioms if a.predicate == TYPE and a.tree == _ONTOLOGY}


def _refuse_another_ontology(module: TurtleFile, name: str, saved: frozenset[Axiom]) -> None:
    wanted, found = _ontologies(module.axioms), _ontologies(saved)
    if wanted != found:
        said = f"the ontology {', '.join(sorted(found))}" if found else "no ontology"
        message = f"this is {said}; {module.name} is {', '.join(sorted(wanted))}"
        mend = "save the module that was edited, or name the right one with --into"
        raise ProblemsFoundError([Problem(Place(name), message, "another-ontology", mend)])


def _refuse_a_part(module: TurtleFile, name: str, lost: set[Axiom]) -> None:
    gone = len(lost)
    if 2 * gone > len(module.axioms):
        message = f"this file lacks {gone} of {len(module.axioms)} axioms of {module.name}"
        mend = "a module is never cut by half in one step: is it the right file, wholly saved?"
        raise ProblemsFoundError([Problem(Place(name), message, "most-is-missing", mend)])


def _names_in(tree: Tree) -> set[ox.NamedNode]:
    if isinstance(tree, ox.NamedNode):
        return {tree}
    if isinstance(tree, ox.Literal):
        return {tree.datatype}
    if isinstance(tree, Members):
        return set().union(*(_names_in(item) for item in tree.items))
    return set().union(*({p} | _names_in(t) for p, t in tree.facts))


def _mentioned(axioms: Iterable[Axiom]) -> set[ox.NamedNode]:
    return set().union(*({a.predicate} | _names_in(a.tree) for a in axioms))


def _without_bare_declarations(
    before: frozenset[Axiom], saved: frozenset[Axiom], elsewhere: Collection[ox.NamedNode]
) -> set[Axiom]:
    """The saved axioms without what an OWL tool declares on its own for the terms it meets."""
    mentioned, now = _mentioned(before), _mentioned(saved - before)
    stated: dict[ox.NamedNode | None, set[Axiom]] = {}
    for axiom in saved:
        stated.setdefault(axiom.subject, set()).add(axiom)

    def is_bare(axiom: Axiom) -> bool:
        subject = axiom.subject
        if axiom in before or subject is None or axiom.predicate != TYPE:
            return False
        if axiom.tree not in _KINDS:
            return False
        if subject in elsewhere:
            return True
        # A tool that does not see what a property leads to guesses a second kind for it; and an
        # individual is one by its class. A term of two kinds is what OWL 2 DL forbids.
        kept = [a for a in stated[subject] & before if a.predicate == TYPE]
        if any(a.tree in _KINDS for a in kept) or (kept and axiom.tree == owl("NamedIndividual")):
            return True
        alone = stated[subject] == {axiom} and not subject.value.startswith(TERMS)
        return alone and (subject in mentioned or subject not in now)

    return {axiom for axiom in saved if not is_bare(axiom)}


def _same(axiom: Axiom) -> object:
    """What axioms share that say the same in OWL: `a disjointWith b`, `b disjointWith a`."""
    tree = axiom.tree
    if axiom.predicate in _SYMMETRIC and isinstance(tree, ox.NamedNode):
        return axiom.predicate, frozenset((axiom.subject, tree))
    if isinstance(tree, Nested) and axiom.subject is None:
        kind, listed = kind_of(tree), members(tree)
        if kind in _PAIRS and len(listed) == 2 and len(tree.facts) == 2:
            return owl(_PAIRS[kind]), listed
    return axiom


def _revisions(module: TurtleFile, lost: set[Axiom], won: set[Axiom]) -> dict[int, Revision]:
    """What each statement of the module loses and wins, by its number."""
    found: dict[int, Revision] = {}
    homes = _homes(module, won)
    pairs = partners(lost, won)
    for at, statement in enumerate(module.statements):
        stated = facts_stated(statement)
        gone = statement.axioms & lost
        if _subject(statement) is not None:
            facts = frozenset((a.predicate, a.tree) for a in gone)
            revision = Revision(facts, frozenset(homes.get(at, ())))
        elif gone:
            new = facts_in(pairs.get(next(iter(gone))))
            revision = Revision(stated - new, new - stated)
        else:
            continue
        if revision.lost or revision.won:
            found[at] = revision
    return found


def _subject(statement: Statement) -> ox.NamedNode | None:
    return next(iter(statement.axioms)).subject


def _homes(module: TurtleFile, won: set[Axiom]) -> dict[int, set[Fact]]:
    """The statement that takes each fact won: of its subject, best one with its predicate."""
    of_subject: dict[ox.NamedNode, list[int]] = {}
    for at, statement in enumerate(module.statements):
        subject = _subject(statement)
        if subject is not None:
            of_subject.setdefault(subject, []).append(at)
    homes: dict[int, set[Fact]] = {}
    for axiom in won:
        own = of_subject.get(axiom.subject, []) if axiom.subject else []
        predicate = axiom.predicate
        fitting = [at for at in own if _states(module.statements[at], predicate)]
        for at in (fitting or own)[:1]:
            homes.setdefault(at, set()).add((axiom.predicate, axiom.tree))
    return homes


def _states(statement: Statement, predicate: ox.NamedNode) -> bool:
    return any(other == predicate for other, _ in facts_stated(statement))


def _additions(
    module: TurtleFile, won: set[Axiom], revisions: dict[int, Revision]
) -> list[Addition]:
    """The statements of new subjects, and the new ones without a subject."""
    known = {_subject(statement) for statement in module.statements}
    new: dict[ox.NamedNode, set[Fact]] = {}
    for axiom in won:
        if axiom.subject is not None and axiom.subject not in known:
            new.setdefault(axiom.subject, set()).add((axiom.predicate, axiom.tree))
    taken = {
        (facts_stated(module.statements[at]) - revision.lost) | revision.won
        for at, revision in revisions.items()
    }
    nodes = [n.facts for n in nodes_of(won).values() if n.facts not in taken]
    named = [Addition(s, frozenset(new[s])) for s in sorted(new, key=str)]
    return named + [Addition(None, facts) for facts in nodes]


def _told(
    module: TurtleFile, revisions: dict[int, Revision], additions: list[Addition]
) -> list[Change]:
    """The changes by the name of their subject; what two statements of it lost is told as one."""
    layout = Layout(module.prefixes)
    changes = [
        Change("added", _called(layout, new.subject, new.facts), (), told(layout, (), new.facts)[1])
        for new in additions
    ]
    groups: dict[object, list[int]] = {}
    for at, statement in enumerate(module.statements):
        groups.setdefault(_subject(statement) or at, []).append(at)
    for numbers in groups.values():
        touched = [revisions[at] for at in numbers if at in revisions]
        if not touched:
            continue
        left = any(_left(module.statements[at], revisions.get(at)) for at in numbers)
        lost, won = told(
            layout,
            frozenset().union(*(revision.lost for revision in touched)),
            frozenset().union(*(revision.won for revision in touched)),
        )
        first = module.statements[numbers[0]]
        name = _called(layout, _subject(first), facts_stated(first))
        changes.append(Change("changed" if left else "removed", name, lost, won))
    return sorted(changes, key=lambda change: (change.kind, change.subject))


def _left(statement: Statement, revision: Revision | None) -> frozenset[Fact]:
    facts = facts_stated(statement)
    return (facts - revision.lost) | revision.won if revision else facts


def _called(layout: Layout, subject: ox.NamedNode | None, facts: frozenset[Fact]) -> str:
    """The name of a subject; of a blank node its type and first member."""
    if subject is not None:
        return layout.name(subject)
    node = Nested(facts)
    first = min((layout.object(item) for item in members(node)), default="nothing")
    return f"a statement without a name: {kind_of(node)} of {first} and others"
