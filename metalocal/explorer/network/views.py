"""What is asked for -> the picture of it; made in a thread, one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from graph_builder.attributes import Attribute
from metalocal.endpoint.refusal import RefusedError
from metalocal.explorer.network.asked import Asked, profile_told
from metalocal.explorer.network.columns import study_picture
from metalocal.explorer.network.holding import Held
from metalocal.explorer.network.nearby import IN, OUT, joined, kept, neighbours, picture_of, within
from metalocal.explorer.network.paths import Patient, evidence_paths, name_of
from metalocal.explorer.network.records import PROFILE, Network, Node, Picture
from metalocal.explorer.network.regions import placed
from metalocal.explorer.network.reviews import overlap_picture
from metalocal.overlap import OverlapError, overlaps
from metalocal.pages.addresses import BASE
from metalocal.profiles import Profile

_LARGEST_UNPLACED = 300


def picture_asked(held: Held, asked: Asked) -> Picture:
    """The picture of a view; to be made where the served graph may be asked.

    Raises:
        RefusedError: 400 or 404, there is no such view, study, question or path.
    """
    makers = {
        "focus": _around,
        "path": path_picture,
        "study": _of_study,
        "overlap": _of_overlap,
        "all": _of_all,
    }
    if not asked.view:
        raise RefusedError(400, "Nothing is asked for; give focus, path, study, overlap or all=1.")
    name = replace(asked, search="", script=()).query_string
    picture = held.pictures.get(name)
    if picture is None:
        picture = makers[asked.view](held, asked)
        if not asked.facts:
            held.keep(name, picture)
    return picture


def _around(held: Held, asked: Asked) -> Picture:
    network = held.network
    foci = set(asked.focus)
    reached = within(network, asked.focus, asked.depth)
    found = [one for one in reached if one in foci or kept(network.nodes[one], asked.wanted)]
    return _cut(network, found, asked)


def _of_all(held: Held, asked: Asked) -> Picture:
    nodes = held.network.nodes
    passing = [one for one in held.network.by_importance if kept(nodes[one], asked.wanted)]
    return _cut(held.network, joined(held.network, passing, asked.wanted), asked)


def _cut(network: Network, found: list[str], asked: Asked) -> Picture:
    """The first of the things, and a place for each where they are many."""
    shown = found[: asked.limit]
    notice = ""
    if len(shown) < len(found):
        notice = (
            f"{len(shown):,} of {len(found):,} things are shown, the nearest and most important."
        )
    picture = picture_of(network, shown, len(found), notice)
    if len(shown) <= _LARGEST_UNPLACED:
        return picture
    return replace(picture, nodes=placed(network, shown), laid_out=True)


def _of_study(held: Held, asked: Asked) -> Picture:
    node = held.network.nodes[asked.study]
    if node.type != "Study":
        raise RefusedError(
            400, f"{node.label} is no study but {node.type_label}; ask for it by focus={node.id}."
        )
    picture = study_picture(held.network, asked.study, asked.limit)
    if not asked.wanted:
        return picture
    passing = [node for node in picture.nodes if node.type == "Study" or kept(node, asked.wanted)]
    return _only(picture, passing)


def _only(picture: Picture, nodes: list[Node]) -> Picture:
    """The picture with these of its nodes."""
    inside = {node.id for node in nodes}
    edges = [edge for edge in picture.edges if {edge.source, edge.target} <= inside]
    return replace(picture, nodes=tuple(nodes), edges=tuple(edges), total=len(nodes))


def _of_overlap(held: Held, asked: Asked) -> Picture:
    network = held.network
    question = network.nodes.get(f"ontology/{asked.overlap}")
    if question and question.type == "Question" and not _has_reviews(network, question.id):
        return Picture((), (), 0, True, f"No review in the graph is about {question.label}.")
    try:
        found = overlaps(held.library.graph, held.library.queries, asked.overlap)
    except OverlapError as error:
        raise RefusedError(404, f"{str(error).removeprefix('--')}.") from error
    return overlap_picture(network, found[0])


def _has_reviews(network: Network, question: str) -> bool:
    """Whether a study with this question takes in others, by its design or as sources tell."""
    studies = neighbours(network, question, "question", IN)
    designs = {f"ontology/{word}" for word in ("meta_analysis", "systematic_review")}
    return any(
        designs & set(neighbours(network, study, "design", OUT))
        or neighbours(network, study, "pools", OUT)
        for study in studies
    )


def path_picture(held: Held, asked: Asked) -> Picture:
    """The shortest ways of evidence between two things, or between a patient and a thing.

    Raises:
        RefusedError: 400, both ends are one or what is told of the patient cannot be; 404, no way.
    """
    start, end = asked.path
    if start == end:
        raise RefusedError(400, "Both ends of the path are the same; choose two things.")
    patient = _patient(held, asked) if PROFILE in asked.path else None
    picture = evidence_paths(held.network, start, end, patient)
    if picture is None:
        raise RefusedError(404, _no_way(held, asked, patient))
    return replace(picture, notice=_said_of(held.network, asked, patient) if patient else "")


def _patient(held: Held, asked: Asked) -> Patient:
    profile = profile_told(asked.facts, held.patients)
    verdicts = held.library.matching.verdicts(profile)
    return Patient(
        _told(profile, held.patients.attributes),
        {group.removeprefix(BASE): verdict for group, verdict in verdicts.items()},
    )


def _told(profile: Profile, attributes: Mapping[str, Attribute]) -> str:
    """What is told of the patient, in the words of the attributes."""
    parts = []
    for key, words in profile.given.items():
        values = attributes[key].values
        named = [values.get(word, word) for word in words.split(", ")]
        parts.append(f"{attributes[key].label}: {', '.join(named)}{attributes[key].said_unit}")
    return "; ".join(parts) or "nothing is known"


def _no_way(held: Held, asked: Asked, patient: Patient | None) -> str:
    names = [
        "this patient" if one == PROFILE else held.network.nodes[one].label for one in asked.path
    ]
    words = f"No path of evidence leads from {names[0]} to {names[1]}."
    if patient is None:
        return words
    return f"{words} {_said_of(held.network, asked, patient)}"


def _said_of(network: Network, asked: Asked, patient: Patient) -> str:
    """How many groups include the patient, and how she stands to those of the other end."""
    counts = {
        verdict: sum(1 for held in patient.verdicts.values() if held == verdict)
        for verdict in ("included", "indeterminate", "excluded")
    }
    said = (
        f"Of {len(patient.verdicts)} populations, target groups and model groups "
        f"{counts['included']} include this patient; for {counts['indeterminate']} too little is "
        "known (not drawn: unknown is never yes or no)."
    )
    other = next(one for one in asked.path if one != PROFILE)
    for group in (other, *sorted(network.graph.successors(other))):
        verdict = patient.verdicts.get(group, "")
        if verdict in ("indeterminate", "excluded"):
            said += f" Verdict for {name_of(network.nodes[group])}: {verdict}."
    return said


def make_of(held: Held, asked: Asked) -> partial[Picture]:
    """The making of a picture, to be done in turn."""
    return partial(picture_asked, held, asked)
