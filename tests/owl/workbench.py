"""What a person does in Protégé, done through the OWL API: names are labels, as rendered there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

PARSER = "org.coode.owlapi.manchesterowlsyntax.ManchesterOWLSyntaxEditorParser"
CHECKER = "org.semanticweb.owlapi.expression.OWLEntityChecker"
NEW = "https://w3id.org/metalocal/ontology#"
"""Where Protégé puts an entity made by name while our ontology is the active one."""
QUOTED = set(" \\,<>=^@{}[]()")
"""Signs for which Protégé writes a name in single quotes."""
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


def rendered(label: str) -> str:
    """A label as it stands in a class expression.

    >>> rendered("profile with HER2 status: negative")
    "'profile with HER2 status: negative'"
    """
    escaped = re.sub(r"([\\'\"])", r"\\\1", label)
    return f"'{escaped}'" if QUOTED & set(label) else escaped


def _read(label: str) -> str:
    """A label as the parser hands it on: quotes around it left, escapes inside it undone."""
    return f"'{label}'" if QUOTED & set(label) else label


class Workbench:
    """An OWL file opened, with entities found by label and a reasoner that is started anew."""

    def __init__(self, file: Path) -> None:
        import jpype

        from graph_builder.owl_api import LoadedFile

        self.file = LoadedFile(file.read_bytes())
        self.ontology, self.factory = self.file.ontology, self.file.factory
        self.labels: dict[str, str] = {}
        self.entities: dict[tuple[str, str], Any] = {}
        for entity in self.ontology.getSignature():
            self._named(entity)
        self.checker = jpype.JProxy(CHECKER, dict=dict(self._checks()))
        self._reasoner: Any = None

    @property
    def reasoner(self) -> Any:
        """The reasoner, started anew after each change when it is next asked."""
        if self._reasoner is None:
            self._reasoner = self.file.reasoner()
        return self._reasoner

    def _named(self, entity: Any) -> None:
        about = self.ontology.getAnnotationAssertionAxioms(entity.getIRI())
        labels = [str(a.getValue().getLiteral()) for a in about if a.getProperty().isLabel()]
        for label in labels:
            self.labels[str(entity)] = label
            self.entities[str(entity.getEntityType()), label] = entity

    def _checks(self) -> Iterable[tuple[str, Callable[[str], Any]]]:
        methods = {
            "Class": "Class",
            "ObjectProperty": "ObjectProperty",
            "DataProperty": "DataProperty",
            "NamedIndividual": "Individual",
            "Datatype": "Datatype",
            "AnnotationProperty": "AnnotationProperty",
        }
        for kind, method in methods.items():
            found = {_read(label): e for (k, label), e in self.entities.items() if k == kind}
            yield f"getOWL{method}", lambda name, found=found: found.get(str(name))

    def label(self, entity: Any) -> str:
        """The label of an entity; of one made here, the name it was given."""
        return self.labels.get(str(entity), str(entity).strip("<>").removeprefix(NEW))

    def expression(self, text: str) -> Any:
        """A class expression as typed into Protégé; names that are not in the file are refused."""
        from graph_builder.owl_api import java_class

        parser = java_class(PARSER)(self.factory, text)
        parser.setOWLEntityChecker(self.checker)
        return parser.parseClassExpression()

    def individual(self, name: str) -> Any:
        """The individual that Protégé makes of a short name."""
        return self.factory.getOWLNamedIndividual(self.file.iri(NEW + name))

    def type_axiom(self, name: str, expression: str) -> Any:
        """That an individual is of a type."""
        return self.factory.getOWLClassAssertionAxiom(
            self.expression(expression), self.individual(name)
        )

    def number_axiom(self, name: str, label: str, value: str, datatype: str = INTEGER) -> Any:
        """That an individual has a number; `label` names the data property."""
        literal = self.factory.getOWLLiteral(
            value, self.factory.getOWLDatatype(self.file.iri(datatype))
        )
        return self.factory.getOWLDataPropertyAssertionAxiom(
            self.entities["DataProperty", label], self.individual(name), literal
        )

    def describe(self, name: str, expression: str, numbers: Mapping[str, str]) -> list[Any]:
        """State an individual's type and numbers; gives the axioms that did it."""
        stated = [self.type_axiom(name, expression)]
        stated += [self.number_axiom(name, *number) for number in numbers.items()]
        self.change(add=stated)
        return stated

    def change(self, *, add: Iterable[Any] = (), remove: Iterable[Any] = ()) -> None:
        """Add and remove axioms; the reasoner is started anew."""
        for axiom in add:
            self.file.manager.addAxiom(self.ontology, axiom)
        for axiom in remove:
            self.file.manager.removeAxiom(self.ontology, axiom)
        self._reasoner = None

    def types(self, name: str, *, direct: bool) -> set[str]:
        """Labels of the classes an individual is inferred to be in; `direct`: the narrowest.

        The narrowest are picked out here: HermiT 1.3.8, asked for them, now and then adds a wider
        limit on a number beside a narrower one.
        """
        found = set(self.reasoner.getTypes(self.individual(name), False).getFlattened())
        wider: set[Any] = set()
        for cls in found if direct else ():
            wider |= set(self.reasoner.getSuperClasses(cls, False).getFlattened())
        return {self.label(cls) for cls in found - wider if not cls.isOWLThing()}

    def superclasses(self, expression: str) -> set[str]:
        """Labels of the named classes that hold all an expression does."""
        found = self.reasoner.getSuperClasses(self.expression(expression), False).getFlattened()
        return {self.label(cls) for cls in found if not cls.isOWLThing()}

    def instances(self, expression: str) -> set[str]:
        """Labels of the individuals known to be of an expression."""
        found = self.reasoner.getInstances(self.expression(expression), False).getFlattened()
        return {self.label(individual) for individual in found}

    def possible(self, expression: str) -> bool:
        """Whether the expression can have a member."""
        return bool(self.reasoner.isSatisfiable(self.expression(expression)))
