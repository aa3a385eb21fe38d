"""The SPARQL page in a browser: writing, running, mistakes at their place, views of a result."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from metalocal.pages.assets import script_of
from tests.explorer.conftest import width_of

if TYPE_CHECKING:
    from tests.explorer.conftest import NewPage

pytestmark = pytest.mark.skipif(
    not script_of("sparql") and os.environ.get("METALOCAL_REQUIRE_BROWSER") != "1",
    reason="the scripts were not built",
)

RATIOS = """\
PREFIX ml: <https://w3id.org/metalocal/ontology/>
SELECT ?study ?population ?value WHERE {
  ?study ml:hasEstimate ?estimate .
  ?estimate ml:outcome ml:overall_survival ; ml:measure ml:hazard_ratio ;
    ml:population ?population ; ml:hasReport/ml:value ?value .
} ORDER BY ?study ?population"""
WRONG = (
    "PREFIX ml: <https://w3id.org/metalocal/ontology/>\nSELECT ?s WHERE {\n  ?s ex:is ml:Study\n}"
)

_RUN_AND_STOP = """async () => {
  const state = document.getElementById("state");
  document.querySelector("#asking button[type=submit]").click();
  const during = state.textContent;
  for (let frame = 0; frame < 10; frame += 1) {
    await new Promise((done) => requestAnimationFrame(done));
  }
  document.getElementById("stop").click();
  const focused = document.getElementById("editor").shadowRoot.activeElement;
  return [during, state.textContent, focused.getAttribute("aria-label")];
}"""


def address(query: str) -> str:
    return f"/sparql?query={quote(query)}"


def editor(page: Page) -> Locator:
    return page.get_by_role("textbox", name="SPARQL query")


def faults(page: Page) -> list[tuple[str, list[Any]]]:
    """What axe finds; the list of completions is driven by the editor and needs no focus."""
    found = Axe().run(page, context={"exclude": [[["#editor", ".cm-tooltip-autocomplete"]]]})
    return [
        (each["id"], [node["target"] for node in each["nodes"]])
        for each in found.response["violations"]
    ]


def test_a_query_is_written_with_the_words_of_the_ontology_and_run_by_keys(page: Page) -> None:
    page.goto("/sparql")
    editor(page).click()
    page.keyboard.press("Control+A")
    editor(page).press_sequentially("SELECT * WHERE { ?e ml:outcome survival")
    offered = page.get_by_role("option").filter(has_text="ml:overall_survival")
    expect(offered).to_be_visible()
    expect(page.locator(".cm-completionInfo")).to_contain_text("outcome")
    offered.click()
    written = page.locator("#query")
    expect(written).to_have_value(
        "PREFIX ml: <https://w3id.org/metalocal/ontology/>\n"
        "SELECT * WHERE { ?e ml:outcome ml:overall_survival}"
    )
    page.keyboard.press("Control+Enter")
    expect(page.locator("#amount")).to_contain_text("rows")
    expect(page.locator(".rows td a").first).to_contain_text("overall survival")
    expect(editor(page)).to_be_focused()


def test_behind_a_the_editor_offers_classes_and_behind_a_subject_properties(page: Page) -> None:
    page.goto("/sparql")
    editor(page).click()
    page.keyboard.press("Control+A")
    editor(page).press_sequentially("ASK { ?s a stud")
    names = page.locator(".cm-tooltip-autocomplete .cm-completionLabel")
    expect(names.filter(has_text=re.compile("^ml:Study$"))).to_be_visible()
    expect(names.filter(has_text=re.compile("^ml:studyStatus$"))).to_have_count(0)
    page.keyboard.press("Escape")
    editor(page).press_sequentially("y . ?s studyst")
    expect(names.first).to_have_text("ml:studyStatus")
    page.keyboard.press("Shift", delay=100)  # a list that has just come up takes no key
    page.keyboard.press("Tab")
    expect(page.locator("#query")).to_have_value(re.compile(r"\?s ml:studyStatus"))
    page.keyboard.type(" ?status ; ")
    expect(names.first).to_be_visible()  # of what else is told of a study; Enter takes none of it
    page.keyboard.press("Enter")
    expect(page.locator("#query")).to_have_value(re.compile(r"\?status ; ?\n\}"))


def test_the_tab_key_leaves_the_editor(page: Page) -> None:
    page.goto("/sparql")
    editor(page).click()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run query")).to_be_focused()


def test_a_mistake_is_marked_where_the_server_found_it(page: Page) -> None:
    page = page
    answer = page.goto(address(WRONG))
    assert answer is not None
    assert answer.status == 400
    expect(page.get_by_role("alert")).to_contain_text("'ex:' at line 3, column 6")
    expect(page.locator(".cm-lintRange-error")).to_have_text("ex:is")
    expect(editor(page)).to_be_focused()
    assert faults(page) == []
    page.keyboard.press("Delete")
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)


def test_a_column_is_sorted_by_keyboard_and_rows_are_found(page: Page) -> None:
    page.goto(address(RATIOS))
    head = page.get_by_role("columnheader", name="value")
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    cells = page.locator(".rows tbody tr td:last-child")
    rising = [float(text) for text in cells.all_inner_texts()]
    assert rising == sorted(rising)
    head.get_by_role("button").press("Enter")
    assert [float(text) for text in cells.all_inner_texts()] == sorted(rising, reverse=True)
    assert faults(page) == []
    page.get_by_label("Show rows with").fill("e2108 triple")
    expect(page.locator(".rows tbody tr:visible")).to_have_count(1)
    page.get_by_label("IRIs instead of names").check()
    expect(page.locator(".rows tbody tr:visible a").first).to_have_text("mlid:study/e2108")


def test_the_views_of_a_result_are_tabs_that_keys_change(page: Page) -> None:
    page.goto(address(RATIOS))
    rows = page.locator(".rows tbody tr").count()
    page.get_by_role("tab", name="Table").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Graph")).to_be_focused()
    expect(page.locator(".canvas")).to_have_attribute("data-nodes", re.compile("[1-9]"))
    links = page.locator(".rows a")
    things = links.evaluate_all("links => new Set(links.map((link) => link.title)).size")
    expect(page.locator(".twin li")).to_have_count(things)
    page.locator(".twin").get_by_role("button", name="E2108", exact=True).click()
    expect(page.locator("#graph [role=status]")).to_contain_text("E2108: triple negative")
    assert faults(page) == []
    page.get_by_role("tab", name="Chart").click()
    assert faults(page) == []
    expect(page.get_by_role("img")).to_have_attribute("aria-label", re.compile("Bars of value"))
    expect(page.locator(".chart rect.bar")).to_have_count(rows)
    page.get_by_label("Drawn as").select_option(label="points, against value")
    expect(page.locator(".chart circle")).to_have_count(rows)


def test_triples_are_drawn_with_the_properties_on_the_lines(page: Page) -> None:
    page.goto(address("DESCRIBE <https://w3id.org/metalocal/id/study/e2108>"))
    page.get_by_role("tab", name="Graph").click()
    expect(page.locator("#graph [role=status]")).to_contain_text("texts and numbers are in")
    page.locator(".twin").get_by_role("button", name="E2108", exact=True).click()
    expect(page.locator("#graph [role=status]")).to_contain_text("has ")


def test_an_example_is_found_by_a_word_and_runs_by_one_click(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 800}, color_scheme="dark")
    page.goto("/sparql")
    assert faults(page) == []
    page.get_by_label("Find a query").fill("trials operating")
    expect(page.locator(".library [role=status]")).to_have_text("1 query")
    page.get_by_role("link", name="Which randomised trials asked").click()
    expect(page.locator("#amount")).to_contain_text("rows")
    assert width_of(page) <= 390


def test_a_long_query_opens_from_behind_the_sign_and_is_sent_by_post(page: Page) -> None:
    query = f"SELECT (1 AS ?x) {{ }} #{'long ' * 2000}"
    page.goto(f"/sparql#query={quote(query)}")
    expect(page.locator("#query")).to_have_value(query)
    expect(page.locator("#state")).to_contain_text("run it when you have read it")
    with page.expect_request(lambda request: request.is_navigation_request()) as sent:
        page.get_by_role("button", name="Run query").click()
    assert sent.value.method == "POST"
    expect(page.locator("#amount")).to_contain_text("1 row")


def test_a_running_query_can_be_stopped(page: Page) -> None:
    page = page
    page.goto("/sparql")
    pattern = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(9))
    editor(page).click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
    with page.expect_event("requestfailed") as ended:
        # in one go, for a locator would wait for the page that is on its way
        assert page.evaluate(_RUN_AND_STOP) == ["Running …", "Stopped.", "SPARQL query"]
    assert "COUNT" in ended.value.url


def test_without_scripts_the_form_asks_and_the_table_answers(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/sparql")
    page.get_by_label("Query", exact=True).fill(RATIOS)
    page.get_by_role("button", name="Run query").click()
    expect(page.locator("#amount")).to_contain_text("rows")
    expect(page.get_by_role("tab")).to_have_count(0)
    expect(page.locator(".rows tbody tr").first).to_contain_text("ABCSG-28")
