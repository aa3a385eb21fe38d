"""Queries and the servers that run -> what to ask each of them, its answers found right before."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from compatibility import PROFILE, compared
from compatibility_engines import Server
from endpoint import PREFIXES, QUERIES
from throughput_wrk import Load

from metalocal.answers import Library, answer
from metalocal.catalogue import find_query
from metalocal.endpoint.patients import ExamplePatient, example_patients
from metalocal.graph import LocalGraph, Table, table_of
from metalocal.locations import locations
from metalocal.profiles import Profile, profile_of
from metalocal.render.data import as_json

LOOKUP = (
    "SELECT ?population ?label { <https://w3id.org/metalocal/id/study/e2108> "
    "ml:hasPopulation ?population . ?population rdfs:label ?label } ORDER BY ?population"
)
VERDICTS, MIX, ANSWER = "verdicts of a profile", "mix", "/api/answer"
NAMES = ("lookup", "studies by design", "survival ratios", VERDICTS, MIX, ANSWER)
_FORM = "application/x-www-form-urlencoded"
_RESULTS = "application/sparql-results+json"
_ASK_SECONDS = 120


class UnfitError(Exception):
    """A server's answer is not the one expected; the message says in what."""


@dataclass(frozen=True)
class Asked:
    """By query and server, what to ask; in words, why a server is not asked a query."""

    loads: Mapping[str, Mapping[str, Load]]
    unfit: Mapping[tuple[str, str], str]


class Questions:
    """What is asked, and the right answers, from the engine in this process over the same graph."""

    def __init__(self, file: Path) -> None:
        self._graph = LocalGraph(file)
        self._library = Library(self._graph, locations().queries)
        self._patient = _patient()

    def sparql(self) -> dict[str, str]:
        """The queries by name, from a tenth of a millisecond to thirty."""
        verdicts = find_query(locations().queries, "verdicts").bound(self._profile().rows())
        found = {"lookup": PREFIXES + LOOKUP}
        found |= {
            name: PREFIXES + QUERIES[name] for name in ("studies by design", "survival ratios")
        }
        return found | {VERDICTS: verdicts}

    def sparql_load(self, text: str, server: Server) -> Load:
        """A query as a server is to be asked it.

        Raises:
            UnfitError: its answer has other rows than the engine's, or rows in another order.
        """
        load = load_of(server.url, _FORM, urlencode({"query": text}).encode(), _RESULTS)
        state, told = compared(self._graph.select(text), _table(load.answers[0]), text)
        if state != "same":
            raise UnfitError(f"{state}: {told}")
        return load

    def answer_load(self, server: Server) -> Load:
        """A patient's answer as JSON, as metalocal is to be asked it.

        Raises:
            UnfitError: the answer is not the one made in this process.
        """
        url = server.url.removesuffix("/sparql") + ANSWER
        given = json.dumps(self._patient.given).encode()
        load = load_of(url, "application/json", given, "application/json")
        if _facts(load.answers[0]) != _facts(as_json(answer(self._profile(), self._library))):
            raise UnfitError("different: the answer is not the one made in process")
        return load

    def _profile(self) -> Profile:
        return profile_of(self._patient.given, self._library.attributes, self._library.rules)


def asked_of(
    running: Mapping[str, Server], answering: Collection[str], questions: Questions
) -> Asked:
    """What the servers answer rightly, and so will be asked; `answering` are those of ours."""
    loads: dict[str, dict[str, Load]] = {name: {} for name in NAMES}
    unfit: dict[tuple[str, str], str] = {}
    for name, server in running.items():
        for query, text in questions.sparql().items():
            try:
                loads[query][name] = questions.sparql_load(text, server)
            except (UnfitError, OSError, http.client.HTTPException) as error:
                unfit[query, name] = str(error) or type(error).__name__
        mixed = [loads[query][name] for query in NAMES if name in loads[query]]
        if (MIX, name) not in unfit and len(mixed) == len(questions.sparql()):
            loads[MIX][name] = mix_of(mixed)
        if name in answering:
            loads[ANSWER][name] = questions.answer_load(server)
    return Asked(loads, unfit)


def mix_of(loads: Collection[Load]) -> Load:
    """Several loads asked in turn, as one."""
    requests = tuple(request for load in loads for request in load.requests)
    answers = tuple(answer for load in loads for answer in load.answers)
    return Load(requests, answers, max(load.seconds for load in loads))


def _patient() -> ExamplePatient:
    folder = locations().data / "profiles"
    return next(one for one in example_patients(folder) if one.name == PROFILE)


def load_of(url: str, content_type: str, body: bytes, accept: str) -> Load:
    """A request by POST, and what it is answered with, twice the same.

    Raises:
        UnfitError: the answer is a refusal, or another one the second time.
    """
    parts = urlsplit(url)
    headers = {"Content-Type": content_type, "Accept": accept, "Content-Length": str(len(body))}
    first = _posted(parts.netloc, parts.path, body, headers)
    began = time.perf_counter()
    second = _posted(parts.netloc, parts.path, body, headers)
    seconds = time.perf_counter() - began
    if first != second:
        raise UnfitError("different: the same request is answered in two ways")
    lines = [f"POST {parts.path} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return Load(("\r\n".join([*lines, "", ""]).encode("ascii") + body,), (first,), seconds)


def _posted(address: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    connection = http.client.HTTPConnection(address, timeout=_ASK_SECONDS)
    try:
        connection.request("POST", path, body, dict(headers))
        reply = connection.getresponse()
        found = reply.read()
    finally:
        connection.close()
    if reply.status != 200:
        said = " ".join(found[:200].decode("utf-8", "replace").split())
        raise UnfitError(f"refused: {reply.status} {said}")
    return found


def _table(body: bytes) -> Table:
    try:
        return table_of(json.loads(body))
    except (ValueError, KeyError, TypeError) as error:
        raise UnfitError("different: the answer is no JSON of SPARQL results") from error


def _facts(text: str | bytes) -> dict[str, object]:
    """An answer without the words on what made it."""
    found: dict[str, object] = json.loads(text)
    return {name: value for name, value in found.items() if name != "generator"}
