"""Pages of populations, outcomes, interventions, sources, guidance, models, words and reports."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pyoxigraph as ox
import pytest

from metalocal.catalogue import ID, ML
from metalocal.endpoint import Sources
from metalocal.locations import locations
from metalocal.pages.addresses import BASE, path_of
from metalocal.server import create_app
from tests.endpoint.conftest import Endpoint, serving
from tests.explorer.test_things import PRINTED, Rows, asked, by, page_of, section, words

RATES = "local_therapy_of_primary"


def hrefs(html: str) -> set[str]:
    return set(re.findall(r'href="([^"]*)"', html))


def paths(rows: Rows, column: str) -> set[str]:
    return {str(path_of(row[column])) for row in rows}


def part_of(site: Endpoint, outcome: str, **asking: str) -> str:
    answer = site.client.get(f"/ontology/{outcome}.html", params=asking)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    "population", ["mf07-01/population/solitary-bone", "e2108/population/randomised"]
)
def test_a_population_has_its_criteria_and_all_its_results(site: Endpoint, population: str) -> None:
    iri = f"{ID}study/{population}"
    page = page_of(site, iri)
    criteria = asked(site, f"SELECT ?c {{ <{iri}> ml:hasCriterion ?c }}")
    assert paths(criteria, "c") <= hrefs(section(page, "criteria"))
    reports = asked(site, f"SELECT ?r {{ ?e ml:population <{iri}> ; ml:hasReport ?r }}")
    assert {href for href, _, _ in PRINTED.findall(section(page, "results"))} == paths(reports, "r")


def test_the_parts_of_an_outcome_hold_each_of_its_estimates_once(site: Endpoint) -> None:
    wanted = asked(site, "SELECT ?e { ?e ml:outcome ml:overall_survival }")
    first = part_of(site, "overall_survival")
    parts = int(re.findall(r"Part 1 of (\d+)", first)[0])
    found = [
        href
        for number in range(1, parts + 1)
        for href in re.findall(
            r'<td><a href="([^"]*/estimate/[^"]*)"',
            part_of(site, "overall_survival", part=str(number)),
        )
    ]
    assert len(found) == len(set(found)) == len(wanted)
    assert set(found) == paths(wanted, "e")


def test_estimates_of_an_outcome_come_by_number_where_that_is_asked(site: Endpoint) -> None:
    rows = asked(
        site,
        """SELECT ?report ?number {
        ?e ml:outcome ml:overall_survival ; ml:hasReport ?report . ?report ml:value ?number }""",
    )
    number = {str(path_of(row["report"])): float(row["number"]) for row in rows}
    page = part_of(site, "overall_survival", sort="number")
    cells = re.findall(r'<td><ul class="printings">.*?</ul></td>', page, re.S)
    least = [
        min(number[href] for href, _, _ in PRINTED.findall(cell) if href in number)
        for cell in cells
    ]
    assert len(least) > 20
    assert least == sorted(least)


def test_an_outcome_can_be_seen_for_one_question(site: Endpoint) -> None:
    rows = asked(
        site,
        f"""SELECT DISTINCT ?study {{ ?study ml:question ml:{RATES} ; ml:hasEstimate ?e .
        ?e ml:outcome ml:quality_of_life }}""",
    )
    page = part_of(site, "quality_of_life", question=RATES, sort="study")
    shown = set(re.findall(r'<th scope="row"><a href="(/id/study/[^"]*)"', page))
    assert shown == paths(rows, "study")
    links = re.findall(r'class="chip" href="([^"]*)"', page)
    assert f"?sort=level&question={RATES}" in {unescape(link) for link in links}


@pytest.mark.parametrize(
    ("asking", "said"),
    [("sort=size", "sort must be one of question, study"),
     ("question=age", "question must be one of"),
     ("part=0", "part must be a number from 1"), ("part=99", "part must be a number from 1 to"),
     ("part=%C2%B2", "part must be a number from 1"), ("part=-1", "part must be a number from 1")],
)  # fmt: skip
def test_an_order_question_or_part_that_is_not_there_is_refused(
    site: Endpoint, asking: str, said: str
) -> None:
    answer = site.client.get(f"/ontology/overall_survival.html?{asking}")
    assert (answer.status_code, said in answer.text) == (400, True)


def test_an_intervention_lists_the_studies_with_an_arm_that_gives_it_or_a_kind_of_it(
    site: Endpoint,
) -> None:
    iri = f"{ML}primary_tumour_surgery"
    rows = asked(
        site,
        f"""PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT DISTINCT ?study ?arm {{ ?study ml:hasArm ?arm .
          ?arm ml:hasIntervention/skos:broader* <{iri}> }}""",
    )
    shown = section(page_of(site, iri), "giving")
    assert paths(rows, "study") | paths(rows, "arm") <= hrefs(shown)
    assert shown.count('scope="rowgroup"') == len(by(rows, "study"))


@pytest.mark.parametrize("source", ["ueno-2022", "merloni-2024"])
def test_a_source_counts_what_was_read_from_it_study_by_study(site: Endpoint, source: str) -> None:
    results, facts = (
        by(
            asked(
                site,
                f"""SELECT ?study ?r {{ ?r ml:reportedIn <{ID}source/{source}> .
                ?item ml:hasReport ?r . ?study ml:{has} ?item }}""",
            ),
            "study",
        )
        for has in ("hasEstimate", "hasFact")
    )
    page = page_of(site, f"{ID}source/{source}")
    shown = re.findall(
        r'<tr><th scope="row"><a href="([^"]*)".*?number">(\d+)</td><td class="number">(\d+)<',
        section(page, "drawn"),
    )
    assert set(shown) == {
        (str(path_of(study)), str(len(results.get(study, []))), str(len(facts.get(study, []))))
        for study in {*results, *facts}
    }
    assert f'href="/maps/source/{source}"' in page


def test_a_guidance_statement_tells_for_whom_with_figures_and_line(site: Endpoint) -> None:
    rows = asked(
        site,
        """SELECT DISTINCT ?s ?source ?line ?text ?strength ?figure ?criterion {
        ?s a ml:GuidanceStatement ; ml:wording ?text ; ml:strength ?strength ; ml:hasReport ?r .
        ?r ml:reportedIn ?source ; ml:line ?line .
        OPTIONAL { ?s ml:hasFigure/ml:hasReport/ml:printedValue ?figure }
        OPTIONAL { ?s ml:hasTarget/ml:hasCriterion/ml:shortLabel ?criterion } }""",
    )
    assert len(by(rows, "s")) > 5
    for statement, found in by(rows, "s").items():
        page = unescape(page_of(site, statement)).partition('<details class="all">')[0]
        for row in found:
            assert row["text"] in page
            assert row["strength"] in page
            assert f"{row['source'].removeprefix(f'{ID}source/')}:{row['line']}</a>" in page
            assert row.get("figure", "") in section(page, "figures")
            assert row.get("criterion", "") in section(page, "criteria")


def test_a_decision_model_has_each_group_with_its_criteria(site: Endpoint) -> None:
    query = """SELECT ?model ?group ?criterion { ?model ml:hasModelGroup ?group
      OPTIONAL { ?group ml:hasCriterion ?criterion } }"""
    models = by(asked(site, query), "model")
    assert len(models) == 12
    for model, rows in models.items():
        shown = hrefs(section(page_of(site, model), "groups"))
        assert paths(rows, "group") <= shown
        assert paths([row for row in rows if "criterion" in row], "criterion") <= shown


def test_a_value_tells_who_asks_for_it_and_who_bars_it(site: Endpoint) -> None:
    page = page_of(site, f"{ML}her2_status-positive")
    asking, _, barring = section(page, "askers").partition("Bar it")
    for how, shown in (("accepts", asking), ("rejects", barring)):
        rows = asked(
            site,
            f"""SELECT DISTINCT ?group ?criterion {{
            ?group ml:hasCriterion ?criterion . ?criterion ml:hasClause ?clause .
            ?clause ml:{how} ml:her2_status-positive }}""",
        )
        assert rows
        assert paths(rows, "group") | paths(rows, "criterion") == {
            link for link in hrefs(shown) if link.startswith("/id/")
        }


def test_a_number_tells_who_sets_a_limit_to_it(site: Endpoint) -> None:
    rows = asked(
        site,
        """SELECT DISTINCT ?group { ?group ml:hasCriterion/ml:hasClause/ml:hasBound ?bound .
        ?bound ml:onAttribute ml:age }""",
    )
    shown = section(page_of(site, f"{ML}age"), "askers")
    assert paths(rows, "group") <= hrefs(shown)
    assert "Set an upper limit" in shown


def test_a_report_stands_beside_the_other_printings_of_its_estimate(site: Endpoint) -> None:
    estimate = f"{ID}study/mf07-01/estimate/os-median-systemic"
    rows = asked(
        site, f"SELECT ?r ?value {{ <{estimate}> ml:hasReport ?r . ?r ml:printedValue ?value }}"
    )
    assert {row["value"] for row in rows} == {"35", "37"}
    page = page_of(site, rows[0]["r"])
    shown = {href: text for href, text, _ in PRINTED.findall(section(page, "printings"))}
    assert shown == {str(path_of(row["r"])): f"{row['value']} months" for row in rows}
    assert "printed differently" in section(page, "printings")


def test_a_report_in_words_leads_to_what_it_tells_of(site: Endpoint) -> None:
    rows = asked(site, "SELECT ?owner ?r { ?owner a ml:Population ; ml:hasReport ?r } LIMIT 1")
    page = page_of(site, rows[0]["r"])
    assert str(path_of(rows[0]["owner"])) in hrefs(page.partition('<details class="all">')[0])


def test_a_finding_shows_the_printings_it_concerns(site: Endpoint) -> None:
    rows = asked(
        site,
        """SELECT ?finding ?text ?report { ?finding ml:onStudy ?s ; ml:findingText ?text ;
        ml:concerns ?report . ?s ml:hasEstimate/ml:hasReport ?report } ORDER BY ?finding""",
    )
    for finding, found in list(by(rows, "finding").items())[:8]:
        page = page_of(site, finding)
        assert found[0]["text"] in words(page)
        assert paths(found, "report") <= hrefs(section(page, "concerns"))


def test_a_question_has_all_its_studies_and_guidance(site: Endpoint) -> None:
    page = page_of(site, f"{ML}{RATES}")
    studies = asked(site, f"SELECT ?s {{ ?s ml:question ml:{RATES} }}")
    guidance = asked(site, f"SELECT ?s {{ ?s ml:onQuestion ml:{RATES} ; a ml:GuidanceStatement }}")
    assert paths(studies, "s") <= hrefs(section(page, "studies"))
    assert paths(guidance, "s") <= hrefs(section(page, "guidance"))


@pytest.mark.parametrize(
    ("iri", "kind"),
    [(f"{ID}source/ueno-2022", "ScholarlyArticle"), (f"{ML}overall_survival", "DefinedTerm"),
     (f"{ML}age", "DefinedTerm"), (f"{ML}her2_status-positive", "DefinedTerm"),
     (f"{ID}study/mf07-01", "MedicalTrial"), (f"{ID}study/gera-2020", "MedicalScholarlyArticle"),
     (f"{ID}study/mf07-01/population/randomised", "Dataset"),
     (f"{ID}model/lin-m1", "DefinedTermSet"), (f"{ID}study/mf07-01/estimate/os-hr", "Claim")],
)  # fmt: skip
def test_each_kind_of_thing_is_told_in_words_of_schema_org(
    site: Endpoint, iri: str, kind: str
) -> None:
    block = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page_of(site, iri))
    data = json.loads(block[0])
    assert (data["@id"], data["@type"]) == (iri, kind)
    assert data["name"]


LITTLE = f"""\
PREFIX ml: <{ML}>
PREFIX mlid: <{ID}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
GRAPH <{ID}graph/study/a> {{
  <{ID}study/a> a ml:Study ; rdfs:label "a study that tells no design" .
  <{ID}source/b> a ml:Source ; rdfs:label "a source without citation" .
  <{ID}model/c> a ml:DecisionModel ; rdfs:label "a model without groups" .
  <{ID}guidance/d> a ml:GuidanceStatement ; rdfs:label "guidance of no source" .
  <{ID}study/a/population/e> a ml:Population ; rdfs:label "a population of no study" .
  <{ID}study/a/finding/f> a ml:AuditFinding ; rdfs:label "a finding of nothing" .
  <{ID}study/a/report/g> a ml:Report ; rdfs:label "a report of nothing" .
  <{ID}model/c/group/h> a ml:ModelGroup ; rdfs:label "a group of no model" .
  ml:i a ml:Outcome ; rdfs:label "an outcome nobody measured" .
  ml:j a ml:Intervention ; rdfs:label "an intervention without definition" .
  ml:k a ml:NumberAttribute ; rdfs:label "an attribute nobody asks for" .
  ml:l a ml:AttributeValue ; rdfs:label "a value of no attribute" .
  ml:m a ml:Question ; rdfs:label "a question without studies" .
}}
"""


def test_things_of_which_a_graph_says_little_have_pages_all_the_same(tmp_path: Path) -> None:
    graph = tmp_path / "graph.nq"
    quads = list(ox.parse(LITTLE, format=ox.RdfFormat.TRIG))
    graph.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    places = locations()
    with serving(create_app(Sources(graph, places.queries, places.ontology))) as little:
        for quad in quads:
            if isinstance(quad.object, ox.Literal):
                assert isinstance(quad.subject, ox.NamedNode)
                page = page_of(little, quad.subject.value)
                assert f"<h1>{quad.object.value}</h1>" in page


EVIL = "</script><script>alert(1)</script><b onclick='x'>"
TOLD = f"""\
PREFIX ml: <{ML}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
GRAPH <{ID}graph/study/a> {{
  <{ID}study/a> a ml:Study ; rdfs:label "{EVIL}" ; ml:design ml:d ; ml:studyStatus ml:s ;
    ml:question ml:q ; ml:note "{EVIL}" ; ml:alsoCalled "{EVIL}" ; ml:nctNumber "{EVIL}" ;
    ml:hasPopulation <{ID}study/a/population/p> ; ml:hasEstimate <{ID}study/a/estimate/e> .
  ml:d rdfs:label "{EVIL}" . ml:s rdfs:label "{EVIL}" .
  ml:q rdfs:label "{EVIL}" ; ml:displayOrder 1 .
  <{ID}study/a/population/p> a ml:Population ; ml:shortLabel "{EVIL}" ; ml:depth 0 ;
    ml:populationStatus ml:s ; ml:cancerMix ml:s ; rdfs:label "{EVIL}" .
  <{ID}study/a/estimate/e> a ml:Estimate ; ml:sequence 1 ; ml:outcome ml:o ; ml:measure ml:m ;
    ml:population <{ID}study/a/population/p> ; ml:hasReport <{ID}study/a/report/r> .
  ml:o a ml:Outcome ; rdfs:label "{EVIL}" . ml:m rdfs:label "{EVIL}" .
  <{ID}study/a/report/r> a ml:Report ; ml:reportedIn <{ID}source/s> ; ml:line 1 ;
    ml:printedValue "{EVIL}" ; ml:place "{EVIL}" ; rdfs:label "{EVIL}" .
}}
"""


def test_nothing_of_the_graph_becomes_markup_on_any_page(tmp_path: Path) -> None:
    graph = tmp_path / "graph.nq"
    quads = ox.parse(TOLD, format=ox.RdfFormat.TRIG)
    graph.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    places = locations()
    with serving(create_app(Sources(graph, places.queries, places.ontology))) as little:
        for name in ("id/study/a", "id/study/a/population/p", "id/study/a/report/r", "ontology/o"):
            page = page_of(little, f"{BASE}{name}")
            assert "<script>" not in page
            assert "<b " not in page
            data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
            assert EVIL in json.loads(data[0])["name"] or name == "ontology/o"
            assert unescape(page).count(EVIL) > 2
