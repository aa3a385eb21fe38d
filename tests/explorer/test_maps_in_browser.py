"""The maps in a browser: cells open by click and key, filters hide; for all pages: test_manner."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.explorer.conftest import NewPage

_EVIDENCE = "/maps/evidence?question=local_therapy_of_primary"


def test_a_click_on_a_cell_opens_its_studies(page: Page) -> None:
    page.goto(_EVIDENCE)
    page.get_by_role("link", name="oligometastatic, 1 to 5, any subtype").click()
    expect(page.get_by_role("heading", name="oligometastatic, 1 to 5, any subtype")).to_be_visible()
    page.get_by_role("link", name="Close this cell").click()
    expect(page.locator("#cell")).to_have_count(0)
    assert page.url.endswith("question=local_therapy_of_primary")


def test_arrows_move_between_cells_and_enter_opens_one(page: Page) -> None:
    page.goto(_EVIDENCE)
    page.get_by_role("link", name="any pattern, any subtype").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".tip")).to_contain_text("solitary, HR+")
    page.keyboard.press("Escape")
    expect(page.locator(".tip")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="solitary, HR+")).to_be_visible()


def test_a_mark_of_a_study_is_reached_by_key_and_opens_the_study(page: Page) -> None:
    page.goto("/maps/time?question=local_therapy_of_primary&design=randomised_controlled_trial")
    marks = page.locator(".timeline a.mark")
    marks.first.focus()
    page.keyboard.press("ArrowRight")
    expect(marks.nth(1)).to_be_focused()
    address = marks.nth(1).get_attribute("href") or ""
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_words_typed_leave_the_findings_that_hold_them(page: Page) -> None:
    page.goto("/maps/audit")
    articles = page.locator("article.finding")
    before = articles.count()
    page.get_by_label("Filter the findings").fill("abcsg retrospective")
    expect(page.locator("article.finding:visible")).not_to_have_count(before)
    for text in page.locator("article.finding:visible").all_inner_texts():
        assert "abcsg" in text.lower()
        assert "retrospective" in text.lower()
    page.get_by_label("Filter the findings").fill("")
    expect(page.locator("article.finding:visible")).to_have_count(before)


def test_every_map_works_without_scripts(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/maps")
    page.get_by_role("link", name="Evidence gap map").click()
    page.get_by_label("Question").select_option("palliation")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="bone, any subtype").click()
    expect(page.locator("#cell")).to_be_visible()
    page.goto("/maps/source/ueno-2022")
    page.get_by_label("From line").fill("85")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Read from line 85")).to_be_visible()
