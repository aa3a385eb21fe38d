"""From data/ and ontology/ to the built graph; the steps in order.

Every data file is compiled into a piece of the graph by itself and kept on a shelf, so that only
what changed is compiled anew, and no more than a few files are held at a time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph, URIRef

from graph_builder.checks import check
from graph_builder.examples import Example
from graph_builder.export import write_graph
from graph_builder.inputs import Inputs
from graph_builder.nquads import Triple, triples_of
from graph_builder.pieces.across import audit_across, problems_across, shape_problems_of
from graph_builder.pieces.ground import ONTOLOGY_GRAPH, Ground, read_ground
from graph_builder.pieces.making import Tell, Workshop, make_pieces
from graph_builder.pieces.shelf import Shelf
from graph_builder.pieces.whole import Gathered, Whole
from graph_builder.problems import Problem, ProblemsFoundError
from graph_builder.reading import Records, read_data
from graph_builder.reasoning import INFERRED, classify, unsatisfiable_problems
from graph_builder.terms import Terms

__all__ = ["ONTOLOGY_GRAPH", "Checked", "How", "build", "checked"]


@dataclass(frozen=True)
class Checked:
    """What is known once everything has been read and nothing is wrong with it."""

    terms: Terms
    records: Records
    mappings: Graph
    examples: list[Example]


def checked(inputs: Inputs) -> Checked:
    """Reads and checks everything, and holds all of it.

    Raises:
        ProblemsFoundError: all problems of all files at once.
    """
    ground = read_ground(inputs)
    records, problems = read_data(inputs.data)
    problems += [*ground.problems, *check(records, ground.terms)]
    _refuse(problems)
    return Checked(ground.terms, records, ground.mappings, ground.examples)


def _quietly(step: str, done: int, of: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class How:
    """How to build: where pieces are kept for the next time, in how many processes, who is told.

    `shelf`: a folder; without one the pieces go when the graph is built. `jobs`: processes that
    compile, at least 1. `tell` is called with a step, how much of it is done, and of how much.
    """

    shelf: Path | None = None
    jobs: int = 1
    tell: Tell = _quietly


def build(
    inputs: Inputs, folder: Path, version: str, *, reason: bool = False, how: How = How()
) -> dict[URIRef, int]:
    """Builds the graph into `folder`; gives the number of triples of each named graph.

    The graph is the same, byte by byte, whatever is on the shelf.

    Raises:
        ProblemsFoundError: something is wrong with the inputs; nothing is written.
        NoJavaError: `reason` was asked for and there is no Java.
    """
    fingerprint = inputs.fingerprint()
    how.tell("reading and checking", 0, 0)
    ground = read_ground(inputs)
    with _shelf(how.shelf, folder) as shelf:
        whole = _asserted(ground, shelf, how)
        how.tell("auditing", 0, 0)
        whole.add_audit(audit_across(whole.files, ground))
        if reason:
            how.tell("reasoning", 0, 0)
            whole.add(INFERRED, _inferred(whole, inputs))
        how.tell("describing", 0, 0)
        sizes = whole.describe(version)
        how.tell("writing", 0, 0)
        manifest = {"version": version, "inputs": fingerprint, "graphs": sizes}
        write_graph(folder, whole.lines(), manifest)
        shelf.drop_all_but(whole.used)
    return {URIRef(name): size for name, size in sizes.items()}


def _asserted(ground: Ground, shelf: Shelf, how: How) -> Whole:
    """The pieces of all files and what they share, found without problem."""
    gathered = Gathered(shelf)
    files, problems = make_pieces(Workshop(ground, shelf, how.jobs, how.tell), gathered.take)
    _refuse([*ground.problems, *problems, *problems_across(files)])
    whole = Whole(ground, gathered, files)
    how.tell("checking shapes", 0, 0)
    doubtful = whole.doubtful()
    if doubtful is not None:
        _refuse(shape_problems_of(doubtful, ground))
    return whole


def _inferred(whole: Whole, inputs: Inputs) -> list[Triple]:
    inferred, unsatisfiable = classify(whole.classes())
    _refuse(unsatisfiable_problems(unsatisfiable, inputs.data))
    return triples_of(inferred)


@contextmanager
def _shelf(kept: Path | None, folder: Path) -> Iterator[Shelf]:
    if kept is not None:
        yield Shelf(kept)
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-pieces-", dir=folder.parent) as fresh:
        yield Shelf(Path(fresh))


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise ProblemsFoundError(problems)
