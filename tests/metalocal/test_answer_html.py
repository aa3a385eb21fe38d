"""The answer as one HTML page: whole, safe, accessible; and the plots in it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from patients import BONE

from metalocal.answers import NOTICE, Answer, EvidenceRow, QuestionAnswer
from metalocal.locations import version
from metalocal.plots import Forest, arms_svg
from metalocal.render.data import Maker
from metalocal.render.figures import arms_plots, direction_labels, forests, printings
from metalocal.render.html import as_html, rest
from metalocal.render.html.elements import Html, element
from metalocal.render.html.style import STYLE
from metalocal.render.verdicts import deciding_effect, says, verdict_sentence

LUNG = {
    "presentation": "recurrent",
    "metastatic_sites": {"only": ["lung"]},
    "metastasis_count": 1,
    "primary_status": "controlled",
}
PRIMARY = "local_therapy_of_primary"
VOID = {"meta", "br"}
HEADINGS = {"h1", "h2", "h3"}

Ask = Callable[..., Answer]


@pytest.fixture(scope="module")
def bone(ask: Ask) -> Answer:
    return ask(**BONE)


@pytest.fixture(scope="module")
def pages(ask: Ask, bone: Answer) -> dict[str, str]:
    return {"bone": as_html(bone), "lung": as_html(ask(**LUNG)), "nothing": as_html(ask())}


class Page(HTMLParser):
    """Elements of a page in order, each with its attributes and what it stands in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str], tuple[str, ...]]] = []
        self.text: list[tuple[str, tuple[str, ...]]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}, tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}, tuple(self.open)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append((data, tuple(self.open)))

    def words(self, *, shown: bool = False) -> list[str]:
        """All words outside plots and styles; `shown`: those that stand there unasked."""
        hidden = {"svg", "style", "title"} | ({"details"} if shown else set())
        return [w for text, within in self.text if hidden.isdisjoint(within) for w in text.split()]

    def named(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes, _ in self.elements if tag in tags]


@pytest.fixture(scope="module", params=["bone", "lung", "nothing"])
def page(request: pytest.FixtureRequest, pages: dict[str, str]) -> Page:
    return Page(pages[request.param])


def test_what_is_not_recommended_is_in_sight_however_much_else_applies(bone: Answer) -> None:
    question = next(one for one in bone.questions if one.local_therapy)
    reasons = next(group.reasons for group in bone.models if group.reasons)[:1]
    some = next(one for one in bone.guidance if one.kind == "recommendation")
    some = replace(some, question=question.question, verdict="included", reasons=())
    number = rest.RECOMMENDATIONS + 1
    against = [
        replace(some, label=f"against {n}", position="not recommended") for n in range(number)
    ]
    options = [
        replace(some, label=f"option {n}", position="", reasons=reasons) for n in range(number)
    ]
    found = rest.recommendations(replace(bone, guidance=(*options, *against)), [question])
    shown, _, closed = found.partition("<details")
    assert [one.label for one in against if one.label not in shown] == []
    assert "option" not in shown
    assert f"{number} more apply" in closed


