"""The canvas of /explore: what a view asks for is drawn, listed, walked through and shared."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.endpoint.conftest import Endpoint
from tests.explorer.conftest import NewPage, width_of

TATA = "/explore?focus=id/study/tata"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def graph(site: Endpoint, query: str) -> dict[str, Any]:
    """The graph that the server tells of a view."""
    answer = site.client.get(f"/explore/graph?{query}")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def canvas(page: Page) -> Locator:
    return page.locator("#cy")


def shows(page: Page, count: int) -> None:
    expect(canvas(page)).to_have_attribute("data-nodes", str(count))


def asked(page: Page, name: str) -> list[str]:
    return [value for key, value in parse_qsl(urlsplit(page.url).query) if key == name]


def listed(page: Page, count: int) -> set[str]:
    """Ids of all things in the list below the picture, its groups opened."""
    page.locator("#list details").evaluate_all("all => all.forEach(one => { one.open = true })")
    expect(page.locator("#list button[data-id]")).to_have_count(count)
    found = page.locator("#list button[data-id]").evaluate_all("all => all.map(b => b.dataset.id)")
    return set(found)


def relation(page: Page, label: str) -> Locator:
    return page.locator("#panel .relation").filter(has_text=label)


def test_a_study_is_found_by_its_name_with_the_keyboard_alone(page: Page, site: Endpoint) -> None:
    page.goto("/explore")
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).first.focus()
    page.keyboard.type("MF07-01")
    expect(page.get_by_role("option").first).to_contain_text("MF07-01")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text("MF07-01")
    assert asked(page, "focus") == ["id/study/mf07-01"]
    shows(page, graph(site, "focus=id/study/mf07-01")["shown"])


def test_a_number_of_the_registry_finds_its_study(page: Page) -> None:
    page.goto("/explore")
    page.locator("#search").press_sequentially("NCT00193778")
    page.get_by_role("option", name="TATA").first.click()
    expect(page.locator("#panel h2")).to_have_text("TATA")
    expect(page.locator("#search")).to_have_value("")


def test_the_list_has_every_thing_of_the_picture_and_chooses_it(page: Page, site: Endpoint) -> None:
    told = graph(site, "focus=id/study/tata&type=Study&type=Arm&type=Population")
    page.goto(f"{TATA}&type=Study&type=Arm&type=Population")
    shows(page, len(told["nodes"]))
    assert listed(page, len(told["nodes"])) == {node["id"] for node in told["nodes"]}
    arm = next(node for node in told["nodes"] if node["type"] == "Arm")
    page.locator(f"#list button[data-id='{arm['id']}']").click()
    expect(page.locator("#panel h2")).to_have_text(arm["label"])
    expect(page.locator("#panel").get_by_role("link", name="Open its page")).to_have_attribute(
        "href", arm["path"]
    )
    expect(page.locator("#list [aria-current]")).to_have_count(1)


def test_a_relation_opens_and_closes_and_every_step_can_be_undone(
    page: Page, site: Endpoint
) -> None:
    arm = "id/study/tata/arm/locoregional"
    page.goto(f"/explore?focus={arm}")
    first = graph(site, f"focus={arm}")["shown"]
    shows(page, first)
    page.locator("#list summary", has_text="study").first.wait_for()
    page.locator("#list button[data-id='id/study/tata']").click()
    told = site.client.get("/explore/relations?id=id/study/tata").json()["relations"]
    populations = next(one for one in told if one["relation"] == "hasPopulation")
    relation(page, populations["label"]).click()
    expect(page.locator("#status")).to_contain_text("added")
    opened = int(canvas(page).get_attribute("data-nodes") or 0)
    assert opened > first
    assert asked(page, "expand") == ["id/study/tata|hasPopulation|out"]
    count = populations["count"]
    expect(relation(page, populations["label"])).to_contain_text(f"{count} of {count}")

    page.get_by_role("button", name="Undo").click()
    shows(page, first)
    page.get_by_role("button", name="Redo").click()
    shows(page, opened)
    page.reload()
    shows(page, opened)
    page.go_back()
    shows(page, first)


def test_what_is_removed_and_pinned_stands_in_the_address(page: Page) -> None:
    page.goto(f"{TATA}&type=Arm")
    expect(canvas(page)).to_have_attribute("data-nodes", re.compile("[0-9]+"))
    before = int(canvas(page).get_attribute("data-nodes") or 0)
    page.locator("#list button[data-id='id/study/tata/arm/locoregional']").click()
    page.get_by_role("button", name="Pin").click()
    expect(page.get_by_role("button", name="Pin")).to_have_attribute("aria-pressed", "true")
    assert asked(page, "pin")[0].startswith("id/study/tata/arm/locoregional,")
    page.get_by_role("button", name="Remove", exact=True).click()
    shows(page, before - 1)
    assert asked(page, "removed") == ["id/study/tata/arm/locoregional"]
    expect(page.locator("#share")).to_have_value(page.url)
    page.get_by_role("button", name="bring back 1 removed thing").click()
    shows(page, before)


def test_a_filter_shows_only_what_is_ticked_and_says_what_it_hides(
    page: Page, site: Endpoint
) -> None:
    page.goto(TATA)
    whole = graph(site, "focus=id/study/tata")
    shows(page, whole["shown"])
    counts = {kind: sum(n["type"] == kind for n in whole["nodes"]) for kind in ("Arm", "Estimate")}
    tick = page.locator("#filters label", has=page.locator("input[value='Arm']"))
    expect(tick).to_contain_text(str(counts["Arm"]))
    tick.click()
    shows(page, counts["Arm"] + 1)  # what is looked at stays
    expect(page.locator("#shown")).to_contain_text("hidden by filters")
    arms = {node["id"] for node in whole["nodes"] if node["type"] == "Arm"}
    assert listed(page, len(arms) + 1) == arms | {"id/study/tata"}
    page.get_by_role("button", name="clear them").click()
    shows(page, whole["shown"])


def test_more_than_the_limit_is_said_and_can_be_had(page: Page, site: Endpoint) -> None:
    view = "focus=ontology/overall_survival"
    page.goto(f"/explore?{view}&limit=20")
    shows(page, 20)
    total = graph(site, view)["total"]
    expect(page.locator("#shown")).to_contain_text(f"20 of {total:,} things shown")
    page.locator("#shown").get_by_role("link").click()
    shows(page, min(600, total))
    assert asked(page, "limit") == ["600"]


def test_paths_between_two_studies_are_told_step_by_step(page: Page, site: Endpoint) -> None:
    page.goto("/explore?focus=id/study/mf07-01&type=Arm")
    page.get_by_role("button", name="Path from here").click()
    page.get_by_label("To", exact=True).press_sequentially("TATA")
    page.get_by_role("option", name="TATA study").first.click()
    told = site.client.get("/explore/path?from=id/study/mf07-01&to=id/study/tata").json()
    expect(page.locator("#panel .steps").first).to_be_visible()
    words = [
        item.text_content() for item in page.locator("#panel .steps").first.locator("li").all()
    ]
    assert words == told["words"][0]
    assert asked(page, "path") == ["id/study/mf07-01", "id/study/tata"]
    shows(page, len(told["nodes"]))


def test_a_path_leads_from_a_study_to_a_guidance_statement(page: Page, site: Endpoint) -> None:
    ends = ["id/study/mf07-01", "id/guidance/liu-2023/bone-only"]
    told = site.client.get("/explore/path", params=dict(zip(("from", "to"), ends, strict=True)))
    assert told.status_code == 200
    page.goto(f"/explore?path={ends[0]}&path={ends[1]}")
    shows(page, len(told.json()["nodes"]))
    expect(page.locator("#panel .steps")).to_have_count(len(told.json()["steps"]))
    page.locator("#filters label", has=page.locator("input[value='Study']")).click()
    kept = [n for n in told.json()["nodes"] if n["type"] == "Study" or n["id"] in ends]
    shows(page, len(kept))  # both ends stay


def test_a_study_in_columns_keeps_the_order_of_the_server(page: Page, site: Endpoint) -> None:
    page.goto(f"{TATA}&type=Arm")
    page.get_by_role("button", name="Study in columns").click()
    told = graph(site, "study=id/study/tata")
    shows(page, len(told["nodes"]))
    assert asked(page, "study") == ["id/study/tata"]
    expect(page.locator("#layout")).to_have_value("given")


def test_the_overlap_of_reviews_is_drawn_with_its_words(page: Page, site: Endpoint) -> None:
    told = graph(site, "overlap=local_therapy_of_primary")
    page.goto("/explore?overlap=local_therapy_of_primary")
    shows(page, len(told["nodes"]))
    expect(page.locator("#panel")).to_contain_text(told["notice"])
    expect(page.locator("#panel")).to_contain_text("derived")


def test_two_thousand_things_are_drawn(page: Page) -> None:
    page.goto("/explore?all=1&limit=2000")
    shows(page, 2000)
    expect(page.locator("#shown")).to_contain_text("2,000 of")


def test_arrow_keys_go_from_thing_to_thing_and_enter_reads_one(page: Page) -> None:
    page.goto(f"{TATA}&type=Arm&type=Population")
    expect(page.locator("#panel .relation").first).to_be_visible()
    page.get_by_role("application").focus()
    met = set()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        met.add(page.locator("#panel h2").text_content())
    assert len(met) > 1
    expect(page.locator("#status")).to_contain_text("shown.")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_be_focused()


def test_on_a_phone_nothing_runs_over_the_edge(new_page: NewPage) -> None:
    phone = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    phone.goto(TATA)
    expect(phone.locator("#panel .relation").first).to_be_visible()
    assert width_of(phone) <= phone.evaluate("innerWidth")
    picture, panel = canvas(phone).bounding_box(), phone.locator("#panel").bounding_box()
    assert picture is not None
    assert panel is not None
    assert panel["y"] > picture["y"]


def test_axe_finds_nothing_on_the_canvas_in_the_dark_with_a_menu_open(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    page.goto(TATA)
    expect(page.locator("#panel .relation").first).to_be_visible()
    page.get_by_text("Path between two").click()
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []


def test_a_request_that_fails_is_told_and_can_be_tried_again(
    browser: Browser, site: Endpoint
) -> None:
    context = browser.new_context(base_url=site.url, reduced_motion="reduce")
    page = context.new_page()
    busy = {"status": 503, "content_type": "text/plain", "body": "Other pictures took the time."}
    page.route(re.compile("/explore/graph"), lambda route: route.fulfill(**busy))
    page.goto(TATA)
    expect(page.get_by_role("alert")).to_have_text("Other pictures took the time.")
    page.unroute(re.compile("/explore/graph"))
    page.get_by_role("button", name="Try again").click()
    expect(canvas(page)).to_have_attribute("data-nodes", re.compile("[0-9]+"))
    expect(page.get_by_role("alert")).to_have_count(0)
    context.close()
