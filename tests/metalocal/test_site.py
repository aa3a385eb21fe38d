"""The site has a page for everything, each number with its place, and needs no network."""

from __future__ import annotations

import csv
import os
import posixpath
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rdflib import RDFS, Dataset, Graph
from second_engine import rdflib_rows

from graph_builder.build import build
from graph_builder.inputs import Inputs
from graph_builder.reading import Records, read_data
from metalocal.catalogue import ML, find_query
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.site import render
from metalocal.site.content import NOTICE, OWN_QUERIES
from metalocal.site.documents import menu
from metalocal.site.markdown import text
from metalocal.site.pages import site_pages
from metalocal.site.render import SiteError, require_renderer, write_html, write_pages
from metalocal.site.studies import p_value

ROOT = locations().queries.parent
STUDY = "studies/mf07-01/index.md"
HANDFUL = (STUDY, "terms/overall_survival/index.md", "terms/her2_status/index.md")
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
HOSTILE = "a|b <script>alert(1)</script> *c* _d_ `e` [f](http://g.example/) {#h} \\ & # 1."
TERM = f"<{ML}hostile>"
Small = tuple[LocalGraph, Dataset]
GRAPH = "<https://w3id.org/metalocal/id/graph/ontology>"


@pytest.fixture(scope="module")
def pages(graph: LocalGraph) -> dict[str, str]:
    return site_pages(graph, ROOT)


@pytest.fixture(scope="module")
def hostile_pages(graph_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages of a graph that has one more outcome, deprecated, whose label is all marks."""
    label = HOSTILE.replace("\\", "\\\\")
    said = (
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2002/07/owl#NamedIndividual>",
        f"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{ML}Outcome>",
        f'<{RDFS.label}> "{label}"@en',
        f'<http://www.w3.org/2004/02/skos/core#definition> "{label}"@en',
        '<http://www.w3.org/2002/07/owl#deprecated> "true"^^<http://www.w3.org/2001/XMLSchema#boolean>',
        f"<http://purl.obolibrary.org/obo/IAO_0100001> <{ML}overall_survival>",
    )
    path = tmp_path_factory.mktemp("hostile") / "graph.nq"
    lines = "".join(f"{TERM} {one} {GRAPH} .\n" for one in said)
    path.write_text(graph_file.read_text("utf-8") + lines, encoding="utf-8")
    return site_pages(LocalGraph(path), ROOT)


@pytest.fixture(scope="module")
def records() -> Records:
    found, problems = read_data(locations().data)
    assert problems == []
    return found


@pytest.fixture(scope="session")
def renderer() -> None:
    """The renderer, or the test is skipped; METALOCAL_REQUIRE_SITE=1 makes that a failure."""
    try:
        require_renderer()
    except SiteError as error:
        if os.environ.get("METALOCAL_REQUIRE_SITE") == "1":
            pytest.fail(f"{error}, and METALOCAL_REQUIRE_SITE is 1")
        pytest.skip(str(error))


def resolved(page: str, target: str) -> str:
    """The page a link of a page leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), target.partition("#")[0]))