def test_the_page_loads_nothing_and_runs_nothing(page: Page) -> None:
    assert page.named("script", "iframe", "object", "embed", "link", "form", "base") == []
    (policy,) = [
        meta["content"] for meta in page.named("meta") if meta.get("http-equiv", "").endswith("icy")
    ]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    for _, attributes, _ in page.elements:
        assert not [key for key in attributes if key.startswith("on")]
        assert not attributes.get("src", "data:").startswith("http")
    links = {link["href"] for link in page.named("a")}
    assert all(re.match(r"#[a-z_]+$|https://clinicaltrials\.gov/study/NCT\d{8}$", x) for x in links)
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_links_within_the_page_and_labels_lead_somewhere_and_no_id_stands_twice(page: Page) -> None:
    ids = [attributes["id"] for _, attributes, _ in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    inside = {link["href"][1:] for link in page.named("a") if link["href"].startswith("#")}
    labels = {
        attributes[key]
        for _, attributes, _ in page.elements
        for key in ("aria-labelledby", "aria-describedby")
        if key in attributes
    }
    assert inside | labels <= set(ids)


def test_a_screen_reader_finds_its_way(page: Page) -> None:
    assert page.named("html") == [{"lang": "en"}]
    for landmark in ("header", "main", "footer", "h1", "title"):
        assert len([tag for tag, _, within in page.elements if tag == landmark
                    and "svg" not in within]) == 1  # fmt: skip
    levels = [int(tag[1]) for tag, _, _ in page.elements if tag in HEADINGS]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    tags = [tag for tag, _, _ in page.elements]
    assert tags.count("caption") == tags.count("table") > 0
    assert all(cell["scope"] in ("row", "col") for cell in page.named("th"))
    assert all({"role", "aria-labelledby"} <= set(svg) for svg in page.named("svg"))


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "paper"])
def test_all_words_stand_out_from_the_page_in_every_scheme(scheme: int) -> None:
    block = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[scheme]
    colours = dict(re.findall(r"--(\w+): (#\w{6})", block))
    for behind in ("paper", "soft"):
        for name in set(colours) - {"paper", "soft", "rule"}:
            one, two = sorted([luminance(colours[behind]), luminance(colours[name])])
            assert (two + 0.05) / (one + 0.05) >= 4.5, (name, behind)


def test_the_verdict_of_each_question_of_local_therapy_is_told_in_words(
    bone: Answer, pages: dict[str, str]
) -> None:
    text = " ".join(Page(pages["bone"]).words())
    for question in bone.questions:
        assert verdict_sentence(question, hanging=False) in text
        if question.local_therapy:
            assert f'href="#{question.code}"' in pages["bone"]
    assert NOTICE in text


def test_every_number_of_the_deciding_trial_stands_with_source_and_line(
    pages: dict[str, str],
) -> None:
    assert "hazard ratio 0.66 (95% CI 0.49 to 0.88), p = 0.005" in pages["bone"]
    assert re.search(r"cervantes-2023:283; liu-2023:[\d,]+", pages["bone"])


def test_what_is_long_is_closed_and_what_is_shown_is_short(page: Page) -> None:
    assert not any("open" in attributes for attributes in page.named("details"))
    rows = [within for tag, _, within in page.elements if tag == "tr"]
    assert sum("details" not in within for within in rows) < 45
    assert len(page.words(shown=True)) < 1500 < len(page.words()) / 8


def test_the_same_answer_by_the_same_maker_gives_the_same_page(bone: Answer) -> None:
    maker = Maker("1.0", "f" * 64)
    page = as_html(bone, maker)
    assert page == as_html(bone, maker)
    assert "metalocal 1.0" in page
    assert "f" * 64 in page


