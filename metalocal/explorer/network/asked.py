"""The query string of a view -> what it asks for, checked; and back into a query string."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError
from starlette.datastructures import QueryParams

from graph_builder.problems import ProblemsFoundError, closest
from metalocal.endpoint.api.fields import model_of
from metalocal.endpoint.api.telling import Patients
from metalocal.endpoint.refusal import RefusedError
from metalocal.explorer.network.records import FILTERS, PROFILE, Network, Node
from metalocal.pages.addresses import BASE
from metalocal.profiles import Profile

MOST_NODES = 5000
USUAL_NODES = 300
_FEWEST_NODES = 10
_DEEPEST = 3
_MOST_FOCI = 50
_MANY = ("focus", "path", "type", *FILTERS)
_ONCE = ("study", "overlap", "all", "depth", "limit", "search")
_LAST_COUNTS = ("depth", "limit")
_OF_SCRIPTS = ("expand", "removed", "pin")
_VIEWS = ("focus", "path", "study", "overlap", "all")


@dataclass(frozen=True)
class Asked:
    """A view: what is looked at, how far around, and what is let through.

    `facts` are what is told of a patient, as in the URL; `script` is what only the script of the
    page reads and is kept as it is.
    """

    focus: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    study: str = ""
    overlap: str = ""
    everything: bool = False
    depth: int = 1
    limit: int = USUAL_NODES
    wanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    search: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    script: tuple[tuple[str, str], ...] = ()

    @property
    def view(self) -> str:
        """The kind of view: focus, path, study, overlap, all; empty where none is asked for."""
        held = {
            "focus": self.focus,
            "path": self.path,
            "study": self.study,
            "overlap": self.overlap,
            "all": self.everything,
        }
        return next((name for name, value in held.items() if value), "")

    @property
    def query_string(self) -> str:
        """The view as a query string; equal views have equal ones."""
        pairs = [("focus", one) for one in self.focus] + [("path", one) for one in self.path]
        pairs += [(name, getattr(self, name)) for name in ("study", "overlap", "search")]
        pairs += [("all", "1" if self.everything else "")]
        pairs += [("depth", str(self.depth) if self.depth != 1 else "")]
        pairs += [("limit", str(self.limit) if self.limit != USUAL_NODES else "")]
        pairs += [(name, word) for name in ("type", *FILTERS) for word in self.wanted.get(name, ())]
        return urlencode(
            [pair for pair in (*pairs, *self.facts, *self.script) if pair[1]], safe="/,|"
        )


def asked_of(params: QueryParams, network: Network, patients: Patients) -> Asked:
    """What a query string asks for.

    Raises:
        RefusedError: 400 where a parameter is not known or has no such value, 404 where a thing is
            not in the graph.
    """
    slots = {slot.name for slot in patients.url_slots()}
    _refuse_unknown(params, slots)
    views = [name for name in _VIEWS if params.get(name)]
    if len(views) > 1:
        raise RefusedError(400, f"'{views[0]}' and '{views[1]}' are two views; ask for one.")
    study = params.get("study", "")
    pairs = [(key, value) for key, value in params.multi_items() if value]
    return Asked(
        focus=tuple(dict.fromkeys(known(network, one) for one in _foci(params))),
        path=_ends(params, network),
        study=known(network, study) if study else "",
        overlap=params.get("overlap", "").removeprefix("ontology/"),
        everything=bool(number(params, "all", 0, 0, 1)),
        depth=number(params, "depth", 1, 1, _DEEPEST),
        limit=number(params, "limit", USUAL_NODES, _FEWEST_NODES, MOST_NODES),
        wanted=_wanted(params, network),
        search=params.get("search", "").strip()[:200],
        facts=tuple(sorted((key, value) for key, value in pairs if key in slots)),
        script=tuple((key, value) for key, value in pairs if key in _OF_SCRIPTS),
    )


def known(network: Network, given: str) -> str:
    """The id of a thing that is in the network, from an id, an IRI or a path.

    Raises:
        RefusedError: 404 with ids like it.
    """
    thing = given.removeprefix(BASE).strip().lstrip("/")
    if thing in network.nodes:
        return thing
    shown = "".join(sign for sign in given[:80] if sign.isprintable())
    above, _, name = thing.rpartition("/")
    above = above if any(one.rpartition("/")[0] == above for one in network.nodes) else "id/study"
    beside = {one.rpartition("/")[2] for one in network.nodes if one.rpartition("/")[0] == above}
    words = f"Nothing to explore has the id '{shown}'. Under {above}/: {closest(name, beside)}"
    raise RefusedError(404, words)


def number(params: QueryParams, name: str, usual: int, least: int, most: int) -> int:
    """A whole number of the query string.

    Raises:
        RefusedError: 400, it is none, or out of bounds.
    """
    given = params.get(name, "")
    if not given:
        return usual
    if not (given.isascii() and given.isdigit() and len(given) < 9):
        raise RefusedError(400, f"'{name}' is no whole number; give one from {least} to {most}.")
    if not least <= int(given) <= most:
        raise RefusedError(400, f"'{name}' is {int(given)}; give a number from {least} to {most}.")
    return int(given)


def profile_told(facts: tuple[tuple[str, str], ...], patients: Patients) -> Profile:
    """The profile that parameters of a URL tell.

    Raises:
        RefusedError: 400, a value is none its attribute can have, or values contradict each other.
    """
    slots = patients.url_slots()
    many = {slot.name for slot in slots if slot.many}
    values: dict[str, Any] = {}
    for name, word in facts:
        if name in many:
            values.setdefault(name, []).append(word)
        elif name in values:
            raise RefusedError(400, f"'{name}' is told twice; tell it once.")
        else:
            values[name] = word
    try:
        told = model_of("Patient", slots).model_validate(values)
        return patients.profile(told.values(), in_url=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = next((str(part) for part in first["loc"]), "")
        raise RefusedError(400, f"'{where}': the value {first['msg']}") from error
    except ProblemsFoundError as error:
        found = "; ".join(f"{one.message}: {one.mend}" for one in error.problems)
        raise RefusedError(400, f"The facts contradict each other. {found}") from error


def _refuse_unknown(params: QueryParams, slots: set[str]) -> None:
    for name in params:
        names = {*_MANY, *_ONCE, *_OF_SCRIPTS, *slots}
        if name not in names:
            raise RefusedError(400, f"There is no parameter '{name[:80]}'; {closest(name, names)}")
        if name in _ONCE and name not in _LAST_COUNTS and len(params.getlist(name)) > 1:
            raise RefusedError(400, f"'{name}' is given more than once; give it once.")


def _foci(params: QueryParams) -> list[str]:
    foci = [one for one in params.getlist("focus") if one]
    if len(foci) > _MOST_FOCI:
        raise RefusedError(400, f"'focus' is given {len(foci)} times; {_MOST_FOCI} is the most.")
    return foci


def _ends(params: QueryParams, network: Network) -> tuple[str, ...]:
    ends = [one for one in params.getlist("path") if one]
    if ends and len(ends) != 2:
        raise RefusedError(400, "A path has two ends; give 'path' twice, from and to.")
    return tuple(end_of(network, one) for one in ends)


def end_of(network: Network, given: str) -> str:
    """One end of a path: a thing, or the patient.

    Raises:
        RefusedError: 404, the thing is not in the network.
    """
    return given if given == PROFILE else known(network, given)


def _wanted(params: QueryParams, network: Network) -> dict[str, tuple[str, ...]]:
    found = {}
    for name in ("type", *FILTERS):
        words = [word.removeprefix("ontology/") for word in params.getlist(name) if word]
        there = words_of(network.nodes.values(), name) if words else {}
        for word in words:
            if word not in there:
                near = closest(word, there)
                raise RefusedError(400, f"'{name}' has no value '{word[:80]}'; {near}")
        if words:
            found[name] = tuple(dict.fromkeys(words))
    return found


def words_of(nodes: Iterable[Node], name: str) -> dict[str, int]:
    """The values of a filter, each with how many of the things have it."""
    counts: dict[str, int] = {}
    for node in nodes:
        for word in (node.type,) if name == "type" else node.keys.get(name, ()):
            counts[word] = counts.get(word, 0) + 1
    return counts
