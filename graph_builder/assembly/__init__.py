"""Records to the asserted graph: one named graph a study, guidance, model; sources; provenance."""

from __future__ import annotations

from rdflib import RDF, RDFS, Literal
from rdflib.namespace import OWL

from graph_builder.assembly.clauses import CLAUSES
from graph_builder.assembly.guidance import GuidanceWriter, ModelWriter, group_id, target_id
from graph_builder.assembly.studies import StudyWriter, population_id, study_graph
from graph_builder.assembly.writer import PROVENANCE, Assembly, profiles_of
from graph_builder.reading import Records
from graph_builder.records import Source
from graph_builder.terms import Terms
from graph_builder.vocabulary import ML, thing

__all__ = [
    "CLAUSES",
    "PROVENANCE",
    "SOURCES",
    "Assembly",
    "assemble",
    "group_id",
    "population_id",
    "profiles_of",
    "study_graph",
    "target_id",
]

SOURCES = thing("graph", "sources")


def assemble(records: Records, terms: Terms) -> Assembly:
    """The asserted graph of all records; the order of the records does not matter."""
    assembly = Assembly()
    for source in records.sources:
        _add_source(assembly, source)
    for study in records.studies:
        StudyWriter(assembly, study, terms).write()
    for guidance in records.guidance:
        GuidanceWriter(assembly, guidance, terms).write()
    for model in records.models:
        ModelWriter(assembly, model, terms).write()
    return assembly


def _add_source(assembly: Assembly, source: Source) -> None:
    node = thing("source", source.id)
    graph = assembly.graphs[SOURCES]
    assembly.places[node] = source.place()
    graph.add((node, RDF.type, ML.Source))
    graph.add((node, RDF.type, OWL.NamedIndividual))
    graph.add((node, RDFS.label, Literal(source.label, lang="en")))
    graph.add((node, ML.citation, Literal(source.citation, lang="en")))
    graph.add((node, ML.yearOfPublication, Literal(source.year)))
    graph.add((node, ML.textHash, Literal(source.sha256)))
    if source.doi:
        graph.add((node, ML.doi, Literal(source.doi)))
    if source.journal:
        graph.add((node, ML.journal, Literal(source.journal)))
    if source.licence:
        graph.add((node, ML.licenceOfText, Literal(source.licence)))
    if source.note:
        graph.add((node, ML.note, Literal(source.note, lang="en")))
