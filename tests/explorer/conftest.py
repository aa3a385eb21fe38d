"""The explorer over the built graph, and a browser that forgives nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Route,
    expect,
    sync_playwright,
)

from metalocal.commands.common import built_graph
from metalocal.endpoint import Limits, Sources
from metalocal.locations import locations
from metalocal.server import create_app
from tests.endpoint.conftest import Endpoint, serving

expect.set_options(timeout=20_000)  # a busy machine is no fault
_FLAGS = (
    "--no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
_WATCH = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.effectiveDirective} ${event.blockedURI}`))"""

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def site() -> Iterator[Endpoint]:
    """The explorer and endpoint over the built graph."""
    places = locations()
    sources = Sources(built_graph(), places.queries, places.ontology)
    with serving(create_app(sources, Limits(seconds=60.0))) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine, or the test is skipped.

    METALOCAL_REQUIRE_BROWSER=1 makes that a failure. One for each module, for Playwright keeps an
    event loop running in the thread of the tests.
    """
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        if os.environ.get("METALOCAL_REQUIRE_BROWSER") == "1":
            pytest.fail("there is no Chromium, and METALOCAL_REQUIRE_BROWSER is 1")
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=_FLAGS.split())
        yield found
        found.close()


@pytest.fixture
def new_page(browser: Browser, site: Endpoint) -> Iterator[NewPage]:
    """Open a page in a context of its own; its words go to Browser.new_context.

    At the end the test fails if a page asked for anything off this server, broke the policy it
    was sent under, raised an error or wrote one to the console.
    """
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def only_here(route: Route) -> None:
        address = route.request.url
        if address.startswith(("data:", "blob:")) or _same_host(address, site.url):
            route.continue_()
        else:
            faults.append(f"asked for {address}")
            route.abort()

    def open_page(**settings: object) -> Page:
        wanted = {"base_url": site.url, "reduced_motion": "reduce", "accept_downloads": True}
        context = browser.new_context(**{**wanted, **settings})  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(20_000)
        context.route("**/*", only_here)
        if settings.get("java_script_enabled", True):
            context.add_init_script(_WATCH)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"raised {error}"))
        page.on("console", lambda said: faults.extend(_errors(page, said)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page of a usual screen."""
    return new_page(viewport={"width": 1280, "height": 900})


def width_of(page: Page) -> int:
    """How wide the page is, in pixels, once its stylesheet has come.

    After a click a page can be read before it is loaded, and is then as wide as its longest line.
    """
    page.wait_for_load_state()
    return int(page.evaluate("document.documentElement.scrollWidth"))


def _errors(page: Page, said: ConsoleMessage) -> list[str]:
    """What was said, if it is an error other than the status of the page itself."""
    of_page = said.location["url"] == page.url and said.text.startswith("Failed to load resource")
    return [f"said {said.text}"] if said.type == "error" and not of_page else []


def _same_host(address: str, site: str) -> bool:
    return urlsplit(address).netloc == urlsplit(site).netloc
