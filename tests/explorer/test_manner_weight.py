"""What is sent how: compressed for people, plain for programs, once and no more where it lasts."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from metalocal.pages import assets
from tests.endpoint.conftest import Endpoint

BROWSER = {"Accept": "text/html", "Accept-Encoding": "gzip"}
PLAIN = {"Accept": "text/html", "Accept-Encoding": "identity"}
STYLE = "/static/style.css"


def sent(site: Endpoint, path: str) -> bytes:
    """The body as it goes over the line."""
    with site.client.stream("GET", path, headers=BROWSER) as answer:
        return b"".join(answer.iter_raw())


@pytest.mark.parametrize("path", ["/", "/sparql", "/id/study/mf07-01", STYLE])
def test_a_page_is_compressed_for_who_asks_and_is_the_same_page(site: Endpoint, path: str) -> None:
    whole = site.client.get(path, headers=PLAIN)
    short = site.client.get(path, headers=BROWSER)
    assert "content-encoding" not in whole.headers
    assert short.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in whole.headers["vary"]
    assert short.headers["vary"] == whole.headers["vary"]
    body = sent(site, path)
    assert int(short.headers["content-length"]) == len(body)
    assert gzip.decompress(body) == whole.content
    assert len(body) < 0.4 * len(whole.content)


def test_a_head_request_tells_the_length_of_what_is_compressed(site: Endpoint) -> None:
    head, page = (site.client.request(how, "/sparql", headers=BROWSER) for how in ("HEAD", "GET"))
    assert head.content == b""
    assert head.headers["content-length"] == page.headers["content-length"]
    assert head.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%20300", "*/*"),
        ("/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%20300", "text/csv"),
        ("/id/study/mf07-01", "text/turtle"),
        ("/api/queries/studies", "application/json"),
    ],
)
def test_data_for_programs_is_not_compressed(site: Endpoint, path: str, accept: str) -> None:
    answer = site.client.get(path, headers={"Accept": accept, "Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert len(answer.content) > 2_000
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("path", [STYLE, "/static/favicon.svg", "/favicon.ico"])
def test_an_asset_that_a_browser_has_is_not_sent_again(site: Endpoint, path: str) -> None:
    first = site.client.get(path)
    again = site.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    other = site.client.get(path, headers={"If-None-Match": 'W/"another"'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert (other.status_code, other.content) == (200, first.content)


def test_what_has_its_content_in_its_address_is_kept_for_ever(site: Endpoint) -> None:
    page = site.client.get("/sparql", headers=BROWSER).text
    named = re.findall(r'(?:href|src)="(/static/\w+\.css\?\w+|/bundle/[\w.-]+\.js)"', page)
    assert named
    for path in named:
        assert "immutable" in site.client.get(path).headers["cache-control"]
    assert site.client.get(STYLE).headers["cache-control"] == "max-age=3600"


def test_a_page_that_may_tell_of_a_patient_is_not_kept(site: Endpoint) -> None:
    asked = site.client.get("/ask?presentation=de_novo", headers=BROWSER)
    assert asked.headers["cache-control"] == "no-store"
    assert site.client.get("/", headers=BROWSER).headers["cache-control"] == "private, no-cache"


def test_the_front_page_with_all_it_loads_is_light(site: Endpoint) -> None:
    page = site.client.get("/", headers=BROWSER).text
    head = page.partition("</head>")[0]
    loaded = set(re.findall(r'(?:href|src)="(/[^"]+)"', head))
    weight = sum(len(sent(site, path)) for path in {"/", *loaded})
    assert weight < 25_000, f"{weight} bytes"


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A bundle of three scripts: `maps` imports `one`, which imports `two`, and later `late`."""
    (tmp_path / "manifest.json").write_text('{"maps.js": "maps-A.js", "ask.js": "ask-B.js"}')
    (tmp_path / "maps-A.js").write_text('import{a}from"./one-C.js";import("./late-E.js");a()')
    (tmp_path / "one-C.js").write_text('import"./two-D.js";export const a=1')
    for name in ("two-D.js", "late-E.js", "ask-B.js"):
        (tmp_path / name).write_text("export{}")
    monkeypatch.setattr(assets, "BUNDLE", tmp_path)
    for kept in (assets._manifest, assets.chunks_of):
        kept.cache_clear()
    yield tmp_path
    for kept in (assets._manifest, assets.chunks_of):
        kept.cache_clear()


@pytest.mark.usefixtures("bundle")
def test_a_page_asks_at_once_for_what_its_script_imports_at_once() -> None:
    assert assets.chunks_of("maps") == ("/bundle/one-C.js", "/bundle/two-D.js")
    assert assets.chunks_of("ask") == assets.chunks_of("none") == ()
