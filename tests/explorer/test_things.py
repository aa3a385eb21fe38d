"""Pages of studies against the graph: every printed number, its place, and what is marked."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qs

import pytest

from graph_builder.attributes import Kind
from metalocal.answers import Library
from metalocal.answers.rows import verdicts_of
from metalocal.catalogue import ID, ML, find_query
from metalocal.endpoint.api.telling import Patients
from metalocal.explorer.things.fits import Fits
from metalocal.graph import Table, table_of
from metalocal.locations import locations
from metalocal.pages.addresses import BASE, path_of
from tests.endpoint.conftest import Endpoint

Rows = list[dict[str, str]]

PREFIXES = f"PREFIX ml: <{ML}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
REPORTS = """SELECT ?study ?item ?report ?value ?low ?high ?p ?wording ?source ?line ?place WHERE {
  ?study ml:hasEstimate|ml:hasFact ?item . ?item ml:hasReport ?report .
  ?report ml:reportedIn ?source ; ml:line ?line ; ml:place ?place .
  OPTIONAL { ?report ml:printedValue ?value }
  OPTIONAL { ?report ml:printedLow ?low ; ml:printedHigh ?high }
  OPTIONAL { ?report ml:printedP ?p }
  OPTIONAL { ?report ml:wording ?wording } }"""
PRINTED = re.compile(
    r'<a class="printed-text" href="([^"]*)">([^<]*)</a> <span class="at">([^<]*)</span>'
)


def asked(site: Endpoint, query: str) -> Rows:
    answer = site.ask(PREFIXES + query, "application/sparql-results+json")
    return [
        {name: cell["value"] for name, cell in row.items()}
        for row in answer.json()["results"]["bindings"]
    ]


def page_of(site: Endpoint, iri: str) -> str:
    answer = site.client.get(str(path_of(iri)), headers={"Accept": "text/html"})
    assert answer.status_code == 200, iri
    return answer.text


@dataclass(frozen=True)
class Served:
    """The graph of the site, for code that asks a graph."""

    site: Endpoint

    def select(self, query: str) -> Table:
        """Rows of a query, over HTTP."""
        wanted = {"Accept": "application/sparql-results+json"}
        answer = self.site.client.post("/sparql", data={"query": query}, headers=wanted)
        return table_of(answer.json())


def by(rows: Rows, column: str) -> dict[str, Rows]:
    found: dict[str, Rows] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found


def words(html: str) -> str:
    """The text of a piece of a page."""
    return unescape(re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", html)))


def section(page: str, name: str) -> str:
    """The section whose heading has this id; "" where there is none."""
    _, found, rest = page.partition(f'<section aria-labelledby="{name}">')
    return rest.partition("</section>")[0] if found else ""


@pytest.fixture(scope="module")
def pages(site: Endpoint) -> dict[str, str]:
    """Every study with its page."""
    studies = [row["study"] for row in asked(site, "SELECT ?study { ?study a ml:Study }")]
    return {study: page_of(site, study) for study in studies}


def test_every_study_has_a_page_with_the_notice(pages: Mapping[str, str]) -> None:
    assert len(pages) > 200
    without = [study for study, page in pages.items() if "it does not advise" not in page]
    assert without == []


def test_every_printed_number_is_on_its_study_page_with_source_line_and_place(
    site: Endpoint, pages: Mapping[str, str]
) -> None:
    missing = []
    for study, rows in by(asked(site, REPORTS), "study").items():
        shown = {href: (unescape(text), at) for href, text, at in PRINTED.findall(pages[study])}
        for row in rows:
            text, at = shown.get(str(path_of(row["report"])), ("", ""))
            digits = [row[name] for name in ("value", "low", "high", "p") if name in row]
            place = f"{row['source'].removeprefix(f'{ID}source/')}:{row['line']}, {row['place']}"
            if not all(part in text for part in digits or [row["wording"]]) or place != unescape(
                at
            ):
                missing.append((row["report"], text, at))
    assert missing == []


def test_a_row_is_marked_as_printed_differently_if_and_only_if_its_printings_conflict(
    site: Endpoint, pages: Mapping[str, str]
) -> None:
    conflicts = by(asked(site, find_query(locations().queries, "conflicts").text), "study")
    assert conflicts
    for study, page in pages.items():
        rows = re.findall(r'<tr class="conflict"><th scope="row"><a href="([^"]*)"', page)
        expected = {str(path_of(row["item"])) for row in conflicts.get(study, [])}
        assert set(rows) == expected, study
        assert len(rows) == len(set(rows))
        assert ("printed differently" in page) == bool(expected), study


def test_every_derived_direction_stands_with_its_reason_and_rule(
    site: Endpoint, pages: Mapping[str, str]
) -> None:
    rows = asked(
        site,
        """SELECT ?study ?because ?direction ?rule WHERE {
        ?derivation ml:ofReport ?report ; ml:because ?because ; ml:byRule ?rule .
        ?report ml:effectDirection ?drawn . ?drawn rdfs:label ?direction .
        ?study ml:hasEstimate ?estimate . ?estimate ml:hasReport ?report }""",
    )
    assert rows
    texts = {study: unescape(page) for study, page in pages.items()}
    missing = [
        row
        for row in rows
        if f"<p>{row['because']}.</p>" not in texts[row["study"]]
        or row["direction"] not in texts[row["study"]]
        or f'href="{path_of(row["rule"])}"' not in texts[row["study"]]
    ]
    assert missing == []


def test_every_audit_finding_is_in_sight_on_its_study(
    site: Endpoint, pages: Mapping[str, str]
) -> None:
    query = "SELECT ?study ?text { ?finding ml:onStudy ?study ; ml:findingText ?text }"
    rows = asked(site, query)
    unseen = [
        row for row in rows if row["text"] not in words(section(pages[row["study"]], "findings"))
    ]
    assert unseen == []


def test_the_ratio_of_abcsg_28_stands_beside_the_finding_that_its_medians_say_otherwise(
    pages: Mapping[str, str],
) -> None:
    page = pages[f"{ID}study/abcsg-28"]
    row = page[: page.index("0.691 (95%")].rpartition("<tr")[2]
    assert "contradictory: ratio against its arms" in words(row)
    assert page.index('id="findings"') < page.index('id="results"')
    assert (
        "<details" not in page[page.index('id="findings"') : page.index("ratio against its arms")]
    )


def test_the_level_of_evidence_of_each_population_is_told_as_derived(
    site: Endpoint, pages: Mapping[str, str]
) -> None:
    query = """SELECT ?study ?population ?level {
      ?study ml:hasPopulation ?population . ?population ml:evidenceLevel ?level }"""
    for row in asked(site, query):
        told = section(pages[row["study"]], "whom").partition(f'"{path_of(row["population"])}"')[2]
        assert f"Oxford level {row['level']} (derived)" in words(told.partition("</p>")[0])


def test_criteria_stand_as_sentences_with_the_population_they_are_of(
    site: Endpoint, pages: Mapping[str, str]
) -> None:
    query = """SELECT ?study ?criterion ?label {
      ?study ml:hasPopulation/ml:hasCriterion ?criterion . ?criterion ml:shortLabel ?label }"""
    for study, rows in by(asked(site, query), "study").items():
        told = unescape(section(pages[study], "whom"))
        missing = [row["label"] for row in rows if f">{row['label']}</a>" not in told]
        assert missing == [], study


def test_guidance_pools_and_statements_of_each_study_are_linked(
    site: Endpoint, pages: Mapping[str, str]
) -> None:
    query = """SELECT DISTINCT ?study ?thing ?part WHERE {
      { ?thing ml:restsOn ?study BIND("guidance" AS ?part) }
      UNION { ?thing ml:pools ?study BIND("pools" AS ?part) }
      UNION { ?study ml:pools ?thing BIND("pools" AS ?part) }
      UNION { ?study ml:hasStatement ?thing BIND("sayings" AS ?part) } }"""
    missing = [
        row
        for row in asked(site, query)
        if f'href="{path_of(row["thing"])}"' not in section(pages[row["study"]], row["part"])
    ]
    assert missing == []


def test_identifiers_lead_to_their_registries(site: Endpoint, pages: Mapping[str, str]) -> None:
    for row in asked(site, "SELECT ?study ?number { ?study ml:nctNumber ?number }"):
        link = (
            f'<a href="https://clinicaltrials.gov/study/{row["number"]}" rel="external noreferrer">'
        )
        assert link in pages[row["study"]]


def test_what_a_page_tells_search_engines_is_right(
    site: Endpoint, pages: Mapping[str, str]
) -> None:
    query = """SELECT ?study ?label ?design ?number { ?study a ml:Study ; rdfs:label ?label ;
      ml:design ?design OPTIONAL { ?study ml:nctNumber ?number } }"""
    for study, rows in by(asked(site, query), "study").items():
        block = re.findall(r'<script type="application/ld\+json">(.*?)</script>', pages[study])
        data = json.loads(block[0])
        assert (data["@context"], data["@id"]) == ("https://schema.org", study)
        assert data["name"] == rows[0]["label"]
        randomised = rows[0]["design"] == f"{ML}randomised_controlled_trial"
        assert (data.get("trialDesign") == "https://schema.org/RandomizedTrial") == randomised
        numbers = {one["value"] for one in data.get("identifier", []) if one["propertyID"] == "NCT"}
        assert numbers == {row["number"] for row in rows if "number" in row}


def test_example_patients_are_judged_as_the_query_of_verdicts_judges_them(
    site: Endpoint, pages: Mapping[str, str]
) -> None:
    library = Library(Served(site), locations().queries)
    examples = Fits(library, locations().data / "profiles").examples
    assert len(examples) >= 15
    word = {"included": "includes", "indeterminate": "may include", "excluded": "excludes"}
    for example in examples[::4]:
        verdicts = verdicts_of(library.rows, example.profile)
        for study in ("e2108", "mf07-01", "oligo", "sabr-comet"):
            told = section(pages[f"{ID}study/{study}"], "fits")
            row = told.partition(f">{example.link.text}</a>")[2].partition("</td>")[0]
            widest = next(
                group
                for group in verdicts
                if group.startswith(f"{ID}study/{study}/population/")
                and not library.populations[group].get("within")
            )
            assert words(row).strip() == word[verdicts[widest]], (study, example.link.text)


def test_e2108_excludes_the_recurrent_example_by_the_presentation(
    pages: Mapping[str, str],
) -> None:
    told = section(pages[f"{ID}study/e2108"], "fits")
    row = words(
        told.partition(">recurrent oligometastatic three sites</a>")[2].partition("</tr>")[0]
    )
    assert "excludes not met: presentation: de novo" in " ".join(row.split())


def test_an_example_patient_leads_to_its_answer_with_all_its_facts(site: Endpoint) -> None:
    library = Library(Served(site), locations().queries)
    patients = Patients(library.attributes, tuple(library.rules))
    for example in Fits(library, locations().data / "profiles").examples:
        page, _, told = example.link.href.partition("?")
        assert page == "/ask"
        many = {slot.name for slot in patients.url_slots() if slot.many}
        number = {key for key, one in library.attributes.items() if one.kind is Kind.NUMBER}
        values = {
            key: found if key in many else Decimal(found[0]) if key in number else found[0]
            for key, found in parse_qs(told).items()
        }
        assert patients.profile(values, in_url=True).rows() == example.profile.rows()


def test_a_study_leads_into_the_graph(pages: Mapping[str, str]) -> None:
    page = pages[f"{ID}study/mf07-01"]
    assert 'href="/explore?focus=id/study/mf07-01"' in page
    assert 'href="/explore?study=id/study/mf07-01"' in page


def test_every_statement_of_a_study_is_still_on_its_page(
    site: Endpoint, pages: Mapping[str, str]
) -> None:
    study = f"{ID}study/e2108"
    folded = pages[study].partition('<details class="all">')[2]
    rows = asked(
        site, f"SELECT DISTINCT ?value {{ <{study}> ?property ?value FILTER(isIRI(?value)) }}"
    )
    paths = [str(path_of(row["value"])) for row in rows if row["value"].startswith(BASE)]
    missing = [
        path
        for path in paths
        if f'href="{path}"' not in folded and not path.startswith("/ontology/Study")
    ]
    assert missing == []
