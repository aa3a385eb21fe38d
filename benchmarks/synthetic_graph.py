"""Synthetic studies -> N-Quads, by the compiler of the project, a chunk of studies at a time.

The base is compiled once: ontology, mappings, sources, guidance, models, examples, and the classes
of values, limits and groups. A chunk holds the graphs of its studies, their provenance, classes of
profiles, what the rules derive and what the audit finds. Nothing is kept from chunk to chunk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from rdflib import Graph, URIRef
from synthetic_studies import Reality, id_of, study_at

from graph_builder.assembly import CLAUSES, assemble
from graph_builder.audit import AUDIT, audit_graph, findings_of
from graph_builder.build import ONTOLOGY_GRAPH
from graph_builder.examples import EXAMPLES, example_graph
from graph_builder.guidance import DecisionModel, Guidance
from graph_builder.mappings import MAPPINGS
from graph_builder.nquads import lines_of_graphs, triples_of
from graph_builder.populations import POPULATIONS, profile_classes
from graph_builder.reading import Records
from graph_builder.records import Study
from graph_builder.rules import DERIVED, Rules, read_rules
from graph_builder.terms import as_one_ontology
from graph_builder.vocabulary import ID

CHUNK = 150
"""Studies compiled together: a graph of a multiple of it begins every larger one, byte by byte.

What guidance rests on lies in the first chunk, so that all graphs from there on share their base.
"""

_NOTHING_ELSE = {name: [] for name in ("arms", "pools", "facts", "estimates", "statements")}
_FOLDERS = f"{ID}profiles/groups"

Graphs = dict[URIRef, Graph]


@dataclass(frozen=True)
class Compiler:
    """Compiles the base and chunks of studies of one seed."""

    real: Reality
    seed: int
    criteria_alone: bool = False
    """Studies have populations with their criteria, and nothing else but where they are told of."""

    @cached_property
    def rules(self) -> Rules:
        """The rules, which see the ontology beside the studies."""
        whole = as_one_ontology(self.real.known.terms.graph)
        return read_rules(
            self.real.inputs.ontology / "rules", nquads_text({ONTOLOGY_GRAPH: whole}, "")
        )

    @cached_property
    def clauses(self) -> Graph:
        """All clauses there can be: synthetic studies draw their criteria from real ones."""
        known = self.real.known
        return assemble(known.records, known.terms).graphs[CLAUSES]

    def base(self, studies: int) -> Graphs:
        """The graphs that are written once, for a graph of so many studies (at least 1)."""
        known = self.real.known
        held = self._held(min(studies, CHUNK))
        records = Records(sources=known.records.sources, guidance=held.guidance, models=held.models)
        graphs: Graphs = dict(assemble(records, known.terms).graphs)
        graphs[CLAUSES] = self.clauses
        graphs[ONTOLOGY_GRAPH] = as_one_ontology(known.terms.graph)
        graphs[MAPPINGS], graphs[EXAMPLES] = known.mappings, example_graph(known.examples)
        classes = profile_classes(known.records, known.terms)  # every limit that can be drawn
        classes[POPULATIONS] = _only(classes[POPULATIONS], folders=True)
        return graphs | classes

    def studies(self, numbers: Iterable[int]) -> list[Study]:
        """The studies of these indices."""
        found = [study_at(self.real, self.seed, number) for number in numbers]
        return (
            [one.model_copy(update=_NOTHING_ELSE) for one in found]
            if self.criteria_alone
            else found
        )

    def chunk(self, studies: list[Study]) -> Graphs:
        """The graphs of these studies; the audit looks at each by itself."""
        known = self.real.known
        graphs: Graphs = dict(assemble(Records(studies=studies), known.terms).graphs)
        del graphs[CLAUSES]  # the base has them, once for all chunks
        if self.criteria_alone:
            return graphs
        derived = self.rules.derived(nquads_text(graphs, "a"))
        graphs[DERIVED] = Graph().parse(data="\n".join(derived), format="nt")
        findings = [one for study in studies for one in findings_of([study], known.terms)]
        graphs[AUDIT] = audit_graph(findings, known.terms)
        classes = profile_classes(Records(studies=studies), known.terms)
        graphs[POPULATIONS] = _only(classes[POPULATIONS], folders=False)
        return graphs

    def base_text(self, studies: int) -> bytes:
        """N-Quads of the base, sorted."""
        return nquads_text(self.base(studies), "")

    def chunk_text(self, first: int, studies: int) -> bytes:
        """N-Quads of the chunk that begins at study `first` of so many, sorted."""
        numbers = range(first, min(first + CHUNK, studies))
        return nquads_text(self.chunk(self.studies(numbers)), f"s{first}")

    def _held(self, studies: int) -> Records:
        """Guidance and models that rest on synthetic studies in place of the real ones."""
        records = self.real.known.records
        places = {study.id: number % studies for number, study in enumerate(records.studies)}
        return Records(
            guidance=[_rested(one, places) for one in records.guidance],
            models=[self._model(one, places) for one in records.models],
        )

    def _model(self, model: DecisionModel, places: Mapping[str, int]) -> DecisionModel:
        if model.study is None:
            return model
        study = study_at(self.real, self.seed, places[model.study])
        names = [population.id for population in study.populations]
        groups = [
            group.model_copy(update={"population": names[number % len(names)]})
            if group.population
            else group
            for number, group in enumerate(model.groups)
        ]
        return model.model_copy(update={"study": study.id, "groups": groups})


def _rested(guidance: Guidance, places: Mapping[str, int]) -> Guidance:
    statements = [
        one.model_copy(update={"study": id_of(places[one.study])}) if one.study else one
        for one in guidance.statements
    ]
    return guidance.model_copy(update={"statements": statements})


def _only(classes: Graph, *, folders: bool) -> Graph:
    """Of the classes of populations those that gather others by question, or all the rest."""
    found = Graph()
    for triple in classes:
        if str(triple[0]).startswith(_FOLDERS) == folders:
            found.add(triple)
    return found


def nquads_text(graphs: Mapping[URIRef, Graph], prefix: str) -> bytes:
    """N-Quads of all graphs, sorted; the names of blank nodes begin with `prefix`."""
    triples = {str(name): triples_of(graph) for name, graph in graphs.items()}
    return "".join(lines_of_graphs(triples, prefix)).encode()
