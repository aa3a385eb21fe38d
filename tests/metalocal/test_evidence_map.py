"""The evidence gap map: who is direct for a cell, what is a gap, what each form shows."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_builder.attributes import Attribute, Implication
from graph_builder.problems import ProblemsFoundError
from metalocal.attributes import local_name
from metalocal.catalogue import find_query
from metalocal.context import PREFIXES
from metalocal.evidence_map import Axes, Cell, EvidenceMap, evidence_map, read_axes
from metalocal.evidence_map.axes import case_of
from metalocal.evidence_map.data import as_csv, as_json
from metalocal.evidence_map.page import as_html
from metalocal.evidence_map.picture import as_svg
from metalocal.evidence_map.records import DIRECTIONS, ONGOING, PRIMARY, STATE_UNKNOWN
from metalocal.evidence_map.text import as_text
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.profiles import Profile

QUERIES = locations().queries
ROOT = Path(__file__).parents[2]
NOTICE = "metalocal informs; it does not advise."
PRIMARY_TUMOUR, OLIGOPROGRESSION = "local_therapy_of_primary", "local_therapy_of_oligoprogression"
HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())

SITES = (
    "bone", "lung", "liver", "brain", "distant_lymph_node", "pleura", "adrenal",
    "skin_soft_tissue", "ovary", "peritoneum", "another_site",
)  # fmt: skip
HR_POSITIVE = ("ml:accepts ml:hr_status-positive",)
HER2_NOT_POSITIVE = ("ml:rejects ml:her2_status-positive",)
ANYONE = ("ml:hasBound [ ml:onAttribute ml:metastasis_count ; ml:atLeast 1 ]",)


def only(*sites: str) -> tuple[str, ...]:
    wanted = " , ".join(f"ml:metastatic_sites-{site}" for site in sites)
    others = (f"ml:rejects ml:metastatic_sites-{site}" for site in SITES if site not in sites)
    return (f"ml:accepts {wanted}", *others)


def site(name: str) -> tuple[str, ...]:
    return (f"ml:accepts ml:metastatic_sites-{name}",)


def count(**bounds: int) -> tuple[str, ...]:
    sides = {"min": "atLeast", "max": "atMost"}
    return tuple(
        f"ml:hasBound [ ml:onAttribute ml:metastasis_count ; ml:{sides[side]} {limit} ]"
        for side, limit in bounds.items()
    )


def population(
    name: str,
    *clauses: str,
    found: Sequence[str] = ("no_difference_shown",),
    status: str = "whole_study",
    cancers: str = "breast_cancer_only",
    within: str = "",
) -> str:
    """A population of the invented study @; `found` holds the directions of its comparisons."""
    own = f"mlid:{name}"
    parts = [
        f'@ ml:hasPopulation {own} . {own} ml:shortLabel "{name}" ;'
        f" ml:populationStatus ml:{status} ; ml:cancerMix ml:{cancers} ."
    ]
    parts += [f"{own} ml:within mlid:{within} ."] if within else []
    parts += [f"{own} ml:hasCriterion [ ml:hasClause [ {clause} ] ] ." for clause in clauses]
    for number, direction in enumerate(found):
        parts.append(
            f"@ ml:hasEstimate {own}-{number} . {own}-{number} ml:population {own} ;"
            " ml:outcome ml:overall_survival ; ml:arm mlid:one ; ml:versus mlid:two ;"
            f" ml:hasReport [ ml:reportedIn mlid:source\\/invented ; ml:line {number + 1} ;"
            f' ml:printedValue "1" ; ml:effectDirection ml:{direction} ] .'
        )
    return "\n".join(parts)


def study(
    name: str,
    *populations: str,
    design: str = "retrospective_cohort",
    status: str = "completed",
    question: str = PRIMARY_TUMOUR,
) -> str:
    head = (
        f'@ a ml:Study ; rdfs:label "{name}" ; ml:design ml:{design} ;'
        f" ml:studyStatus ml:{status} ; ml:question ml:{question} ."
    )
    return "\n".join((head, *populations)).replace("@", f"mlid:study\\/{name}")


@pytest.fixture
def mapped(tmp_path: Path, graph: LocalGraph) -> Callable[..., EvidenceMap]:
    """The map over invented studies and the ontology as it is."""
    ontology = ox.NamedNode(f"{PREFIXES['mlid']}graph/ontology")
    codes = ox.serialize(
        graph.store.quads_for_pattern(None, None, None, ontology), format=ox.RdfFormat.N_QUADS
    )

    def build(*studies: str) -> EvidenceMap:
        arms = (
            'mlid:one ml:shortLabel "surgery" ; ml:armRole ml:intervention ;'
            " ml:hasIntervention ml:primary_tumour_surgery ."
            ' mlid:two ml:shortLabel "drugs" ; ml:armRole ml:comparator ;'
            " ml:hasIntervention ml:systemic_therapy ."
        )
        quads = ox.parse("\n".join((HEADER, arms, *studies)), format=ox.RdfFormat.TURTLE)
        file = tmp_path / "graph.nq"
        file.write_bytes((codes or b"") + (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""))
        return evidence_map(LocalGraph(file), QUERIES)

    return build


@pytest.fixture(scope="module")
def real(graph: LocalGraph) -> EvidenceMap:
    return evidence_map(graph, QUERIES)


def cell(
    found: EvidenceMap, pattern: str, subtype: str = "any_subtype", question: str = PRIMARY_TUMOUR
) -> Cell:
    return next(p for p in found.panels if p.question == question).cell(pattern, subtype)


def relations(found: Cell) -> dict[str, str]:
    return {entry.label: entry.relation for entry in found.entries}


def labels(found: Cell) -> set[str]:
    return {entry.label for entry in found.direct}


def test_a_population_is_direct_for_a_subtype_when_its_criteria_exclude_all_others(
    mapped: Callable[..., EvidenceMap],
) -> None:
    found = mapped(
        study("luminal", population("a", *HR_POSITIVE, *HER2_NOT_POSITIVE)),
        study("receptor", population("b", *HR_POSITIVE)),
        study("silent", population("c", *site("liver"))),
    )
    narrow = relations(cell(found, "any_pattern", "hr_positive_her2_negative"))
    assert narrow == {"luminal": "direct", "receptor": "wider", "silent": "not stated"}
    assert labels(cell(found, "any_pattern", "hr_positive")) == {"luminal", "receptor"}
    assert relations(cell(found, "any_pattern", "triple_negative")) == {"silent": "not stated"}


def test_what_a_population_does_not_say_is_never_taken_for_all_or_none(
    mapped: Callable[..., EvidenceMap],
) -> None:
    found = mapped(study("anyone", population("a", *ANYONE)))
    for pattern in ("solitary", "oligometastatic", "polymetastatic", "bone_only", "liver"):
        assert relations(cell(found, pattern)) == {"anyone": "not stated"}
        assert cell(found, pattern).gap == "thin"
    assert labels(cell(found, "any_pattern")) == {"anyone"}


def test_a_study_direct_for_pattern_but_silent_on_subtype_is_not_direct_for_both(
    mapped: Callable[..., EvidenceMap],
) -> None:
    found = mapped(study("bone", population("a", *only("bone"))))
    assert relations(cell(found, "bone_only")) == {"bone": "direct"}
    assert relations(cell(found, "bone_only", "her2_positive")) == {"bone": "not stated"}


def test_limits_within_overlapping_and_apart_are_told_apart(
    mapped: Callable[..., EvidenceMap],
) -> None:
    found = mapped(
        study("few", population("a", *count(min=1, max=3))),
        study("some", population("b", *count(min=4, max=10))),
        study("many", population("c", *count(min=6))),
    )
    assert relations(cell(found, "oligometastatic")) == {"few": "direct", "some": "partly"}
    assert relations(cell(found, "polymetastatic")) == {"many": "direct", "some": "partly"}
    assert relations(cell(found, "solitary")) == {"few": "wider"}


def test_sites_and_counts_tell_of_each_other(mapped: Callable[..., EvidenceMap]) -> None:
    found = mapped(
        study("bone", population("a", *only("bone"))),
        study("both", population("b", *site("bone"), *site("liver"))),
        study("one", population("c", *count(max=1))),
    )
    assert relations(cell(found, "several_organs")) == {"both": "direct"}
    assert relations(cell(found, "solitary")) == {"one": "direct", "bone": "partly"}
    assert relations(cell(found, "liver")) == {"both": "direct", "one": "partly"}
    assert labels(cell(found, "visceral")) == {"both"}


def test_a_population_that_asks_for_more_than_the_pattern_takes_it_only_in_part(
    mapped: Callable[..., EvidenceMap],
) -> None:
    found = mapped(
        study("inside", population("a", *only("liver", "lung"))),
        study("luminal", population("b", *HR_POSITIVE)),
    )
    assert relations(cell(found, "liver"))["inside"] == "partly"
    assert relations(cell(found, "any_pattern", "her2_positive"))["luminal"] == "partly"


def test_a_study_that_also_takes_other_cancers_is_never_direct(
    mapped: Callable[..., EvidenceMap],
) -> None:
    found = mapped(study("mixed", population("a", *only("bone"), cancers="mixed_cancers")))
    assert relations(cell(found, "bone_only")) == {"mixed": "wider"}


def test_only_a_cell_that_every_study_with_results_excludes_is_an_absolute_gap(
    mapped: Callable[..., EvidenceMap],
) -> None:
    found = mapped(
        study("bone", population("a", *only("bone"))),
        study("planned", population("b", *site("liver"), found=()), status="recruiting"),
    )
    liver = cell(found, "liver")
    assert liver.gap == "absolute gap"
    assert [entry.label for entry in liver.of(ONGOING)] == ["planned"]


def test_an_unknown_state_is_not_counted_as_ongoing(mapped: Callable[..., EvidenceMap]) -> None:
    found = mapped(
        study("listed", population("a", *only("bone"), found=()), status="status_unknown")
    )
    bone = cell(found, "bone_only")
    assert (len(bone.of(ONGOING)), len(bone.of(STATE_UNKNOWN))) == (0, 1)
    assert bone.gap == "absolute gap"


def test_a_synthesis_closes_the_gap_only_by_results_of_just_such_patients(
    mapped: Callable[..., EvidenceMap],
) -> None:
    series = study("series", population("a", *only("bone")))
    wide = study("wide", population("b", *ANYONE), design="meta_analysis")
    narrow = study("narrow", population("c", *only("bone")), design="systematic_review")
    assert cell(mapped(series, wide), "bone_only").gap == "synthesis gap"
    assert cell(mapped(series, wide, narrow), "bone_only").gap == "synthesised"
    assert cell(mapped(wide), "bone_only").gap == "thin"


def test_a_subgroup_adds_nothing_that_the_whole_has_said(
    mapped: Callable[..., EvidenceMap],
) -> None:
    whole = population("a", *only("bone"), found=("favours_intervention",))
    old = population("b", *only("bone"), within="a", status="unplanned_subgroup")
    bone = cell(mapped(study("trial", whole, old)), "bone_only")
    assert {d: n for d, n in bone.mix.items() if n} == {"favours intervention": 1}
    matched = population("b", *only("bone"), within="a", status="matched_subset")
    bone = cell(mapped(study("cohort", whole, matched)), "bone_only")
    assert {d: n for d, n in bone.mix.items() if n} == {"mixed": 1}


def test_by_hand_surgery_of_the_primary_in_bone_only_disease(real: EvidenceMap) -> None:
    """Four studies have results of a population with bone metastases only.

    MF07-01 (its solitary bone subgroup), BOMET (all of it), Rapiti 2006 and Wang 2019 (subgroups).
    Cady 2008, Shien 2009 and Xiong 2018 tell of bone metastases without ruling others out. Three
    found longer overall survival; Rapiti tells of death of breast cancer, another family.
    """
    found = cell(real, "bone_only")
    assert labels(found) == {"MF07-01", "BOMET MF14-01", "Rapiti 2006", "Wang 2019 (SEER)"}
    assert {d: n for d, n in found.mix.items() if n} == {"favours intervention": 3}
    assert {"Cady 2008", "Shien 2009", "Xiong 2018"} <= {entry.label for entry in found.indirect}
    assert found.gap == "synthesis gap"
    assert found.best_level == 2


def test_by_hand_ablation_in_oligometastatic_disease(real: EvidenceMap) -> None:
    """Six breast cancer populations with results are limited to five metastases or fewer.

    NRG-BR002 (below 5), Cha (2), Chalkidou's breast cancers (3), David (3), Milano's breast
    cancers (5), Trovo (below 6). SABR-COMET is limited to 5, too, but takes other cancers. Of the
    ongoing trials, CLEAR, OLIGOMA and STEREO-SEIN take breast cancer only.
    """
    found = cell(real, "oligometastatic", question="ablation_of_metastases")
    names = {"NRG-BR002", "Cha 2020", "Chalkidou 2021", "David 2020", "Milano 2012", "Trovo 2018"}
    assert labels(found) == names
    assert [entry.label for entry in found.of(PRIMARY, "wider")] == ["SABR-COMET"]
    ongoing = {entry.label for entry in found.of(ONGOING, "direct")}
    assert ongoing == {"CLEAR", "OLIGOMA", "STEREO-SEIN"}


def test_by_hand_oligoprogression_by_subtype(real: EvidenceMap) -> None:
    """AVATAR alone asks for HR+/HER2−; CURB, Nicosia and the cohorts do not restrict subtype.

    Tan's subgroups by subtype and by oligoprogression have no results of their own.
    """
    pattern, question = "oligoprogression", OLIGOPROGRESSION
    luminal = cell(real, pattern, "hr_positive_her2_negative", question)
    assert labels(luminal) == {"AVATAR"}
    every = cell(real, pattern, question=question)
    assert labels(every) == {"AVATAR", "CURB", "Nicosia 2022"}
    for subtype in ("her2_positive", "triple_negative"):
        assert cell(real, pattern, subtype, question).gap == "thin"


@pytest.mark.parametrize("subtype", ["hr_positive_her2_negative", "triple_negative"])
def test_the_map_excludes_just_whom_the_query_verdicts_excludes(
    subtype: str, real: EvidenceMap, graph: LocalGraph, profile: Callable[..., Profile]
) -> None:
    patient = profile(metastatic_sites={"only": ["bone"]}, subtype=subtype)
    rows = graph.select(find_query(QUERIES, "verdicts").bound(patient.rows())).texts()
    told = find_query(QUERIES, "evidence-map-results")
    with_results = {row["population"] for row in graph.select(told.text).texts()}
    possible = {
        local_name(row["owner"])
        for row in rows
        if row["verdict"] != "excluded" and row["group"] in with_results
    }
    for panel in real.panels:
        found = panel.cell("bone_only", subtype)
        everybody = panel.cell("any_pattern", "any_subtype").of(PRIMARY)
        expected = {e.study for e in everybody if local_name(e.study) in possible}
        assert {entry.study for entry in found.of(PRIMARY)} == expected


def test_a_case_is_completed_by_what_follows_from_it(
    attributes: dict[str, Attribute], rules: list[Implication]
) -> None:
    one = case_of({"metastasis_count": {"min": 1, "max": 1}}, attributes, rules)
    assert one.limits["metastatic_organ_count"] == (1, 1)
    assert one.limits["brain_metastasis_count"][1] == 1
    two = case_of({"metastatic_sites": {"present": ["bone", "liver"]}}, attributes, rules)
    assert two.limits["metastasis_count"][0] == 2
    luminal = case_of({"subtype": "hr_positive_her2_negative"}, attributes, rules)
    assert luminal.facts["hr_status-positive"]
    assert not luminal.facts["her2_status-positive"]


def test_axes_that_name_no_attribute_are_refused_in_words(
    attributes: dict[str, Attribute], rules: list[Implication]
) -> None:
    text = (
        "subtype: [{id: a, label: a, definition: A., inside: [{her3_status: low}]}]\npattern: []\n"
    )
    with pytest.raises(ProblemsFoundError, match="her3_status is not known"):
        read_axes(text, "axes.yaml", attributes, rules)


def test_every_value_of_the_axes_but_the_margins_has_cases_on_both_sides(real: EvidenceMap) -> None:
    axes: Axes = real.axes
    margins = [v.id for v in (*axes.subtypes, *axes.patterns) if v.takes_everybody]
    assert margins == ["any_subtype", "any_pattern"]
    for value in (*axes.subtypes, *axes.patterns):
        assert bool(value.inside) == bool(value.outside)
        assert value.definition.endswith(".")


def test_each_question_has_one_panel(real: EvidenceMap) -> None:
    questions = [panel.question for panel in real.panels]
    assert len(questions) == len(set(questions)) > 1


def test_csv_has_a_row_for_each_cell_and_its_numbers_add_up_with_the_studies(
    real: EvidenceMap,
) -> None:
    cells = list(csv.DictReader(io.StringIO(as_csv(real))))
    studies = list(csv.DictReader(io.StringIO(as_csv(real, studies=True))))
    assert len(cells) == sum(len(panel.cells) for panel in real.panels)
    for row in cells:
        key = [row[name] for name in ("question", "pattern", "subtype")]
        mine = [s for s in studies if [s["question"], s["pattern"], s["subtype"]] == key]
        direct = [s for s in mine if (s["role"], s["relation"]) == ("primary study", "direct")]
        assert int(row["direct_studies"]) == len(direct)
        assert all(s["sources"] for s in direct)


def test_json_tells_gap_counts_and_studies_of_each_cell(real: EvidenceMap) -> None:
    told = json.loads(as_json(real, NOTICE))
    assert told["notice"] == NOTICE
    (question,) = [q for q in told["questions"] if q["question"] == PRIMARY_TUMOUR]
    key = ("bone_only", "triple_negative")
    (found,) = [c for c in question["cells"] if (c["pattern"], c["subtype"]) == key]
    assert found["gap"] == "synthesis gap"
    assert set(found["directions"]) == set(DIRECTIONS)
    assert found["studies"][0]["label"] == "BOMET MF14-01"


def test_svg_is_well_formed_described_and_prints_each_number(real: EvidenceMap) -> None:
    root = ET.fromstring(as_svg(real, NOTICE))
    space = "{http://www.w3.org/2000/svg}"
    assert NOTICE in (root.findtext(f"{space}desc") or "")
    titles = [title.text or "" for title in root.iter(f"{space}title")]
    tiles = [title for title in titles if " direct and " in title]
    assert len(tiles) == sum(len(panel.cells) for panel in real.panels)
    bold = [text.text for text in root.iter(f"{space}text") if text.get("font-size") == "17"]
    assert bold == [str(len(c.direct)) for panel in real.panels for c in panel.cells]


def test_html_opens_the_studies_of_each_cell_and_fetches_nothing(real: EvidenceMap) -> None:
    text = as_html(real, NOTICE)
    assert text.count("<details") == sum(len(panel.cells) for panel in real.panels)
    assert NOTICE in text
    assert not re.search(r"(src|href)=|@import|url\(", text)
    (bone,) = re.findall(
        rf"id='{PRIMARY_TUMOUR}-bone_only-any_subtype'>.*?</details>", text, re.DOTALL
    )
    assert "Rapiti 2006" in bone
    assert "{liu-2023:102}" in bone


def test_text_shows_all_questions_and_the_notice(real: EvidenceMap) -> None:
    text = as_text(real, NOTICE)
    assert all(panel.label in text for panel in real.panels)
    assert text.rstrip().endswith(NOTICE)


def test_what_is_wrong_with_the_command_is_told_in_words() -> None:
    for given, words in (
        (["--format", "pdf"], "format pdf is not known"),
        (["--question", "palliaton"], "did you mean palliation"),
        (["--studies"], "add --format csv"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "metalocal", "map", *given],
            capture_output=True, text=True, timeout=120, cwd=ROOT, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr
        assert "Traceback" not in done.stderr
