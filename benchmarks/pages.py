"""The explorer's pages in Chromium: first paint, server time, weight, requests; and pictures.

    python benchmarks/pages.py [--url http://127.0.0.1:8000] [--rounds 7] [--pictures DIR]

Needs playwright and the Chromium of this machine. Without `--url` it serves the built graph itself.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

FACTS = (
    "presentation=de_novo&hr_status=positive&her2_status=negative&age=48"
    "&metastatic_sites_only=bone&metastasis_count=1&primary_status=intact"
    "&primary_resectable=yes&prior_lines=0"
)
PAGES = {
    "front": "/",
    "ask": "/ask",
    "answer": f"/ask?{FACTS}",
    "compare": f"/ask/compare?{FACTS}&but.her2_status=positive",
    "explore": "/explore",
    "neighbourhood": "/explore?focus=id/study/tata",
    "study-in-columns": "/explore?study=id/study/e2108",
    "path": "/explore?path=id/study/mf07-01&path=id/study/tata",
    "2000-things": "/explore?all=1&limit=2000",
    "sparql": "/sparql",
    "result": "/sparql?query=SELECT%20*%20%7B%20%3Fstudy%20a%20"
    "%3Chttps%3A//w3id.org/metalocal/ontology/Study%3E%20%7D",
    "study": "/id/study/mf07-01",
    "outcome": "/ontology/overall_survival",
    "source": "/id/source/ueno-2022",
    "maps": "/maps",
    "gap-map": "/maps/evidence",
    "time": "/maps/time",
    "audit": "/maps/audit",
    "overlap": "/maps/overlap",
    "lines": "/maps/source/ueno-2022?line=85",
}
SCREENS = {
    "desk": ({"width": 1280, "height": 900}, "light"),
    "dark": ({"width": 1280, "height": 900}, "dark"),
    "phone": ({"width": 390, "height": 844}, "light"),
    "wall": ({"width": 2560, "height": 1440}, "light"),
}
FLAGS = (
    "--no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
MEASURES = """() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const page = performance.getEntriesByType("navigation")[0];
  const all = [page, ...performance.getEntriesByType("resource")];
  return {
    paint: paint ? paint.startTime : 0,
    server: page.responseStart - page.requestStart,
    sent: all.reduce((sum, one) => sum + one.transferSize, 0),
    requests: all.length,
  };
}"""


@contextmanager
def served() -> Iterator[str]:
    """The address of the built graph, served by the command as users start it."""
    command = [sys.executable, "-m", "metalocal", "serve", "--port", "0", "--log-form", "json"]
    with subprocess.Popen(  # noqa: S603  (our own command)
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        yield process.stdout.readline().split()[2].removesuffix("/sparql")
        process.terminate()


def measured(browser: Browser, address: str, rounds: int) -> dict[str, list[float]]:
    """Measures of each round, each in a context of its own: nothing is kept from before."""
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        context = browser.new_context(viewport=SCREENS["desk"][0])
        page = context.new_page()
        page.goto(address, wait_until="networkidle")
        for name, value in page.evaluate(MEASURES).items():
            found.setdefault(name, []).append(value)
        context.close()
    return found


def take_pictures(browser: Browser, url: str, folder: Path) -> int:
    """A picture of each page on each screen; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    for screen, (size, scheme) in SCREENS.items():
        context = browser.new_context(
            viewport=size, color_scheme=scheme, reduced_motion="reduce", base_url=url
        )
        page = context.new_page()
        for name, path in PAGES.items():
            page.goto(path, wait_until="networkidle")
            page.screenshot(path=folder / f"{name}-{screen}.png")
        context.close()
    return len(SCREENS) * len(PAGES)


def main() -> None:
    """Print the table; take the pictures."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    asked.add_argument("--url", default="", help="An explorer that is served already.")
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--pictures", type=Path, help="Folder for a picture of each page.")
    wish = asked.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("There is no Chromium on this machine; install one.")
    with sync_playwright() as playwright, served() as own:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
        url = wish.url.rstrip("/") or own
        print("| page | first visit: paint ms | then: paint ms | server ms | kB sent | requests |")
        print("|---|---|---|---|---|---|")
        for name, path in PAGES.items():
            first = measured(browser, url + path, 1)
            then = measured(browser, url + path, wish.rounds)
            middle = {measure: statistics.median(values) for measure, values in then.items()}
            print(
                f"| {name} | {first['paint'][0]:.0f} | {middle['paint']:.0f} "
                f"| {middle['server']:.0f} | {middle['sent'] / 1000:.0f} "
                f"| {middle['requests']:.0f} |"
            )
        if wish.pictures:
            print(f"{take_pictures(browser, url, wish.pictures)} pictures in {wish.pictures}")
        browser.close()


if __name__ == "__main__":
    main()
