"""What all pages share: notice, landmarks, contrast, keyboard, small screens, no script needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect

from tests.endpoint.conftest import Endpoint
from tests.explorer.conftest import width_of

NOTICE = "metalocal informs; it does not advise."
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGES = [
    "/",
    "/ask",
    "/ask?presentation=de_novo&hr_status=positive&her2_status=negative&study=e2108",
    "/ask/compare?presentation=de_novo&hr_status=positive&but.presentation=recurrent",
    "/explore",
    "/explore?focus=id/study/mf07-01",
    "/sparql",
    "/sparql?query=SELECT%20*%20%7B%20%3Fs%20a%20%3Fo%20%7D%20LIMIT%2020",
    "/maps",
    "/maps/evidence?cell=palliation-bone-any_subtype",
    "/maps/time?question=palliation",
    "/maps/time?question=local_therapy_of_oligoprogression&by=period",
    "/maps/audit?study=abcsg-28",
    "/maps/overlap?question=local_therapy_of_primary",
    "/maps/sources",
    "/maps/source/ueno-2022?line=84",
    "/id/study/abcsg-28",
    "/id/study/mf07-01/population/solitary-bone",
    "/id/study/mf07-01/estimate/os-median-systemic/report/cervantes-2023-283",
    "/id/study/e2108/finding/share_of_no_count/randomised-systemic",
    "/id/source/merloni-2024",
    "/id/guidance/cervantes-2023/limited-brain-disease",
    "/id/model/lin-m1",
    "/ontology/quality_of_life",
    "/ontology/metastasis_resection",
    "/ontology/her2_status",
    "/ontology.html",
]
REFUSED = ["/nowhere", "/id/study/mf07-99"]
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
}
ONLY_CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
NOT_OURS = [[".cm-tooltip-autocomplete"]]  # driven by aria-activedescendant, axe cannot see that
VOID = {"meta", "link", "input", "br", "hr", "img", "wbr", "col", "source"}


class Markup(HTMLParser):
    """Tags of a page in order, each with its attributes, and its text outside of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "main" in self._inside and "script" not in self._inside:
            self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def answers(site: Endpoint) -> dict[str, httpx.Response]:
    """What a browser gets at each address."""
    return {
        path: site.client.get(path, headers=BROWSER, follow_redirects=True)
        for path in PAGES + REFUSED
    }


@pytest.fixture(scope="module")
def pages(answers: dict[str, httpx.Response]) -> dict[str, Markup]:
    """Each page as it comes from the server."""
    return {path: Markup(answer.text) for path, answer in answers.items()}


@pytest.fixture(scope="module")
def visitor(browser: Browser, site: Endpoint) -> Iterator[tuple[Page, list[str]]]:
    """One page for all tests here, and what it did that it must not do."""
    context = browser.new_context(base_url=site.url, reduced_motion="reduce")
    page, faults = context.new_page(), []

    def only_here(request: Request) -> None:
        if not request.url.startswith((site.url, "data:", "blob:")):
            faults.append(f"asked for {request.url}")

    page.on("request", only_here)
    page.on("pageerror", lambda error: faults.append(f"raised {error}"))
    page.on("console", lambda said: _note(faults, said.type, said.text))
    yield page, faults
    context.close()


def _note(faults: list[str], kind: str, text: str) -> None:
    if kind == "error" and "status of 404" not in text:
        faults.append(f"said {text}")


def opened(visitor: tuple[Page, list[str]], path: str, width: int) -> Page:
    page, faults = visitor
    faults.clear()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="light")
    page.goto(path)
    expect(page.locator("main h1")).to_be_visible()
    return page


