"""Pages in a real browser: nothing is asked for elsewhere, nothing breaks the policy."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def test_the_front_page_opens(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Evidence on local therapy")
