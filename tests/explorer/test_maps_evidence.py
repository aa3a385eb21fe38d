"""The gap map as page: every cell as the evidence map has it, filters, files, refusals."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from metalocal.answers import NOTICE
from metalocal.attributes import attributes_of, implications_of
from metalocal.commands.common import open_graph
from metalocal.endpoint.api.telling import Patients
from metalocal.evidence_map import EvidenceMap, evidence_map
from metalocal.evidence_map.data import as_csv
from metalocal.evidence_map.records import DIRECT, PRIMARY
from metalocal.evidence_map.words import sentence_of
from metalocal.explorer.maps.patients import patient_of
from metalocal.locations import locations
from tests.endpoint.conftest import Endpoint

PATH = "/maps/evidence"
_CELL = re.compile(r'cell=([a-z0-9_-]+)#cell" aria-label="([^"]*)"')


@pytest.fixture(scope="module")
def found() -> EvidenceMap:
    """The map over the same graph, gathered without a server."""
    return evidence_map(open_graph(None), locations().queries)


def cells_on(page: str) -> dict[str, str]:
    """Name of a cell to what it says."""
    return {name: unescape(said) for name, said in _CELL.findall(page)}


def test_every_cell_says_what_the_evidence_map_found(site: Endpoint, found: EvidenceMap) -> None:
    wanted = {
        f"{panel.question}-{cell.pattern.id}-{cell.subtype.id}": sentence_of(panel, cell)
        for panel in found.panels
        for cell in panel.cells
    }
    assert cells_on(site.client.get(PATH).text) == wanted


def test_a_question_shows_its_own_panel_only(site: Endpoint, found: EvidenceMap) -> None:
    shown = cells_on(site.client.get(PATH, params={"question": "palliation"}).text)
    panel = next(panel for panel in found.panels if panel.question == "palliation")
    assert len(shown) == len(panel.cells)
    assert all(name.startswith("palliation-") for name in shown)


def test_a_design_counts_studies_of_that_design_only(site: Endpoint, found: EvidenceMap) -> None:
    asked = {"question": "local_therapy_of_primary", "design": "randomised_controlled_trial"}
    said = cells_on(site.client.get(PATH, params=asked).text)
    cell = found.panels[0].cell("any_pattern", "any_subtype")
    trials = [e for e in cell.of(PRIMARY, DIRECT) if e.design == "randomised controlled trial"]
    assert f": {len(trials)} direct" in said["local_therapy_of_primary-any_pattern-any_subtype"]
    assert len(trials) < len(cell.of(PRIMARY, DIRECT))


def test_an_opened_cell_lists_each_of_its_studies_with_every_line_cited(
    site: Endpoint, found: EvidenceMap
) -> None:
    for panel in found.panels:
        cell = panel.cell("any_pattern", "hr_positive")
        page = site.client.get(
            PATH, params={"cell": f"{panel.question}-{cell.pattern.id}-{cell.subtype.id}"}
        ).text
        for entry in cell.entries:
            assert f'href="/id/{entry.study}"' in page
        for entry in cell.of(PRIMARY, DIRECT):
            for comparison in entry.comparisons:
                for source, line in (place.split(":") for place in comparison.sources):
                    assert f'href="/maps/source/{source}?line={line}"' in page


def test_what_the_link_to_ask_tells_of_a_patient_is_a_profile(site: Endpoint) -> None:
    name = "resection_of_metastases-bone_only-her2_positive"
    page = site.client.get(PATH, params={"cell": name}).text
    facts = unescape(re.search(r'href="/ask\?([^"]+)"', page)[1])  # type: ignore[index]
    assert "her2_status=positive" in facts
    assert "metastatic_sites_only=bone" in facts
    assert site.client.get(f"/api/queries/verdicts?{facts}").status_code == 200


def test_what_is_told_of_a_patient_holds_in_every_case_of_a_row(found: EvidenceMap) -> None:
    graph, queries = open_graph(None), locations().queries
    attributes = attributes_of(graph, queries)
    rows = {pattern.id: pattern for pattern in found.axes.patterns}
    solitary, visceral = (patient_of([rows[word]], attributes) for word in ("solitary", "visceral"))
    assert ("metastasis_count", "1") in solitary.facts
    assert solitary.untold == ()
    assert visceral.untold == ("visceral",)
    assert not any(name.startswith("metastatic_sites") for name, _ in visceral.facts)


def test_every_patient_of_the_map_can_be_told(found: EvidenceMap) -> None:
    graph, queries = open_graph(None), locations().queries
    patients = Patients(attributes_of(graph, queries), tuple(implications_of(graph, queries)))
    many = {slot.name: slot.many for slot in patients.url_slots()}
    for pattern in found.axes.patterns:
        for subtype in found.axes.subtypes:
            told: dict[str, object] = {}
            for name, word in patient_of((pattern, subtype), patients.attributes).facts:
                told[name] = [*told.get(name, []), word] if many[name] else word  # type: ignore[misc]
            profile = patients.profile(told, in_url=True)
            assert bool(profile.facts or profile.numbers) == bool(told)


def test_the_table_holds_the_cells_as_the_command_writes_them(
    site: Endpoint, found: EvidenceMap
) -> None:
    answer = site.client.get(f"{PATH}.csv")
    assert answer.text == as_csv(found)
    assert "metalocal-evidence-map-" in answer.headers["content-disposition"]
    assert site.client.get(f"{PATH}.studies.csv").text == as_csv(found, studies=True)


def test_a_file_follows_the_filters(site: Endpoint) -> None:
    asked = {"question": "palliation", "design": "case_series"}
    held = json.loads(site.client.get(f"{PATH}.json", params=asked).text)
    assert [one["question"] for one in held["questions"]] == ["palliation"]
    studies = [s for cell in held["questions"][0]["cells"] for s in cell["studies"]]
    assert {study["design"] for study in studies} <= {"case series"}
    assert held["notice"] == NOTICE
    assert site.client.get(f"{PATH}.svg", params=asked).text.startswith("<svg")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"question": "paliation"}, "palliation"),
        ({"design": "case_serie"}, "case_series"),
        ({"cell": "palliation-bone-nobody"}, "palliation-bone-"),
        ({"questoin": "palliation"}, "did you mean question"),
        ({"question": "palliation", "cell": "ablation_of_metastases-bone-hr_positive"}, "leave"),
    ],
)
def test_a_filter_that_is_not_known_is_refused_with_words_like_it(
    site: Endpoint, asked: dict[str, str], said: str
) -> None:
    answer = site.client.get(PATH, params=asked)
    assert answer.status_code == 400
    assert said in answer.text


def test_a_filter_given_twice_is_refused(site: Endpoint) -> None:
    answer = site.client.get(f"{PATH}?question=palliation&question=palliation")
    assert answer.status_code == 400
    assert "twice" in answer.text


def test_a_form_that_leaves_a_filter_empty_shows_all(site: Endpoint) -> None:
    assert len(cells_on(site.client.get(f"{PATH}?question=&design=").text)) == len(
        cells_on(site.client.get(PATH).text)
    )


@pytest.mark.parametrize("path", ["/maps", PATH, "/maps/time", "/maps/audit", "/maps/overlap"])
def test_no_map_carries_a_style_of_its_own_and_each_has_the_notice(
    site: Endpoint, path: str
) -> None:
    page = site.client.get(path).text
    assert " style=" not in page
    assert NOTICE in page


def test_the_list_of_maps_leads_to_maps_that_are_there(site: Endpoint) -> None:
    page = site.client.get("/maps").text
    paths = re.findall(r'class="map-card" href="([^"]+)"', page)
    pictures = re.findall(r'<img src="([^"]+)"', page)
    assert len(paths) == len(pictures) == 5
    assert {site.client.get(path).status_code for path in (*paths, *pictures)} == {200}
