"""SHACL shapes to a quick answer: triples surely conform, or the validator must look.

It knows the part of SHACL that ontology/shapes.ttl uses and reads triples as texts, so that it
takes milliseconds. It says nothing of what is wrong: where it doubts, the validator finds the words
(`graph_builder.shapes`). A shape with a part that it does not know makes it doubt everything.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from rdflib import OWL, RDF, RDFS, SH, XSD, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from graph_builder.nquads import RDF_TYPE, Triple, text_of

Values = Mapping[str, Sequence[str]]
"""Of one thing: its values by predicate."""

_SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
_INTEGER = re.compile(r'^"([+-]?\d+)"\^\^<http://www\.w3\.org/2001/XMLSchema#integer>$')
_NO_VALUES: Values = {}


class UnknownShapeError(Exception):
    """A part of SHACL that the quick answer does not know."""


class Sketch:
    """Triples by subject and predicate, and the classes of things beside them.

    `around`: classes of things that other triples tell, such as codes and sources.
    """

    def __init__(self, triples: Iterable[Triple], around: Mapping[str, Sequence[str]]) -> None:
        self.things: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in triples:
            self.things[subject][predicate].append(value)
        self.around = around

    def classes(self, thing: str) -> Sequence[str]:
        """The classes of a thing."""
        own = self.things.get(thing, _NO_VALUES).get(RDF_TYPE)
        return own if own is not None else self.around.get(thing, ())


Test = Callable[[str, Values, Sketch], bool]
"""Whether a thing with these values fits; the sketch tells of other things."""


@dataclass(frozen=True)
class Conformance:
    """The shapes with a target, ready to be asked; `below` holds a class and those below it."""

    of_class: Mapping[str, Sequence[Test]]
    of_subjects: Mapping[str, Sequence[Test]]

    def holds(self, sketch: Sketch) -> bool:
        """Whether everything in the sketch surely fits every shape."""
        return all(
            test(thing, values, sketch)
            for thing, values in sketch.things.items()
            for test in self._asked(values)
        )

    def _asked(self, values: Values) -> Iterable[Test]:
        for kind in values.get(RDF_TYPE, ()):
            yield from self.of_class.get(kind, ())
        for predicate, tests in self.of_subjects.items():
            if predicate in values:
                yield from tests


def conformance(shapes: Graph, ontology: Iterable[Triple]) -> Conformance | None:
    """The shapes ready to be asked; nothing where one has a part that is not known here."""
    reader = _Shapes(shapes, list(ontology))
    try:
        return reader.read()
    except UnknownShapeError:
        return None


class _Shapes:
    """Reads shapes into tests."""

    def __init__(self, shapes: Graph, ontology: Sequence[Triple]) -> None:
        self.shapes, self.ontology = shapes, ontology

    def read(self) -> Conformance:
        of_class: dict[str, list[Test]] = defaultdict(list)
        of_subjects: dict[str, list[Test]] = defaultdict(list)
        for shape in self.targeted():
            test = self.node(shape)
            for target in self.shapes.objects(shape, SH.targetClass):
                for kind in self.below(text_of(target)):
                    of_class[kind].append(test)
            for target in self.shapes.objects(shape, SH.targetSubjectsOf):
                of_subjects[text_of(target)].append(test)
        return Conformance(dict(of_class), dict(of_subjects))

    def targeted(self) -> set[Node]:
        """The shapes that say what they are about."""
        for other in (SH.targetNode, SH.targetObjectsOf, SH.target):
            if (None, other, None) in self.shapes:
                raise UnknownShapeError(other)
        shapes = set(self.shapes.subjects(RDF.type, SH.NodeShape))
        targeted = set(self.shapes.subjects(SH.targetClass))
        if targeted - shapes or any(self._is_class(shape) for shape in shapes):
            raise UnknownShapeError(SH.targetClass)
        return shapes

    def _is_class(self, shape: Node) -> bool:
        return not {RDFS.Class, OWL.Class}.isdisjoint(self.shapes.objects(shape, RDF.type))

    @cached_property
    def narrower(self) -> dict[str, list[str]]:
        """The classes directly below each."""
        found: dict[str, list[str]] = defaultdict(list)
        for subject, predicate, value in self.ontology:
            if predicate == _SUBCLASS:
                found[value].append(subject)
        return dict(found)

    def below(self, kind: str) -> frozenset[str]:
        """A class and all classes below it."""
        found, waiting = {kind}, [kind]
        while waiting:
            fresh = set(self.narrower.get(waiting.pop(), ())) - found
            found |= fresh
            waiting += fresh
        return frozenset(found)

    def node(self, shape: Node) -> Test:
        """The tests of a shape without a path, on the thing itself."""
        if (shape, SH.path, None) in self.shapes:
            return self.property(shape)
        tests: list[Test] = []
        for predicate, value in self.shapes.predicate_objects(shape):
            if predicate in (SH.targetClass, SH.targetSubjectsOf, SH.message, RDF.type):
                continue
            if predicate == SH.property:
                tests.append(self.property(value))
            elif predicate == SH["or"]:
                tests.append(_any([self.node(one) for one in Collection(self.shapes, value)]))
            elif predicate == SH["not"]:
                tests.append(self.negated(value))
            elif (predicate, value) == (SH.nodeKind, SH.BlankNode):
                tests.append(lambda thing, values, sketch: thing.startswith("_:"))
            else:
                raise UnknownShapeError(predicate)
        return _all(tests)

    def negated(self, shape: Node) -> Test:
        """The opposite of a shape that asks for a value: a doubt in it would be a wrong yes."""
        if set(self.shapes.predicates(shape)) != {SH.path, SH.hasValue}:
            raise UnknownShapeError(SH["not"])
        test = self.property(shape)
        return lambda thing, values, sketch: not test(thing, values, sketch)

    def property(self, shape: Node) -> Test:
        """The tests of a shape with a path, on the values at its end."""
        path = self.path(self.shapes.value(shape, SH.path))
        tests = [
            self.constraint(predicate, value)
            for predicate, value in self.shapes.predicate_objects(shape)
            if predicate not in (SH.path, SH.message)
        ]

        def test(thing: str, values: Values, sketch: Sketch) -> bool:
            found = {value for predicate in path for value in values.get(predicate, ())}
            return all(constraint(found, sketch) for constraint in tests)

        return test

    def path(self, path: Node | None) -> list[str]:
        """The predicates that a path takes, each alone."""
        if isinstance(path, URIRef):
            return [text_of(path)]
        alternatives = self.shapes.value(path, SH.alternativePath)
        if alternatives is None or len(list(self.shapes.predicates(path))) != 1:
            raise UnknownShapeError(path)
        found = list(Collection(self.shapes, alternatives))
        if not all(isinstance(one, URIRef) for one in found):
            raise UnknownShapeError(path)
        return [text_of(one) for one in found]

    def constraint(self, name: Node, value: Node) -> Callable[[set[str], Sketch], bool]:
        """A constraint on the values at the end of a path."""
        text = text_of(value)
        if name in (SH.minCount, SH.maxCount, SH.minInclusive):
            number = Decimal(str(value))
            if name == SH.minCount:
                return lambda found, sketch: len(found) >= number
            if name == SH.maxCount:
                return lambda found, sketch: len(found) <= number
            return lambda found, sketch: all(_at_least(one, number) for one in found)
        if name == SH.hasValue:
            return lambda found, sketch: text in found
        if (name, value) == (SH.datatype, XSD.integer):
            return lambda found, sketch: all(map(_INTEGER.match, found))
        if name == SH["class"]:
            kinds = self.below(text)
            return lambda found, sketch: all(
                not kinds.isdisjoint(sketch.classes(one)) for one in found
            )
        raise UnknownShapeError(name)


def _at_least(value: str, number: Decimal) -> bool:
    """Whether a whole number is large enough; doubt about all else."""
    found = _INTEGER.match(value)
    return bool(found) and Decimal(found[1] if found else 0) >= number


def _all(tests: Sequence[Test]) -> Test:
    return lambda thing, values, sketch: all(test(thing, values, sketch) for test in tests)


def _any(tests: Sequence[Test]) -> Test:
    return lambda thing, values, sketch: any(test(thing, values, sketch) for test in tests)
