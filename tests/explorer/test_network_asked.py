"""Views in query strings, paths and walks over a little network, and how the network is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import networkx as nx
import pytest
from starlette.datastructures import QueryParams

from metalocal.endpoint import Limits
from metalocal.endpoint.api.telling import Patients
from metalocal.endpoint.refusal import RefusedError
from metalocal.explorer.network.asked import asked_of
from metalocal.explorer.network.holding import Held, Holding
from metalocal.explorer.network.nearby import joined, kept, within
from metalocal.explorer.network.paths import Patient, evidence_paths
from metalocal.explorer.network.records import PROFILE, Network, Node
from metalocal.explorer.network.regions import placed
from metalocal.explorer.network.views import picture_asked

NOBODY = Patients({}, ())


def network(types: dict[str, str], *relations: tuple[str, str, str]) -> Network:
    """A network of things of some types; labels are ids in capitals."""
    nodes = {one: Node(one, one.upper(), kind, kind.lower()) for one, kind in types.items()}
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(nodes)
    for source, relation, target in relations:
        graph.add_edge(source, target, relation)
    words = {relation: relation for _, relation, _ in relations}
    return Network(nodes, graph, words, {kind: kind.lower() for kind in types.values()})


@pytest.fixture
def trials() -> Network:
    """Two trials: both completed, both with an estimate of survival."""
    return network(
        {
            "id/study/a": "Study",
            "id/study/a/estimate/1": "Estimate",
            "id/study/b": "Study",
            "id/study/b/estimate/1": "Estimate",
            "ontology/survival": "Outcome",
            "ontology/completed": "StudyStatus",
        },
        ("id/study/a", "hasEstimate", "id/study/a/estimate/1"),
        ("id/study/b", "hasEstimate", "id/study/b/estimate/1"),
        ("id/study/a/estimate/1", "outcome", "ontology/survival"),
        ("id/study/b/estimate/1", "outcome", "ontology/survival"),
        ("id/study/a", "studyStatus", "ontology/completed"),
        ("id/study/b", "studyStatus", "ontology/completed"),
    )


@pytest.mark.parametrize(
    "query",
    [
        "focus=id/study/a&focus=id/study/b&depth=2&limit=50&type=Study&type=Estimate",
        "path=id/study/a&path=id/study/b",
        "study=id/study/a&search=some+text",
        "all=1&limit=2000&expand=id/study/a%7ChasArm%7Cout&pin=id/study/a,1,2&removed=id/study/b",
        "",
    ],
)
def test_a_view_written_as_query_string_is_the_same_view(trials: Network, query: str) -> None:
    asked = asked_of(QueryParams(query), trials, NOBODY)
    assert asked_of(QueryParams(asked.query_string), trials, NOBODY) == asked
    assert QueryParams(asked.query_string) == QueryParams(query)


@pytest.mark.parametrize(
    "given", ["id/study/a", "/id/study/a", "https://w3id.org/metalocal/id/study/a"]
)
def test_a_thing_may_be_named_by_id_path_or_iri(trials: Network, given: str) -> None:
    assert asked_of(QueryParams({"focus": given}), trials, NOBODY).focus == ("id/study/a",)


def test_a_thing_that_is_not_there_is_refused_with_its_neighbours(trials: Network) -> None:
    with pytest.raises(RefusedError, match=r"'id/study/aa'. Under id/study/: .*a") as refused:
        asked_of(QueryParams({"focus": "id/study/aa"}), trials, NOBODY)
    assert refused.value.status == 404


def test_two_trials_meet_in_an_outcome_and_not_in_being_completed(trials: Network) -> None:
    picture = evidence_paths(trials, "id/study/a", "id/study/b")
    assert picture is not None
    assert picture.more["steps"] == [
        [
            "id/study/a",
            "id/study/a/estimate/1",
            "ontology/survival",
            "id/study/b/estimate/1",
            "id/study/b",
        ]
    ]
    assert picture.more["words"][0][0] == "ID/STUDY/A hasEstimate ID/STUDY/A/ESTIMATE/1"


def test_what_everything_shares_can_still_be_an_end_of_a_path(trials: Network) -> None:
    picture = evidence_paths(trials, "id/study/a", "ontology/completed")
    assert picture is not None
    assert picture.more["steps"][0] == ["id/study/a", "ontology/completed"]


def test_a_picture_is_kept_for_the_next_who_asks_but_none_with_facts_of_a_patient(
    trials: Network,
) -> None:
    held = Held(trials, None, NOBODY)  # type: ignore[arg-type]
    asked = asked_of(QueryParams("path=id/study/a&path=id/study/b"), trials, NOBODY)
    told = replace(asked, facts=(("hr_status", "positive"),))
    assert picture_asked(held, told) is not picture_asked(held, told)
    assert held.pictures == {}
    assert picture_asked(held, asked) is picture_asked(held, asked)


def test_only_the_last_few_pictures_are_kept(trials: Network) -> None:
    held = Held(trials, None, NOBODY)  # type: ignore[arg-type]
    for limit in range(10, 30):
        picture_asked(held, asked_of(QueryParams(f"all=1&limit={limit}"), trials, NOBODY))
    assert [name.partition("limit=")[2] for name in held.pictures] == [
        str(limit) for limit in range(22, 30)
    ]


def test_where_nothing_joins_two_things_there_is_no_path(trials: Network) -> None:
    apart = network({"id/study/a": "Study", "id/study/b": "Study"})
    assert evidence_paths(apart, "id/study/a", "id/study/b") is None


def test_a_patient_is_joined_only_to_groups_that_include_her(trials: Network) -> None:
    verdicts = {"id/study/a": "indeterminate", "id/study/b": "excluded"}
    assert evidence_paths(trials, PROFILE, "id/study/a", Patient("", verdicts)) is None
    including = Patient("", verdicts | {"id/study/b": "included"})
    picture = evidence_paths(trials, PROFILE, "id/study/a", including)
    assert picture is not None
    assert picture.more["steps"][0][:2] == [PROFILE, "id/study/b"]
    assert PROFILE not in trials.ways


def test_a_walk_does_not_go_on_from_what_everything_shares(trials: Network) -> None:
    assert "id/study/b" not in within(trials, ["id/study/a"], 2)
    assert "id/study/b" in within(trials, ["id/study/a"], 4)
    assert "id/study/b" in within(trials, ["ontology/completed"], 1)


def test_a_filter_spares_what_it_does_not_apply_to() -> None:
    estimate = Node("e", "", "Estimate", "", keys={"level": ("unknown",)})
    outcome = Node("o", "", "Outcome", "")
    assert not kept(estimate, {"level": ("2",)})
    assert kept(estimate, {"level": ("2", "unknown")})
    assert kept(outcome, {"level": ("2",)})
    assert not kept(outcome, {"type": ("Estimate",)})


def test_of_words_those_stay_that_something_filtered_for_leads_to(trials: Network) -> None:
    told = Node("id/study/a", "", "Study", "", keys={"question": ("q",)})
    here = Network(trials.nodes | {"id/study/a": told}, trials.graph, {}, {})
    found = joined(
        here, ["id/study/a", "ontology/survival", "ontology/completed"], {"question": ("q",)}
    )
    assert found == ["id/study/a", "ontology/completed"]


def test_parts_stand_about_their_study(trials: Network) -> None:
    at = {node.id: node.at for node in placed(trials, list(trials.nodes))}
    assert None not in at.values()
    assert _apart(at, "id/study/a", "id/study/a/estimate/1") < _apart(
        at, "id/study/a", "id/study/b"
    )


def _apart(at: dict[str, Any], one: str, other: str) -> float:
    return float(abs(complex(*at[one]) - complex(*at[other])))


class Reading(Holding):
    """A holding whose readings end when a test says so."""

    def __init__(self, pool: Any) -> None:
        super().__init__(SimpleNamespace(pool=pool, limits=Limits()), Path())  # type: ignore[arg-type]
        self.begun: list[asyncio.Future[Held]] = []

    async def _read(self) -> Held:
        self.begun.append(asyncio.get_running_loop().create_future())
        return await self.begun[-1]


async def _waiting(holding: Reading) -> asyncio.Task[Held]:
    task = asyncio.create_task(holding.held())
    for _ in range(3):
        await asyncio.sleep(0)
    return task


def test_a_graph_is_read_once_for_all_who_ask_and_goes_on_when_one_leaves() -> None:
    async def ask() -> None:
        holding = Reading(SimpleNamespace(loaded="first"))
        leaving, staying = await _waiting(holding), await _waiting(holding)
        leaving.cancel()
        await asyncio.sleep(0)
        holding.begun[0].set_result("held")  # type: ignore[arg-type]
        assert (await staying, len(holding.begun)) == ("held", 1)

    asyncio.run(ask())


def test_another_graph_is_read_anew() -> None:
    async def ask() -> None:
        pool = SimpleNamespace(loaded="first")
        holding = Reading(pool)
        first = await _waiting(holding)
        pool.loaded = "second"
        second = await _waiting(holding)
        for number, future in enumerate(holding.begun):
            future.set_result(number)  # type: ignore[arg-type]
        assert (await first, await second) == (0, 1)

    asyncio.run(ask())


def test_a_reading_that_failed_is_begun_again() -> None:
    async def ask() -> None:
        holding = Reading(SimpleNamespace(loaded="first"))
        failing = await _waiting(holding)
        holding.begun[0].set_exception(RefusedError(503, "not now"))
        with pytest.raises(RefusedError):
            await failing
        again = await _waiting(holding)
        holding.begun[1].set_result("held")  # type: ignore[arg-type]
        assert await again == "held"

    asyncio.run(ask())
