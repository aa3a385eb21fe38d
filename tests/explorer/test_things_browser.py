"""Pages of things in a browser, without scripts and by keyboard; for all pages: test_manner."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

NewPage = Callable[..., Page]


def test_a_page_is_whole_without_scripts_and_folds_open(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/id/study/abcsg-28")
    expect(page.get_by_role("link", name="0.691 (95% CI 0.358 to 1.333), p 0.267")).to_be_visible()
    expect(page.get_by_role("heading", name="Facts", exact=True)).to_be_hidden()
    page.get_by_text("All statements").click()
    expect(page.get_by_role("heading", name="Facts", exact=True)).to_be_visible()


def test_a_keyboard_opens_why_a_direction_was_drawn(page: Page) -> None:
    page.goto("/id/study/mf07-01/estimate/os-hr")
    page.locator("details.direction > summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("95% interval 0.49 to 0.88 lies below 1")).to_be_visible()
    page.get_by_role("link", name="effect direction of a ratio").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("effect direction of a ratio")