def violations(page: Page, options: dict[str, object]) -> list[str]:
    """Serious and critical ones, in words."""
    found = Axe().run(page, {"exclude": NOT_OURS}, options).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_there_under_the_strict_policy(
    answers: dict[str, httpx.Response], path: str
) -> None:
    answer = answers[path]
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in answer.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == policy["trusted-types"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", PAGES + REFUSED)
def test_each_page_has_its_landmarks_one_heading_and_the_notice(
    answers: dict[str, httpx.Response], pages: dict[str, Markup], path: str
) -> None:
    page = pages[path]
    tags = [tag for tag, _ in page.tags]
    assert (tags.count("main"), tags.count("h1")) == (1, 1)
    assert tags[: tags.index("body")].count("title") == 1
    assert {"header", "nav", "footer"} <= set(tags)
    assert page.named("html")[0].get("lang") == "en"
    assert NOTICE in answers[path].text


@pytest.mark.parametrize("path", PAGES + REFUSED)
def test_no_page_has_styles_scripts_or_handlers_in_its_text(
    pages: dict[str, Markup], path: str
) -> None:
    page = pages[path]
    assert page.named("style") == []
    assert [found for _, found in page.tags if "style" in found] == []
    assert [name for _, found in page.tags for name in found if name.startswith("on")] == []
    for script in page.named("script"):
        assert script.get("src") or script.get("type") == "application/ld+json"


@pytest.mark.parametrize("path", PAGES + REFUSED)
def test_ids_are_unique_and_what_is_pointed_to_is_there(
    pages: dict[str, Markup], path: str
) -> None:
    tags = pages[path].tags
    ids = [found["id"] for _, found in tags if found.get("id")]
    assert sorted(set(ids), key=str) == sorted(ids, key=str)
    pointing = ("for", "aria-labelledby", "aria-describedby", "aria-controls")
    wanted = {
        word for _, found in tags for name in pointing for word in (found.get(name) or "").split()
    }
    wanted |= {
        (found["href"] or "")[1:]
        for tag, found in tags
        if tag == "a" and (found.get("href") or "").startswith("#")
    }
    assert wanted - {"top", ""} <= set(ids)


@pytest.mark.parametrize("path", PAGES)
def test_the_server_sends_what_a_page_says(pages: dict[str, Markup], path: str) -> None:
    words = pages[path].text.split()
    assert len(words) > 40, "there is next to nothing to read without a script"


@pytest.mark.parametrize("path", PAGES + REFUSED)
def test_a_page_can_be_used_by_all_by_day_in_the_dark_and_on_a_phone(
    visitor: tuple[Page, list[str]], path: str
) -> None:
    page = opened(visitor, path, 1280)
    assert violations(page, AXE) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, ONLY_CONTRAST) == []
    page.set_viewport_size({"width": 360, "height": 740})
    widest = width_of(page)
    assert widest <= 360, f"the page is {widest} pixels wide and scrolls sideways"
    links = page.locator("header.site nav a")
    assert all(link.bounding_box()["height"] >= 44 for link in links.all())  # type: ignore[index]
    assert visitor[1] == []


@pytest.mark.parametrize("path", ["/", "/sparql", "/id/study/mf07-01", "/nowhere"])
def test_the_keyboard_reaches_main_at_once_and_each_link_of_the_site(
    visitor: tuple[Page, list[str]], path: str
) -> None:
    page = opened(visitor, path, 1280)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    for link in page.locator("header.site nav a").all():
        page.keyboard.press("Tab")
        expect(link).to_be_focused()
    page.locator("a.skip").press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("path", ["/sparql", "/ask", "/explore", "/maps"])
def test_the_current_page_is_marked_in_the_navigation(pages: dict[str, Markup], path: str) -> None:
    current = [
        found["href"] for found in pages[path].named("a") if found.get("aria-current") == "page"
    ]
    assert path in current


def test_pages_can_be_read_with_scripts_off(browser: Browser, site: Endpoint) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    for path in PAGES:
        page.goto(path)
        expect(page.locator("main h1")).to_be_visible()
        assert page.locator("main").inner_text().split()[40:], path
        expect(page.locator("main [aria-busy=true]:visible")).to_have_count(0)
    context.close()


def test_what_is_printed_is_the_page_and_the_notice_without_the_frame(
    visitor: tuple[Page, list[str]],
) -> None:
    page = opened(visitor, "/id/study/mf07-01", 1280)
    page.emulate_media(media="print")
    expect(page.locator("header.site")).to_be_hidden()
    expect(page.get_by_text(NOTICE)).to_be_visible()
    page.emulate_media(media="screen")


def test_the_search_of_the_header_leads_to_the_explorer(pages: dict[str, Markup]) -> None:
    form = next(found for found in pages["/sparql"].named("form") if found.get("role") == "search")
    assert (form["action"], form["method"]) == ("/explore", "get")
    assert "search" in [found.get("name") for found in pages["/sparql"].named("input")]


def _tokens(site: Endpoint) -> Iterator[dict[str, str]]:
    """Colours of the style sheet, in the light and in the dark."""
    sheet = site.client.get("/static/style.css").text
    light, dark = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\}", sheet, re.S)[:2]
    ]
    yield light
    yield light | dark


def _contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21, as WCAG 2 defines it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_each_colour_for_words_is_legible_on_each_ground_it_is_for(site: Endpoint) -> None:
    toned = ("mark", "good", "bad", "mixed", "none", "link")
    grounds = ("paper", "panel", *(f"{tone}-paper" for tone in toned))
    pairs = [(words, ground) for words in ("ink", "soft", "link") for ground in grounds]
    pairs += [(tone, ground) for tone in toned for ground in ("paper", "panel", f"{tone}-paper")]
    for tokens in _tokens(site):
        assert {
            pair: contrast
            for pair in pairs
            if (contrast := _contrast(tokens[pair[0]], tokens[pair[1]])) < 4.5
        } == {}
        assert _contrast(tokens["line"], tokens["paper"]) >= 3