def alone(pages: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """Some pages, a link that leaves them put into words; the first is also the first page."""

    def kept(page: str, found: re.Match[str]) -> str:
        inner = not found[2].startswith("http") and resolved(page, found[2]) not in names
        return found[1] if inner else found[0]

    few = {n: LINK.sub(lambda found, n=n: kept(n, found), pages[n]) for n in names}
    return {"index.md": "# metalocal\n"} | few


def test_every_term_of_the_ontology_has_a_page_at_its_own_address(pages: dict[str, str]) -> None:
    ontology = Graph()
    for path in locations().ontology.glob("*.ttl"):
        ontology.parse(path)
    names = {str(s).removeprefix(ML) for s in ontology.subjects(RDFS.label) if ML in str(s)}
    assert len(names) > 500
    assert {f"terms/{name}/index.md" for name in names} <= set(pages)


@pytest.mark.parametrize(
    ("kind", "folder"), [("trials", "studies"), ("sources", "sources"), ("models", "models")]
)
def test_every_data_file_has_a_page_and_no_other_is_there(
    kind: str, folder: str, pages: dict[str, str]
) -> None:
    files = {path.stem for path in (locations().data / kind).glob("*.yaml")}
    assert {f"{folder}/{name}/index.md" for name in files} | {f"{folder}/index.md"} == {
        page for page in pages if page.startswith(f"{folder}/")
    }


def test_every_page_says_that_metalocal_does_not_advise(pages: dict[str, str]) -> None:
    said = {page for page, markdown in pages.items() if NOTICE in markdown}
    assert {page for page in pages if page.endswith(".md")} <= said


def test_every_link_between_pages_leads_to_a_page_and_every_anchor_is_there(
    pages: dict[str, str],
) -> None:
    generated = {
        page: m for page, m in pages.items() if not page.startswith(("guide/", "changes/"))
    }
    lost = []
    for page, markdown in generated.items():
        for _, target in LINK.findall(markdown):
            if target.startswith(("http://", "https://")):
                continue
            path, _, anchor = target.partition("#")
            there = pages.get(resolved(page, path))
            if there is None or (anchor and "sources/" in path and f"{{ #{anchor} }}" not in there):
                lost.append((page, target))
    assert lost == []


def test_a_link_leads_from_every_list_to_each_of_its_pages(pages: dict[str, str]) -> None:
    for folder in ("terms", "studies", "sources", "models"):
        listed = {
            resolved(f"{folder}/index.md", t) for _, t in LINK.findall(pages[f"{folder}/index.md"])
        }
        assert {page for page in pages if page.startswith(f"{folder}/")} - listed == {
            f"{folder}/index.md"
        }


def stands(number: str, source: str, line: int, page: str) -> bool:
    """Whether a row of a table of the page has the number, and the line under its source."""
    at = re.compile(rf"/{re.escape(source)}/index\.md\)[^\[]*\blines? (?:\d+, )*{line}\b")
    return any(number in row and at.search(row) for row in page.splitlines() if row.startswith("|"))


def test_every_number_of_a_study_stands_on_its_page_with_source_and_line(
    pages: dict[str, str], records: Records
) -> None:
    missing = []
    for study in records.studies:
        page = pages[f"studies/{study.id}/index.md"]
        reports = [report for estimate in study.estimates for report in estimate.reported]
        numbers = [
            (text(printed), r.source, r.line)
            for r in reports
            for printed in (r.value, r.low, r.high)
            if printed
        ]
        numbers += [(p_value({"p": r.p}), r.source, r.line) for r in reports if r.p]
        numbers += [(text(r.value), r.source, r.line) for f in study.facts for r in f.reported]
        missing += [(study.id, *number) for number in numbers if not stands(*number, page)]
    assert missing == []


def test_two_prints_of_one_number_are_told_apart_with_their_sources(pages: dict[str, str]) -> None:
    (told,) = re.findall(r"^ *- patients randomised: .*$", pages[STUDY], re.MULTILINE)
    assert re.search(
        r"\*\*274\*\* \(.*liu-2023.*\) or \*\*278\*\* \(.*ueno-2022.*lines 66, 85", told
    )


def test_a_subgroup_names_the_population_it_is_within_and_all_its_criteria(
    pages: dict[str, str],
) -> None:
    (row,) = (row for row in pages[STUDY].splitlines() if "**solitary bone metastasis**" in row)
    for words in ("within: all randomised", "presentation: de novo", "metastatic sites: bone only"):
        assert words in row


def test_the_page_of_an_attribute_gives_its_question_and_its_values(pages: dict[str, str]) -> None:
    page = pages["terms/her2_status/index.md"]
    assert "**Question text:** HER2?" in page
    values = re.findall(r"her2_status-(\w+)/index.md\) \|", page)
    assert values == ["positive", "low", "negative"]


def test_class_and_property_of_one_name_but_for_the_capital_have_a_page_each(
    pages: dict[str, str],
) -> None:
    assert "**Kind:** class" in pages["terms/Outcome/index.md"]
    assert "**Kind:** object property" in pages["terms/outcome/index.md"]


def test_a_term_tells_in_which_studies_it_is_used(pages: dict[str, str], records: Records) -> None:
    studies = {
        s.id for s in records.studies if any(e.outcome == "local_control" for e in s.estimates)
    }
    page = pages["terms/local_control/index.md"]
    assert set(re.findall(r"studies/([^/]+)/index", page)) == studies
    assert f"In {len(studies)} studies" in page


def test_every_mapping_leads_to_the_outside_term_by_its_name(pages: dict[str, str]) -> None:
    lines = (locations().ontology / "mappings.sssom.tsv").read_text("utf-8").splitlines()
    table = [line for line in lines if not line.startswith("#")]
    missing = []
    for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
        page = pages[f"terms/{row['subject_id'].removeprefix('ml:')}/index.md"]
        name = text(f"{row['object_id']} {row['object_label']}")
        missing += [row] * (f"[{name}](http" not in page)
    assert missing == []


def test_a_deprecated_term_says_so_and_what_replaces_it(hostile_pages: dict[str, str]) -> None:
    page = hostile_pages["terms/hostile/index.md"]
    assert "**Deprecated: do not use this term any more.**" in page
    assert "**Replaced by:** [overall survival](../overall_survival/index.md)" in page


def test_a_label_full_of_marks_stays_one_cell_of_its_list(hostile_pages: dict[str, str]) -> None:
    (row,) = (r for r in hostile_pages["terms/index.md"].splitlines() if "(hostile/index.md)" in r)
    assert row.count("|") == 3
    assert "<script>" not in row


def test_text_cannot_begin_a_list_a_heading_or_a_rule() -> None:
    assert text("- a") == "&#45; a"
    assert text("1. a") == "1&#46; a"
    assert text("# a") == "&#35; a"
    assert text("10.1000/x") == "10.1000/x"
    assert text("a\n\n# b") == "a # b"


def test_a_site_without_documents_or_history_of_terms_is_whole(
    small: Small, tmp_path: Path
) -> None:
    (tmp_path / "queries").symlink_to(ROOT / "queries")
    bare = site_pages(small[0], tmp_path)
    assert "history/index.md" not in bare
    assert menu(bare) == []
    assert "studies/example-2020/index.md" in bare


def test_a_document_moves_with_its_links(small: Small, tmp_path: Path) -> None:
    (tmp_path / "queries").symlink_to(ROOT / "queries")
    docs = tmp_path / "docs"
    (docs / "decisions").mkdir(parents=True)
    (docs / "index.md").write_text("# x\n[t](terms/overall_survival/index.md) [h](house.md#a)\n")
    (docs / "house.md").write_text("# h\n## a\n[d](decisions/1.md) [data](../data/x.yaml)\n")
    (docs / "decisions" / "1.md").write_text("# d\n```\n[no](link.md)\n```\n[h](../house.md)\n")
    pages = site_pages(small[0], tmp_path)
    assert "[t](terms/overall_survival/index.md) [h](guide/house/index.md#a)" in pages["index.md"]
    assert "[d](../decisions/1/index.md) data (`data/x.yaml`)" in pages["guide/house/index.md"]
    assert "[no](link.md)" in pages["guide/decisions/1/index.md"]
    assert "[h](../../house/index.md)" in pages["guide/decisions/1/index.md"]
    assert menu(pages) == ["guide/house/index.md", {"Decisions": ["guide/decisions/1/index.md"]}]


def test_a_picture_moves_with_its_document_and_is_no_page_of_the_menu(
    small: Small, tmp_path: Path
) -> None:
    (tmp_path / "queries").symlink_to(ROOT / "queries")
    (tmp_path / "docs" / "pictures").mkdir(parents=True)
    (tmp_path / "docs" / "pooling.md").write_text("# p\n![a plot (svg)](pictures/plot.svg)\n")
    (tmp_path / "docs" / "pictures" / "plot.svg").write_text("<svg/>\n")
    pages = site_pages(small[0], tmp_path)
    assert "![a plot (svg)](../pictures/plot.svg)" in pages["guide/pooling/index.md"]
    assert pages["guide/pictures/plot.svg"] == "<svg/>\n"
    assert menu(pages) == ["guide/pooling/index.md"]


def test_terms_of_a_later_version_are_listed_as_new(small: Small, tmp_path: Path) -> None:
    (tmp_path / "queries").symlink_to(ROOT / "queries")
    (tmp_path / "ontology").mkdir()
    rows = ("Study\tclass\tstudy\t0.9.0\tcurrent\t", "Arm\tclass\tarm\t0.10.0\tobsolete\tStudy")
    head = "name\tkind\tlabel\tsince\tstatus\treplaced_by"
    (tmp_path / "ontology" / "terms.tsv").write_text("\n".join([head, *rows]) + "\n")
    pages = site_pages(small[0], tmp_path)
    assert "Version 0.9.0 is the first; terms: 1." in pages["history/index.md"]
    assert "## New in version 0.10.0\n\n- [arm](../terms/Arm/index.md)" in pages["history/index.md"]
    row = "| [arm](../terms/Arm/index.md) | [study](../terms/Study/index.md) |"
    assert row in pages["history/index.md"]
    assert "**Since version:** 0.10.0" in pages["terms/Arm/index.md"]


@pytest.mark.parametrize("name", sorted(path.stem for path in OWN_QUERIES.glob("*.rq")))
def test_a_query_of_the_site_gives_the_same_rows_in_rdflib(name: str, small: Small) -> None:
    local, other = small
    query = find_query(OWN_QUERIES, name)
    rows = local.select(query.text).texts()
    assert rows or name == "model-results"
    found = rdflib_rows(other, query.text)
    key = lambda row: sorted(row.items())  # noqa: E731
    assert sorted(found, key=key) == sorted(rows, key=key)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """The graph of the invented studies, for both engines."""
    folder = tmp_path_factory.mktemp("small") / "graph"
    build(Inputs(locations().ontology, Path(__file__).parents[1] / "studies"), folder, "test")
    dataset = Dataset(default_union=True)
    dataset.parse(data=(folder / "graph.nq").read_text("utf-8"), format="nquads")
    return LocalGraph(folder / "graph.nq"), dataset


def test_without_the_extra_it_is_told_how_to_install_it_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(render, "find_spec", lambda name: None)
    with pytest.raises(SiteError, match=r"pip install 'metalocal\[site\]'"):
        write_html({"index.md": "# x\n"}, tmp_path / "site")
    assert list(tmp_path.iterdir()) == []


def test_pages_are_written_in_place_of_an_older_site(tmp_path: Path) -> None:
    write_pages({"index.md": "old\n", "gone/index.md": "old\n"}, tmp_path / "site")
    write_pages({"index.md": "new\n"}, tmp_path / "site")
    assert (tmp_path / "site" / "index.md").read_text() == "new\n"
    assert not (tmp_path / "site" / "gone").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(SiteError, match="holds other things"):
        write_pages({"index.md": "x\n"}, tmp_path)
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_two_pages_in_one_file_are_an_error_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="in capitals alone"):
        write_pages({"a/index.md": "x\n", "a//index.md": "y\n"}, tmp_path / "site")
    assert list(tmp_path.iterdir()) == []


