"""Named queries and the graph -> all that the API is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from metalocal.attributes import attributes_of, implications_of
from metalocal.catalogue import ML, NamedQuery, Parameter, term
from metalocal.endpoint.api.telling import Patients
from metalocal.graph import EvidenceGraph

Words = Mapping[str, list[str]]

_MOST_WORDS = 200
_KIN = """\
SELECT ?class ?word WHERE {{
  {example} a ?class .
  ?word a ?class .
  FILTER(STRSTARTS(STR(?class), "{ontology}"))
}}
ORDER BY ?class ?word
"""


@dataclass(frozen=True)
class Contents:
    """What the API is made of; `words` are closed lists of values by query and parameter."""

    queries: Mapping[str, NamedQuery]
    patients: Patients
    words: Mapping[str, Words]


def contents_of(graph: EvidenceGraph, folder: Path, queries: Mapping[str, NamedQuery]) -> Contents:
    """The contents for a graph.

    Raises:
        GraphError, RefusedError: the graph gives no rows.
    """
    patients = Patients(attributes_of(graph, folder), tuple(implications_of(graph, folder)))
    words = {
        query.name: {
            parameter.name: found
            for parameter in query.parameters
            if (found := _words(graph, parameter))
        }
        for query in queries.values()
    }
    return Contents(queries, patients, words)


def _words(graph: EvidenceGraph, parameter: Parameter) -> list[str]:
    """The closed list a parameter takes its values from: the kin of its example in the ontology.

    Kin are the members of the smallest class of ours that the example is in. Empty where the
    parameter has no such example, or where its kin are things of the graph rather than words.
    """
    if list(parameter.columns.values()) != ["iri"] or not parameter.example.startswith("ml:"):
        return []
    members: dict[str, list[str]] = defaultdict(list)
    query = _KIN.format(example=term(parameter.example, "iri"), ontology=ML)
    for row in graph.select(query).texts():
        members[row["class"]].append(row["word"])
    kin = min(members.values(), key=len, default=[])
    closed = len(kin) <= _MOST_WORDS and all(word.startswith(ML) for word in kin)
    return [word.removeprefix(ML) for word in kin] if closed else []
