"""The picture of /explore as files: PNG, SVG, GraphML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.endpoint.conftest import Endpoint

VIEW = "study=id/study/tata"
SVG = "{http://www.w3.org/2000/svg}"
NOTICE = "metalocal informs; it does not advise."


def saved(page: Page, button: str, folder: Path) -> Path:
    """The file a button of the export menu gives."""
    page.goto(f"/explore?{VIEW}")
    expect(page.locator("#cy")).to_have_attribute("data-nodes", re.compile("[0-9]+"))
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as coming:
        page.get_by_role("button", name=button).click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def test_the_png_is_a_picture_named_for_what_it_shows(page: Page, tmp_path: Path) -> None:
    path = saved(page, "Picture (PNG)", tmp_path)
    assert re.fullmatch(r"metalocal-tata(-[\w.]+)?\.png", path.name)
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(head[16:20]) > 1000


def test_the_svg_has_every_thing_its_label_and_the_notice(
    page: Page, site: Endpoint, tmp_path: Path
) -> None:
    told = site.client.get(f"/explore/graph?{VIEW}").json()
    picture = ET.parse(saved(page, "Picture (SVG)", tmp_path)).getroot()
    assert picture.tag == f"{SVG}svg"
    texts = ["".join(one.itertext()) for one in picture.iter(f"{SVG}text")]
    assert NOTICE in texts
    kinds = {node["typeLabel"] for node in told["nodes"]}
    assert kinds <= set(texts)  # the legend
    assert {"TATA", "Merloni 2023", "Liu 2023"} <= set(texts)
    lines = [one for one in picture.iter(f"{SVG}path") if one.get("marker-end")]
    assert len(lines) == len(told["edges"])
    shapes = [one for one in picture.iter(f"{SVG}path") if one.get("stroke")]
    assert len(shapes) == len(told["nodes"])


def test_graphml_has_what_is_shown(page: Page, site: Endpoint, tmp_path: Path) -> None:
    told = site.client.get(f"/explore/graph?{VIEW}").json()
    root = ET.parse(saved(page, "Network (GraphML)", tmp_path)).getroot()
    found = {one.get("id", "") for one in root.iter("{http://graphml.graphdrawing.org/xmlns}node")}
    assert {one.partition("metalocal/")[2] for one in found} == {n["id"] for n in told["nodes"]}
