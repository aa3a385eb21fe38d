"""The ontology as it would be released to a report: every check, what is accepted, the score."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import pyoxigraph as ox

from graph_builder.release.acceptance import accept, read_accepted
from graph_builder.release.findings import ReleaseReport
from graph_builder.release.foops import foops
from graph_builder.release.formats import formats
from graph_builder.release.queries import read_checks, run_checks, union_store
from graph_builder.release.reasoners import logic
from graph_builder.release.report import as_json, as_markdown, as_text
from graph_builder.vocabulary import ONTOLOGY

__all__ = ["FORMATS", "ReleaseReport", "release_report"]

FORMATS: dict[str, Callable[[ReleaseReport], str]] = {
    "text": as_text,
    "md": as_markdown,
    "json": as_json,
}
_VERSION = ox.NamedNode("http://www.w3.org/2002/07/owl#versionInfo")


def release_report(
    whole: Collection[ox.Triple],
    classes: Collection[ox.Triple],
    folder: Path,
    *,
    reasoning: bool = True,
) -> ReleaseReport:
    """Run every check of `folder` and of this room.

    Args:
        whole: all triples of the release.
        classes: ontology and groups only, for the reasoners.
        folder: the checks as `.rq` files, and `accepted.yaml`.
        reasoning: without it, or without Java, the logic checks are told as not run.

    Raises:
        ProblemsFoundError: a check or acceptance is malformed.
    """
    checks, acceptances = read_checks(folder), read_accepted(folder / "accepted.yaml")
    store = union_store(whole)
    results = [*run_checks(checks, store), formats(ONTOLOGY, whole)]
    results += logic(ONTOLOGY, whole, classes, wanted=reasoning)
    versions = store.quads_for_pattern(ox.NamedNode(ONTOLOGY), _VERSION, None)
    version = ", ".join(sorted(str(getattr(quad.object, "value", "")) for quad in versions))
    told = tuple(accept(results, acceptances))
    return ReleaseReport(ONTOLOGY, version, len(whole), told, foops(ONTOLOGY, store))
