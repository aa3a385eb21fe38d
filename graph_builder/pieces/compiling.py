"""Data files to pieces: read, checked, assembled, audited, held against the shapes, ruled on.

Nothing here looks at another data file; what does is in `graph_builder.pieces.across`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rdflib import Graph, URIRef

from graph_builder.assembly import assemble
from graph_builder.audit import AUDIT, audit_graph, findings_within, headings_of, levels_of
from graph_builder.checks import check_within
from graph_builder.checks.across import all_locators
from graph_builder.conformance import Sketch
from graph_builder.criteria import BoundTest
from graph_builder.nquads import Triple, canonical_lines, has_blank, lines_of, triples_of
from graph_builder.pieces.ground import Ground
from graph_builder.pieces.piece import Facts, Lines, text_of_piece
from graph_builder.pieces.shelf import Shelf
from graph_builder.populations import group_classes
from graph_builder.problems import Place, Problem, ProblemsFoundError
from graph_builder.reading import Records, read_one
from graph_builder.records import Study
from graph_builder.rules import DERIVED
from graph_builder.tally import count, types_in
from graph_builder.vocabulary import ID

ROOT = re.compile(f"<{re.escape(ID)}([^/>]+/[^/>]+)[/>]")
"""The root of the file that a thing is part of."""


@dataclass(frozen=True)
class Compiled:
    """What became of a file: its piece is on the shelf, or there are problems.

    `facts`: of a file that could be read, even if something in it is wrong.
    """

    path: Path
    key: str
    facts: Facts | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class _Draft:
    """What a file says, as triples by named graph, before the rules have seen it."""

    path: Path
    key: str
    facts: Facts
    limits: frozenset[BoundTest]
    asserted: dict[URIRef, list[Triple]]
    audit: list[Triple]

    @cached_property
    def text(self) -> bytes:
        """The asserted quads without blank nodes, which no rule asks for."""
        lines = [
            line
            for name, triples in self.asserted.items()
            for line in lines_of((t for t in triples if not has_blank(t)), name)
        ]
        return "".join(lines).encode()


def compile_files(
    files: Sequence[tuple[Path, str]], ground: Ground, shelf: Shelf
) -> list[Compiled]:
    """Compiles files, each with its key, and puts the pieces of those without problem on the shelf.

    Raises:
        ProblemsFoundError: a rule derives something of what is no part of these files.
    """
    found = [_read(path, key, ground) for path, key in files]
    drafts = [one for one in found if isinstance(one, _Draft)]
    derived = _derived(drafts, ground) if drafts else {}
    for draft in drafts:
        shelf.put(draft.key, _text(draft, derived.get(draft.facts.root, []), ground))
    return [
        Compiled(one.path, one.key, one.facts) if isinstance(one, _Draft) else one for one in found
    ]


def _read(path: Path, key: str, ground: Ground) -> _Draft | Compiled:
    records, problems = read_one(path)
    one = [*records.studies, *records.guidance, *records.models]
    if not one:
        return Compiled(path, key, None, tuple(problems))
    records.sources = ground.shared.sources
    problems += check_within(records, ground.terms)
    facts = _facts(records)
    if problems:
        return Compiled(path, key, facts, tuple(problems))
    return _draft(path, key, facts, records, ground)


def _draft(path: Path, key: str, facts: Facts, records: Records, ground: Ground) -> _Draft:
    terms = ground.terms
    alone = Records(studies=records.studies, guidance=records.guidance, models=records.models)
    classes, limits = group_classes(alone, terms)
    graphs: dict[URIRef, Graph] = {**assemble(alone, terms).graphs, **classes}
    asserted = {name: triples_of(graph) for name, graph in graphs.items()}
    findings = [found for study in records.studies for found in findings_within(study, terms)]
    audit = triples_of(audit_graph(findings, terms))
    return _Draft(path, key, facts, limits, asserted, audit)


def _facts(records: Records) -> Facts:
    sources = tuple(sorted({locator.source for locator in all_locators(records)}))
    for study in records.studies:
        return _study_facts(study, sources)
    for guidance in records.guidance:
        cites = tuple(one.study for one in guidance.statements if one.study)
        return Facts(f"guidance/{guidance.id}", guidance.label, sources, cites)
    (model,) = records.models
    groups = tuple(group.population for group in model.groups if group.population)
    cites = (model.study,) if model.study else ()
    return Facts(f"model/{model.id}", model.label, sources, cites, groups)


def _study_facts(study: Study, sources: tuple[str, ...]) -> Facts:
    return Facts(
        f"study/{study.id}",
        study.label,
        sources,
        tuple(pooled.study for pooled in study.pools),
        tuple(population.id for population in study.populations),
        tuple((one.kind, one.value.casefold()) for one in study.identifiers),
        tuple(
            (*table, level, line)
            for table, levels in headings_of([study]).items()
            for level, line in levels.items()
        ),
        tuple(dict.fromkeys(levels_of(study))),
    )


def _derived(drafts: Sequence[_Draft], ground: Ground) -> dict[str, list[Triple]]:
    """What the rules draw from the files, by the root of each."""
    found: dict[str, list[Triple]] = {draft.facts.root: [] for draft in drafts}
    for line in ground.rules.derived(b"".join(draft.text for draft in drafts)):
        subject, predicate, rest = line.split(" ", 2)
        root = ROOT.match(subject)
        if root is None or root[1] not in found:
            message = f"a rule derives something of {subject}, which is no part of a data file"
            mend = "let each rule say something of a thing of the file it reads"
            raise ProblemsFoundError([Problem(Place("ontology/rules"), message, "rule", mend)])
        found[root[1]].append((subject, predicate, rest.removesuffix(" .")))
    return found


def _text(draft: _Draft, derived: list[Triple], ground: Ground) -> bytes:
    """The piece of a draft as text."""
    root = f"<{ID}{draft.facts.root}"
    said = [triple for triples in draft.asserted.values() for triple in triples]
    conforms = ground.shapes is not None and ground.shapes.holds(Sketch(said, ground.types))
    graphs = {**draft.asserted, DERIVED: derived, AUDIT: draft.audit}
    own_things = (f"{root}/", f"{root}>")
    blank, shared, own = list[str](), list[str](), list[str]()
    counted: list[Triple] = []
    for name, triples in graphs.items():
        with_blank = [triple for triple in triples if has_blank(triple)]
        mine = [t for t in triples if t[0].startswith(own_things) and not has_blank(t)]
        kept = {*with_blank, *mine}
        blank += lines_of(with_blank, name)
        own += lines_of(mine, name)
        shared += lines_of((triple for triple in triples if triple not in kept), name)
        counted += kept
    tally = count(counted, types_in(counted))
    named = canonical_lines(blank, f"{draft.facts.root.replace('/', '-')}-")
    own += [line for line in named if line.startswith(own_things)]
    rest = [line for line in named if not line.startswith(own_things)]
    lines = Lines(sorted(shared), sorted(own), rest)
    return text_of_piece(draft.facts, draft.limits, tally, conforms, lines)
