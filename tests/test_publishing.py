"""The redirect rules of docs/publishing.md, followed: each IRI of ours leads where it should."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph_builder.term_lock import terms_in
from graph_builder.terms import MODULES, read_ontology
from metalocal.render.document import SCHEMA
from metalocal.site.content import address

ROOT = Path(__file__).parents[1]
W3ID = "https://w3id.org/metalocal/"
HOST = "https://metalocal.example.org/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
OWL_TOOL = "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, */*; q=0.09"


@dataclass(frozen=True)
class Condition:
    """A pattern that the Accept header must hold, or must not; `is_or` joins it to the next."""

    pattern: str
    negated: bool
    is_or: bool

    def holds(self, accept: str) -> bool:
        return bool(re.search(self.pattern, accept)) != self.negated


@dataclass(frozen=True)
class Rule:
    """A pattern for the address, where it leads, the status, and its conditions."""

    pattern: str
    target: str
    flags: frozenset[str]
    conditions: tuple[Condition, ...]

    def applies(self, accept: str) -> bool:
        """All conditions, those joined by OR counting as one."""
        any_so_far = False
        for condition in self.conditions:
            any_so_far = any_so_far or condition.holds(accept)
            if condition.is_or:
                continue
            if not any_so_far:
                return False
            any_so_far = False
        return True


def rules() -> list[Rule]:
    text = (ROOT / "docs" / "publishing.md").read_text("utf-8")
    (block,) = re.findall(r"```apache\n(.*?)```", text, re.DOTALL)
    found, conditions = [], []
    for line in block.splitlines():
        words = line.split()
        if line.startswith("RewriteCond"):
            assert words[1] == "%{HTTP_ACCEPT}"
            pattern, negated = words[2].removeprefix("!"), words[2].startswith("!")
            conditions.append(Condition(pattern, negated, words[3:] == ["[OR]"]))
        elif line.startswith("RewriteRule"):
            _, pattern, target, flags = words
            found.append(
                Rule(pattern, target, frozenset(flags.strip("[]").split(",")), tuple(conditions))
            )
            conditions = []
        else:
            assert not line or line.startswith(("#", "Options ", "RewriteEngine "))
    assert conditions == []
    return found


RULES = rules()


def led(iri: str, accept: str = "") -> str | None:
    """Where an IRI leads, or none where no rule takes it."""
    path = iri.removeprefix(W3ID)
    for rule in RULES:
        match = re.search(rule.pattern, path)
        if match and rule.applies(accept):
            return match.expand(rule.target.replace("$", "\\"))
    return None


@pytest.mark.parametrize(
    ("path", "accept", "target"),
    [
        ("ontology", OWL_TOOL, "releases/latest/metalocal-classes.owl"),
        ("ontology", "", "releases/latest/metalocal-classes.owl"),
        ("ontology/", "text/turtle", "releases/latest/metalocal-classes.ttl"),
        ("ontology", "application/ld+json", "releases/latest/metalocal.jsonld"),
        ("ontology", BROWSER, "terms/"),
        ("ontology/0.1.0", OWL_TOOL, "releases/0.1.0/metalocal-classes.owl"),
        ("ontology/0.1.0", "text/turtle", "releases/0.1.0/metalocal-classes.ttl"),
        ("ontology/10.2.13", "application/ld+json", "releases/10.2.13/metalocal.jsonld"),
        ("ontology/0.1.0", BROWSER, "terms/"),
        ("ontology/0.1.0", f"{BROWSER},{OWL_TOOL}", "releases/0.1.0/metalocal-classes.owl"),
        ("ontology/age", BROWSER, "terms/age/"),
        ("ontology/age", "*/*", "terms/age/"),
        ("ontology/her2_status-low", "text/turtle", "releases/latest/metalocal-classes.ttl"),
        ("ontology/age", OWL_TOOL, "releases/latest/metalocal-classes.owl"),
        ("ontology/age", "application/ld+json", "releases/latest/metalocal.jsonld"),
        ("id/study/mf07-01", BROWSER, "studies/mf07-01/"),
        ("id/study/mf07-01/population/randomised/profiles", BROWSER, "studies/mf07-01/"),
        ("id/study/mf07-01/estimate/os-hr", "text/turtle", "releases/latest/metalocal.ttl"),
        ("id/study/mf07-01", "application/rdf+xml", "releases/latest/metalocal.owl"),
        ("id/study/mf07-01", "application/ld+json", "releases/latest/metalocal.jsonld"),
        ("id/source/liu-2023", BROWSER, "sources/liu-2023/"),
        ("id/model/estro-eortc/induced", BROWSER, "models/estro-eortc/"),
        ("id/guidance/liu-2023/some-statement/patients", "", "sources/liu-2023/#some-statement"),
        ("id/profiles/her2_status-low", BROWSER, "terms/her2_status-low/"),
        ("id/profiles/metastatic_sites-bone/absent", "", "terms/metastatic_sites-bone/"),
        ("id/profiles/facts/tumour_biology", BROWSER, "attributes/"),
        ("id/dataset/metalocal", BROWSER, ""),
        ("id/graph/study/mf07-01", "text/turtle", "releases/latest/metalocal.ttl"),
        ("schema/answer-2.json", BROWSER, "releases/latest/schemas/answer-2.schema.json"),
        ("schema/answer-2.json", "", "releases/latest/schemas/answer-2.schema.json"),
        ("", BROWSER, ""),
    ],
)  # fmt: skip
def test_an_address_leads_where_the_table_says(path: str, accept: str, target: str) -> None:
    assert led(W3ID + path, accept) == HOST + target


@pytest.mark.parametrize(
    "path", ["ontology/0.1", "ontology/a/b", "ontology/9x", "nothing", "id/", "schema/answer-2"]
)
def test_an_address_that_is_none_of_ours_leads_nowhere(path: str) -> None:
    assert led(W3ID + path, BROWSER) is None


def page(iri: str) -> str:
    """Where the documentation site has the page of a thing."""
    path = address(iri)
    assert path is not None
    return HOST + path.replace("index.md", "")


def test_every_term_leads_to_its_page_and_to_a_file_of_the_release() -> None:
    for name in terms_in(read_ontology(ROOT / "ontology")):
        iri = f"{W3ID}ontology/{name}"
        assert led(iri, BROWSER) == page(iri)
        assert led(iri, "text/turtle") == f"{HOST}releases/latest/metalocal-classes.ttl"


def test_every_study_and_source_leads_to_its_page() -> None:
    folders = {"study": "trials", "source": "sources"}
    for kind, folder in folders.items():
        for path in (ROOT / "data" / folder).glob("*.yaml"):
            iri = f"{W3ID}id/{kind}/{path.stem}"
            assert led(iri, BROWSER) == page(iri)


def test_a_guidance_statement_leads_to_its_place_on_the_page() -> None:
    iri = f"{W3ID}id/guidance/liu-2023/some-statement"
    assert led(iri, BROWSER) == page(iri)
    (rule,) = [rule for rule in RULES if "#" in rule.target]
    assert "NE" in rule.flags, "Apache would write # as %23"


def test_every_kind_of_thing_the_builder_makes_leads_somewhere() -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "graph_builder").rglob("*.py")]
    kinds = {kind for text in texts for kind in re.findall(r'\bthing\("(\w+)"', text)}
    assert {"study", "guidance", "model", "source", "graph", "profiles"} <= kinds
    lost = [kind for kind in sorted(kinds) if led(f"{W3ID}id/{kind}/some/thing", BROWSER) is None]
    assert lost == []


def test_the_schema_an_answer_names_leads_to_a_file_that_the_release_copies() -> None:
    text = (ROOT / "docs" / "publishing.md").read_text("utf-8")
    assert "cp docs/schemas/answer-*.schema.json releases/$v/schemas/" in text
    target = led(SCHEMA, "application/schema+json")
    assert target is not None
    file = ROOT / "docs" / "schemas" / target.removeprefix(f"{HOST}releases/latest/schemas/")
    assert json.loads(file.read_text("utf-8"))["$id"] == SCHEMA


def test_every_module_leads_to_its_file() -> None:
    for name in MODULES:
        if name != "metalocal":
            target = led(f"{W3ID}ontology/module/{name}", "application/rdf+xml")
            assert target == f"{HOST}releases/latest/modules/{name}.ttl"


def test_every_rule_redirects_for_good_reason_and_ends_there() -> None:
    assert all({"R=303", "L"} <= rule.flags for rule in RULES)


def test_every_file_the_rules_lead_to_is_made_by_the_steps_of_the_release() -> None:
    text = (ROOT / "docs" / "publishing.md").read_text("utf-8")
    made = set(re.findall(r"releases/\$v/(\S+)", text))
    files = (rule.target.removeprefix(HOST).rpartition("/")[2] for rule in RULES)
    wanted = {name for name in files if name.startswith("metalocal")}
    assert len(wanted) == 5
    assert wanted <= made
