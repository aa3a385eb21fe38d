"""Five tasks of a new user who has read nothing, from the front page, each click counted.

A click is a link, a button, an entry chosen or a field gone to; words typed into it are free.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect


@dataclass
class Visitor:
    """A page, and how often its user clicked."""

    page: Page
    clicks: int = 0

    def click(self, what: Locator) -> None:
        self.clicks += 1
        what.click()

    def link(self, name: str | re.Pattern[str]) -> None:
        self.click(self.page.get_by_role("link", name=name).first)

    def button(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name, exact=True).first)

    def choose(self, label: str, word: str) -> None:
        self.clicks += 1
        self.page.get_by_label(label).first.select_option(label=word)

    def write(self, label: str | re.Pattern[str], text: str) -> None:
        self.clicks += 1
        self.page.get_by_label(label).first.fill(text)

    def find(self, text: str) -> None:
        """Search on the front page."""
        self.write("Find a study, source, outcome or term", text)
        self.button("Search")


def test_what_speaks_for_and_against_removing_the_primary_in_a_given_profile(page: Page) -> None:
    user = Visitor(page)
    page.goto("/")
    user.link("Ask about a patient")
    user.choose("Were metastases there at first diagnosis", "de novo")
    user.choose("Hormone receptors", "positive")
    user.choose("HER2? (low", "negative")
    user.choose("Can the primary tumour be removed completely", "yes")
    user.write("How many lines of systemic therapy", "0")
    user.button("Ask")
    findings = page.get_by_role("region", name="Summary of findings")
    expect(findings).to_contain_text(re.compile("Local therapy of the primary tumour.*conflicting"))
    expect(findings.get_by_role("link", name="MF07-01")).to_be_visible()
    expect(findings).to_contain_text("0.66 (95% CI 0.49 to 0.88)")
    expect(findings.get_by_role("link", name="ABCSG-28")).to_be_visible()
    expect(findings).to_contain_text("0.691 (95% CI 0.358 to 1.333)")
    assert user.clicks == 7


def test_the_line_in_the_article_behind_a_number(page: Page) -> None:
    user = Visitor(page)
    page.goto("/")
    user.find("MF07-01")
    user.link("MF07-01")
    user.link("Open its page")
    user.link(re.compile(r"^0\.66 \(95% CI 0\.49 to 0\.88\)"))
    expect(page.get_by_role("link", name="Ueno 2022").first).to_be_visible()
    user.link("line 85")
    expect(page.get_by_role("heading", name="Read from line 85")).to_be_visible()
    expect(page.locator("#main")).to_contain_text("0.66 (0.49 to 0.88)")
    assert user.clicks == 6


def test_why_e2108_does_not_apply(page: Page) -> None:
    user = Visitor(page)
    page.goto("/")
    user.link("Ask about a patient")
    user.choose("Were metastases there at first diagnosis", "recurrent")
    user.button("Ask")
    user.link("Which studies exclude, and why")
    study = page.locator("#study-e2108")
    expect(study).to_be_visible()
    barred = page.locator("#excluded-list > li", has=study).filter(has_text="presentation: de novo")
    expect(barred).to_have_count(1)
    assert user.clicks == 4


def test_an_example_query_is_run_and_changed(page: Page) -> None:
    user = Visitor(page)
    page.goto("/")
    user.link("Query in SPARQL")
    user.link("Which studies are there?")
    expect(page.locator("#amount")).to_contain_text("rows")
    before = page.locator("#amount").inner_text()
    editor = page.get_by_role("textbox", name="SPARQL query")
    user.click(editor)
    page.keyboard.press("Control+End")
    page.keyboard.type("\nLIMIT 3")
    user.button("Run query")
    expect(page.locator("#amount")).to_contain_text("3 rows")
    assert not before.startswith("3 ")
    assert user.clicks == 4


def test_a_picture_of_a_neighbourhood_is_taken_home(page: Page, tmp_path: Path) -> None:
    user = Visitor(page)
    page.goto("/")
    user.find("TATA")
    user.link("TATA")
    expect(page.locator("#cy")).to_have_attribute("data-nodes", re.compile(r"^\d+$"))
    user.click(page.locator("summary", has_text="Export"))
    with page.expect_download() as saved:
        user.button("Picture (PNG)")
    picture = tmp_path / "picture.png"
    saved.value.save_as(picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert user.clicks == 5