class Resources(HTMLParser):
    """Collects what a page loads, and the text of its first heading."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.heading, self.within = "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.within |= tag == "h1"
        names = ("href",) if tag == "link" else ("src", "srcset", "data", "poster")
        self.loaded += [str(given[name]) for name in names if given.get(name) and tag != "a"]

    def handle_endtag(self, tag: str) -> None:
        self.within &= tag != "h1"

    def handle_data(self, data: str) -> None:
        self.heading += data if self.within else ""


def read_html(path: Path) -> Resources:
    found = Resources()
    found.feed(path.read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def site(
    renderer: None, hostile_pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A handful of pages as HTML."""
    folder = tmp_path_factory.mktemp("rendered") / "site"
    write_html(alone(hostile_pages, (*HANDFUL, "terms/hostile/index.md")), folder)
    return folder


def test_no_rendered_page_loads_anything_from_the_web(site: Path) -> None:
    loaded = [one for path in site.rglob("*.html") for one in read_html(path).loaded]
    assert len(loaded) > 10
    assert [one for one in loaded if re.match(r"(?:[a-z]+:)?//", one)] == []
    styles = "".join(path.read_text("utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", styles) == []


def test_a_page_lies_at_the_address_its_iri_is_led_to(site: Path) -> None:
    assert (site / "terms" / "overall_survival" / "index.html").is_file()
    assert "MF07-01" in read_html(site / "studies" / "mf07-01" / "index.html").heading


def test_a_label_full_of_marks_is_shown_sign_by_sign(site: Path) -> None:
    assert read_html(site / "terms" / "hostile" / "index.html").heading.strip() == HOSTILE


def test_tables_and_boxes_are_rendered_as_such(site: Path) -> None:
    page = (site / "studies" / "mf07-01" / "index.html").read_text("utf-8")
    assert page.count("<table>") >= 5
    assert '<div class="admonition warning">' in page
    assert "| ---" not in page


def test_a_link_that_leads_nowhere_stops_the_rendering(renderer: None, tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"index\.md.*nowhere\.md"):
        write_html({"index.md": "# x\n\n[lost](nowhere.md)\n"}, tmp_path / "site")
    assert list(tmp_path.iterdir()) == []