def test_the_command_writes_the_page_and_tells_what_it_was_made_from(
    tmp_path: Path, graph_file: Path
) -> None:
    path = tmp_path / "answer.html"
    command = ["ask", "--age", "48", "--format", "html", "--output", str(path)]
    done = subprocess.run(
        [sys.executable, "-m", "metalocal", *command],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")
    manifest = json.loads((graph_file.parent / "manifest.json").read_text("utf-8"))
    text = " ".join(Page(path.read_text("utf-8")).words())
    assert f"Made by metalocal {version()}, graph sha256 {manifest['sha256']}." in text


def test_no_text_becomes_an_element(bone: Answer) -> None:
    evil = "</title><script>alert('\"&')</script>"
    question = bone.questions[0]
    study = replace(question.studies[0], label=evil, design=evil)
    rows = tuple(
        replace(row, study=replace(row.study, label=evil), direction="mixed")
        for row in question.rows[:1]
    )
    judgement = replace(question.judgement, family=evil, votes=(), hanging=rows)
    spoiled = replace(question, question=evil, studies=(study,), rows=rows, judgement=judgement)
    statement = replace(bone.guidance[0], kind="recommendation", question=evil, text=evil,
                        label=evil, verdict="included", locators=(f"{evil}:1",))  # fmt: skip
    page = as_html(replace(bone, sentence=evil, questions=(spoiled,), guidance=(statement,)))
    assert "<script" not in page
    assert Page(page).named("script") == []
    assert page.count("&lt;script&gt;") >= 5


def test_an_attribute_cannot_be_left_by_its_value() -> None:
    told = element("a", Html("<b>x</b>"), "<i>", href='"><script>')
    assert told == '<a href="&quot;&gt;&lt;script&gt;"><b>x</b>&lt;i&gt;</a>'


def question_of(found: Answer, code: str) -> QuestionAnswer:
    return next(question for question in found.questions if question.code == code)


def forest_of(found: Answer, code: str, title: str) -> Forest:
    return next(plot for plot in forests(question_of(found, code)) if plot.title == title)


SURVIVAL = "Overall survival: hazard ratio"


def test_the_forest_of_survival_has_the_trials_as_printed_most_direct_first(bone: Answer) -> None:
    plot = forest_of(bone, PRIMARY, SURVIVAL)
    rows = {(row.study, row.population): row for row in plot.rows}
    whole = rows["MF07-01", "all randomised"]
    assert (whole.estimate, whole.low, whole.high, whole.level) == (0.66, 0.49, 0.88, 95)
    assert whole.printed == "0.66 (0.49 to 0.88)"
    assert rows["E2108", "all randomised"].level == 90
    assert [row.group for row in plot.rows] == sorted(row.group for row in plot.rows)
    assert {row.verdict for row in plot.rows} == {"included", "indeterminate"}


def test_a_ratio_that_may_be_upside_down_is_drawn_with_its_note(bone: Answer) -> None:
    row = next(r for r in forest_of(bone, PRIMARY, SURVIVAL).rows if r.study == "ABCSG-28")
    assert (row.estimate, row.low, row.high) == (0.691, 0.358, 1.333)
    assert "shorter with surgery" in row.note


def test_a_ratio_printed_without_interval_gets_none(ask: Ask) -> None:
    plot = forest_of(
        ask(), "local_therapy_of_oligoprogression", "Progression-free survival: hazard ratio"
    )
    curb = next(row for row in plot.rows if row.population == "breast cancer")
    assert (curb.estimate, curb.low, curb.high) == (0.78, None, None)
    assert curb.printed == "0.78 (no interval)"


def test_nothing_excluded_is_drawn_and_no_plot_is_longer_than_fifteen_rows(ask: Ask) -> None:
    for given in (BONE, LUNG, {}):
        for question in ask(**given).questions:
            plots = forests(question)
            assert all(0 < len(plot.rows) <= 15 for plot in plots)
            shown = [row.verdict for plot in [*plots, *arms_plots(question)] for row in plot.rows]
            assert "excluded" not in shown


def ratio_rows(found: Answer) -> list[EvidenceRow]:
    rows = question_of(found, PRIMARY).rows
    return [row for row in rows if any(one.measure == "hazard ratio" for one in row.evidence)]


def test_the_sides_of_a_hazard_ratio_are_named_as_the_directions_show(bone: Answer) -> None:
    row = next(r for r in ratio_rows(bone) if r.study.label == "MF07-01")
    one = next(one for one in row.evidence if one.measure == "hazard ratio")
    report = one.reports[0]
    first, second = f"favours {one.arm}", f"favours {one.versus}"
    assert direction_labels([(row, one, report)]) == (first, second)
    turned = replace(report, direction="favours comparator")
    assert direction_labels([(row, one, turned)]) == (second, first)
    assert direction_labels([(row, one, report), (row, one, turned)]) == ("", "")


def test_an_odds_ratio_whose_event_is_not_stated_has_no_sides(ask: Ask) -> None:
    found = ask(metastatic_sites={"only": ["liver"]}, metastasis_count=1)
    plot = forest_of(found, "resection_of_metastases", "Overall survival: odds ratio")
    assert (plot.better_left, plot.better_right) == ("", "")


def test_a_printing_without_interval_gives_way_to_one_with_it(bone: Answer) -> None:
    one = ratio_rows(bone)[0].evidence
    ratio = next(each for each in one if each.measure == "hazard ratio")
    bare = replace(ratio.reports[0], low="", high="", level="", text=ratio.reports[0].value)
    both = replace(ratio, reports=(bare, *ratio.reports))
    assert printings(both) == [ratio.reports[0]]
    other = replace(bare, value="0.5")
    assert printings(replace(ratio, reports=(other, *ratio.reports)))[0] == other


def test_arms_are_paired_where_no_ratio_is_printed_and_different_prints_stay(ask: Ask) -> None:
    plots = arms_plots(question_of(ask(**LUNG), "ablation_of_metastases"))
    plot = next(plot for plot in plots if plot.title == "Overall survival: rate at 5 years")
    comet = [row for row in plot.rows if row.study == "SABR-COMET"]
    assert {(row.role, row.printed) for row in comet} >= {
        ("intervention", "42.3"), ("comparator", "17.7"), ("comparator", "18"),
    }  # fmt: skip
    assert ElementTree.fromstring(arms_svg(plot)).tag.endswith("svg")


def test_a_study_with_a_ratio_is_not_drawn_by_its_medians_too(bone: Answer) -> None:
    plots = arms_plots(question_of(bone, PRIMARY))
    medians = [
        row.study for plot in plots if plot.outcome == "overall survival" for row in plot.rows
    ]
    assert medians
    assert "MF07-01" not in medians


def test_a_direction_rests_on_the_ratio_with_its_interval_before_other_reports(
    bone: Answer,
) -> None:
    row = next(r for r in ratio_rows(bone) if r.study.label == "MF07-01")
    found = deciding_effect(row)
    assert found is not None
    assert found[1].text == "0.66 (95% CI 0.49 to 0.88)"


def test_what_shows_no_difference_in_harm_is_said_to_show_no_more_harm(bone: Answer) -> None:
    row = next(r for r in ratio_rows(bone) if r.direction == "no difference shown")
    assert says(row) == "shows no difference"
    assert says(replace(row, family="harm of treatment"), several=True) == "show no more harm"


def test_the_sentence_of_a_question_names_word_votes_and_what_hangs_on_facts(bone: Answer) -> None:
    question = question_of(bone, PRIMARY)
    sentence = verdict_sentence(question)
    assert sentence.lower().startswith(question.judgement.word.partition(" ")[0])
    for vote in question.judgement.votes[:4]:
        assert vote.row.study.label in sentence
    assert "E2108 (unknown: response to systemic therapy" in sentence
    empty = replace(question, judgement=replace(
        question.judgement, word="no direct evidence", votes=(), hanging=(), indirect=(),
        certainty=None,
    ))  # fmt: skip
    assert verdict_sentence(empty).startswith("No direct evidence: no source reports a comparison")


def test_a_clash_in_a_deciding_study_is_in_sight_with_what_to_do(pages: dict[str, str]) -> None:
    told = " ".join(Page(pages["bone"]).words(shown=True))
    assert "ABCSG-28, ratio against its arms: The hazard ratio 0.691" in told
    assert "Do not read a direction from the ratio" in told


def test_a_trial_that_may_take_the_patient_leads_to_its_registry(pages: dict[str, str]) -> None:
    page = Page(pages["bone"])
    links = [link["href"] for link in page.named("a") if link["href"].startswith("https")]
    assert links
    assert "recruiting, 2023" in " ".join(page.words(shown=True))
