"""Pages of things in a browser: for screen readers, without scripts, on a phone."""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

NewPage = Callable[..., Page]

ONE_OF_EACH = (
    "/id/study/abcsg-28",
    "/id/study/mf07-01/population/solitary-bone",
    "/ontology/quality_of_life",
    "/ontology/metastasis_resection",
    "/id/source/merloni-2024",
    "/id/guidance/cervantes-2023/limited-brain-disease",
    "/id/model/lin-m1",
    "/ontology/her2_status",
    "/id/study/mf07-01/estimate/os-median-systemic/report/cervantes-2023-283",
    "/id/study/e2108/finding/share_of_no_count/randomised-systemic",
)


def test_a_page_of_each_kind_can_be_used_by_all(page: Page) -> None:
    for path in ONE_OF_EACH:
        page.goto(path)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        serious = [
            (one["id"], one["nodes"][0]["html"])
            for one in found.response["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], path


def test_contrast_holds_in_the_dark(new_page: NewPage) -> None:
    page = new_page(color_scheme="dark")
    for path in ("/id/study/mf07-01/population/randomised", "/id/source/ueno-2022"):
        page.goto(path)
        found = Axe().run(page, options={"runOnly": ["color-contrast"]})
        assert found.violations_count == 0, found.generate_report()


def test_pages_are_whole_without_scripts_and_fold_open(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    for path in ONE_OF_EACH:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_text("metalocal informs; it does not advise.")).to_be_visible()
    page.goto("/id/study/abcsg-28")
    expect(page.get_by_role("link", name="0.691 (95% CI 0.358 to 1.333), p 0.267")).to_be_visible()
    expect(page.get_by_role("heading", name="Facts", exact=True)).to_be_hidden()
    page.get_by_text("All statements").click()
    expect(page.get_by_role("heading", name="Facts", exact=True)).to_be_visible()


def test_a_phone_scrolls_tables_and_never_the_page(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 360, "height": 740})
    for path in ONE_OF_EACH:
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, path


def test_a_keyboard_opens_why_a_direction_was_drawn(page: Page) -> None:
    page.goto("/id/study/mf07-01/estimate/os-hr")
    page.locator("details.direction > summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("95% interval 0.49 to 0.88 lies below 1")).to_be_visible()
    page.get_by_role("link", name="effect direction of a ratio").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("effect direction of a ratio")
