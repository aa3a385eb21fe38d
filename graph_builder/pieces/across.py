"""Facts of all files to what is wrong, or does not fit, between them.

The facts tell whether anything is; the few files that it may concern are then read again.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph

from graph_builder.assembly import assemble
from graph_builder.audit import Finding, Headings, findings_across
from graph_builder.checks.across import shared_identifiers
from graph_builder.checks.guidance import unknown_studies
from graph_builder.pieces.ground import Ground
from graph_builder.pieces.piece import Facts
from graph_builder.populations import profile_classes
from graph_builder.problems import Problem
from graph_builder.reading import Records, read_one
from graph_builder.shapes import shape_problems

_TOGETHER = 100
"""Studies that the audit between studies looks at together."""


@dataclass(frozen=True)
class File:
    """A data file that could be read: where it is, the key of its piece, and its facts."""

    path: Path
    key: str
    facts: Facts


def records_of(files: Iterable[File]) -> Records:
    """The records of files that could be read before."""
    records = Records()
    for file in files:
        one, _ = read_one(file.path)
        records.studies += one.studies
        records.guidance += one.guidance
        records.models += one.models
    for kind in (records.studies, records.guidance, records.models):
        kind.sort(key=lambda record: record.id)
    return records


def is_study(file: File) -> bool:
    """Whether a file is that of a study."""
    return file.facts.root.startswith("study/")


def problems_across(files: Sequence[File]) -> list[Problem]:
    """Identifiers that two studies share, and references that lead to nothing."""
    doubled = records_of(_sharing_identifiers(files))
    found = [*shared_identifiers(doubled)]
    studies = {file.facts.id: file.facts.populations for file in files if is_study(file)}
    lost = [file for file in files if _refers_to_none(file.facts, studies)]
    known = {name: set(populations) for name, populations in studies.items()} if lost else {}
    return [*found, *unknown_studies(records_of(lost), known)]


def _sharing_identifiers(files: Iterable[File]) -> Iterator[File]:
    owners: dict[tuple[str, str], list[File]] = defaultdict(list)
    for file in files:
        for identifier in set(file.facts.identifiers):
            owners[identifier].append(file)
    sharing = {file.path: file for found in owners.values() if len(found) > 1 for file in found}
    yield from sharing.values()


def _refers_to_none(facts: Facts, studies: Mapping[str, Sequence[str]]) -> bool:
    if any(name not in studies for name in facts.cites):
        return True
    if not facts.root.startswith("model/") or not facts.cites:
        return False
    return not set(facts.populations) <= set(studies[facts.cites[0]])


def shape_problems_of(files: Iterable[File], ground: Ground) -> list[Problem]:
    """What the validator says of the ontology, the sources and these files together."""
    records, terms = records_of(files), ground.terms
    records.sources = ground.shared.sources
    assembly = assemble(records, terms)
    union = Graph()
    graphs = (*assembly.graphs.values(), *profile_classes(records, terms).values())
    for graph in (ground.ontology, ground.mappings, *graphs):
        union += graph
    return shape_problems(union, ground.inputs.ontology, assembly.places)


@dataclass(frozen=True)
class AuditAcross:
    """The audit between studies: the files it looks at, and the headings of all of them.

    `key` changes with whatever its findings depend on.
    """

    files: tuple[File, ...]
    headings: Headings
    key: str

    def findings(self, ground: Ground) -> list[Finding]:
        """What does not fit between the studies; some are read at a time, with those they cite."""
        files = {file.facts.id: file for file in self.files}
        found: list[Finding] = []
        for first in range(0, len(self.files), _TOGETHER):
            some = {file.facts.id: file for file in self.files[first : first + _TOGETHER]}
            cited = {name for file in some.values() for name in file.facts.cites}
            read = records_of(files[name] for name in {*some, *(cited & files.keys())})
            across = findings_across(read.studies, self.headings, ground.terms)
            found += [one for one in across if one.study in some]
        return found


def audit_across(files: Sequence[File], ground: Ground) -> AuditAcross:
    """Which studies an audit between studies must look at."""
    studies = sorted(filter(is_study, files), key=lambda file: file.facts.id)
    headings: Headings = defaultdict(dict)
    for file in studies:
        for source, at, level, line in file.facts.headings:
            headings[source, at][level] = line
    concerned = {one for file in studies if file.facts.cites for one in file.facts.cites}
    concerned |= {file.facts.id for file in studies if file.facts.cites}
    concerned |= {file.facts.id for file in studies if _other_level(file.facts, headings)}
    looked_at = tuple(file for file in studies if file.facts.id in concerned)
    told = [ground.digest, [file.key for file in looked_at], sorted(map(repr, headings.items()))]
    key = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    return AuditAcross(looked_at, dict(headings), key)


def _other_level(facts: Facts, headings: Headings) -> bool:
    return any(
        (source, at) in headings and level not in headings[source, at]
        for source, at, level in facts.levels
    )
