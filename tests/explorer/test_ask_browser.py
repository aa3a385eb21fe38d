"""`/ask` in a browser: live counts, facts added and taken away, comparison, no scripts, axe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from metalocal.pages.assets import script_of

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint
    from tests.explorer.conftest import NewPage

FACTS = "presentation=de_novo&hr_status=positive&her2_status=negative&primary_status=intact"
needs_scripts = pytest.mark.skipif(not script_of("ask"), reason="the scripts are not built")


def counted(site: Endpoint, query: str) -> str:
    found = site.client.get(f"/ask/counts?{query}").json()
    return (
        f"{found['included']} include this patient, {found['indeterminate']} may, "
        f"{found['excluded']} exclude."
    )


@needs_scripts
def test_the_counts_follow_the_form_while_it_is_filled_in(page: Page, site: Endpoint) -> None:
    page.goto("/ask")
    status = page.get_by_role("status")
    expect(status).to_have_text(counted(site, ""))
    page.get_by_label("Were metastases there at first diagnosis").select_option("recurrent")
    expect(status).to_have_text(counted(site, "presentation=recurrent"))
    page.get_by_label("How many metastases does imaging show?").fill("3")
    told = "presentation=recurrent&metastasis_count=3"
    expect(status).to_have_text(counted(site, told))
    page.get_by_role("button", name="Ask").click()
    expect(page).to_have_url(f"{site.url}/ask?{told}")


@needs_scripts
def test_a_site_is_never_there_and_absent(page: Page) -> None:
    page.goto("/ask")
    sites = page.locator("#f-metastatic_sites")
    there, absent = sites.get_by_label("yes, bone"), sites.get_by_label("no bone")
    there.check()
    absent.check()
    expect(there).not_to_be_checked()
    expect(absent).to_be_checked()


def test_a_fact_is_taken_away_and_another_told_by_a_click(page: Page, site: Endpoint) -> None:
    page.goto(f"/ask?{FACTS}")
    page.get_by_role("link", name="Take away: HER2 status: negative").click()
    left = FACTS.replace("&her2_status=negative", "")
    expect(page).to_have_url(f"{site.url}/ask?{left}")
    page.locator("#next").get_by_role("link", name="progression", exact=True).first.click()
    expect(page).to_have_url(f"{site.url}/ask?{left}&response=progression")
    expect(page.get_by_role("link", name="Take away: response")).to_be_visible()


@needs_scripts
def test_what_changes_if_leads_to_the_comparison(page: Page, site: Endpoint) -> None:
    page.goto(f"/ask?{FACTS}")
    page.get_by_label("What changes if").select_option("presentation=recurrent")
    page.get_by_role("button", name="Compare").click()
    expect(page).to_have_url(f"{site.url}/ask/compare?{FACTS}&but.presentation=recurrent")
    expect(page.get_by_role("row", name="E2108 all randomised")).to_contain_text("excludes")


@needs_scripts
def test_the_list_of_excluding_studies_is_filtered_while_typing(page: Page) -> None:
    page.goto("/ask?presentation=recurrent")
    page.get_by_label("Why, or why not, a study").fill("e2108")
    expect(page.locator("#study-e2108")).to_be_visible()
    expect(page.locator("#excluded-list li[id]:visible")).to_have_count(1)


def test_without_scripts_the_form_is_answered_all_the_same(
    new_page: NewPage, site: Endpoint
) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page.goto("/ask")
    page.get_by_label("Were metastases there at first diagnosis").select_option("de_novo")
    page.locator("#f-metastatic_sites").get_by_label("yes, bone").check()
    page.get_by_label("These only").first.check()
    page.get_by_role("button", name="Ask").click()
    expect(page).to_have_url(f"{site.url}/ask?presentation=de_novo&metastatic_sites_only=bone")
    expect(page.get_by_role("heading", name="Summary of findings")).to_be_visible()
