"""Synthetic graphs: made by the compiler, repeatable, and as real ones where it counts."""

from __future__ import annotations

import doctest
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))

import synthetic  # noqa: E402  (its folder is no package)
import synthetic_criteria  # noqa: E402
import synthetic_numbers  # noqa: E402
import synthetic_studies  # noqa: E402
from synthetic_graph import Compiler, nquads_text  # noqa: E402
from synthetic_profiles import ProfileSource, known_profiles, profiles  # noqa: E402
from synthetic_table import MEASURES, measured  # noqa: E402

from graph_builder.assembly import assemble, population_id  # noqa: E402
from graph_builder.attributes import Attribute, Kind  # noqa: E402
from graph_builder.checks import check  # noqa: E402
from graph_builder.labels import Labels  # noqa: E402
from graph_builder.reading import Records  # noqa: E402
from graph_builder.records import Criterion, Report, Study, decimal_of  # noqa: E402
from graph_builder.rules import DERIVED  # noqa: E402
from graph_builder.shapes import shape_problems  # noqa: E402
from graph_builder.terms import Terms  # noqa: E402
from graph_builder.vocabulary import ML  # noqa: E402
from metalocal.catalogue import catalogue, find_query  # noqa: E402
from metalocal.graph import LocalGraph  # noqa: E402
from metalocal.profiles import Profile, profile_of  # noqa: E402
from tests.whole_graphs import derived_graph, quads_of  # noqa: E402

SEED = 7
STUDIES = 20
QUERIES = ROOT / "queries"
NEEDS_STUDIES = {
    "arm-treatments", "audit-kinds", "clauses", "comparisons", "criteria-attributes", "estimates",
    "evidence-map", "evidence-map-populations", "evidence-map-results", "findings", "levels",
    "outcomes", "populations", "studies", "study-facts", "verdicts",
}  # fmt: skip


@pytest.fixture(scope="module")
def compiler() -> Compiler:
    return Compiler(synthetic_studies.reality(ROOT), SEED)


@pytest.fixture(scope="module")
def terms(compiler: Compiler) -> Terms:
    return compiler.real.known.terms


@pytest.fixture(scope="module")
def studies(compiler: Compiler) -> list[Study]:
    return compiler.studies(range(STUDIES))


@pytest.fixture(scope="module")
def graphs(compiler: Compiler, studies: list[Study]) -> dict[URIRef, Graph]:
    """The graphs of the chunk of these studies."""
    return compiler.chunk(studies)


@pytest.fixture(scope="module")
def base(compiler: Compiler) -> dict[URIRef, Graph]:
    return compiler.base(STUDIES)


@pytest.fixture(scope="module")
def graph(
    compiler: Compiler,
    base: dict[URIRef, Graph],
    graphs: dict[URIRef, Graph],
    tmp_path_factory: pytest.TempPathFactory,
) -> LocalGraph:
    """The synthetic graph, read as `metalocal` reads a built graph."""
    file = tmp_path_factory.mktemp("synthetic") / "graph.nq"
    file.write_bytes(nquads_text(base, "b") + nquads_text(graphs, "s0"))
    return LocalGraph(file)


@pytest.fixture(scope="module")
def source(terms: Terms) -> ProfileSource:
    return ProfileSource(terms, known_profiles(ROOT, terms.attributes))


def test_no_rule_for_study_files_finds_a_problem_in_synthetic_studies(compiler: Compiler) -> None:
    known = compiler.real.known
    records = Records(studies=compiler.studies(range(200)), sources=known.records.sources)
    assert check(records, known.terms) == []


def test_the_shapes_find_no_problem_in_a_synthetic_graph(
    compiler: Compiler, studies: list[Study], base: dict[URIRef, Graph]
) -> None:
    assembly = assemble(Records(studies=studies), compiler.real.known.terms)
    union = Graph()
    for graph in (*base.values(), *assembly.graphs.values()):
        union += graph
    assert shape_problems(union, ROOT / "ontology", assembly.places) == []


def _unnamed(text: bytes) -> Counter[bytes]:
    """Lines without the names of blank nodes."""
    return Counter(re.sub(rb"_:[\w-]+", b"_:", line) for line in text.splitlines())


def test_a_study_is_the_same_in_a_graph_of_any_size(compiler: Compiler) -> None:
    few, many = (_unnamed(compiler.chunk_text(0, studies)) for studies in (3, 6))
    assert few < many


def test_another_seed_gives_other_studies(compiler: Compiler) -> None:
    other = Compiler(compiler.real, SEED + 1).studies(range(5))
    assert compiler.studies(range(5)) != other


def test_no_synthetic_study_bears_a_number_or_label_of_a_real_one(
    compiler: Compiler, studies: list[Study]
) -> None:
    real = compiler.real.known.records.studies
    named = {name for study in real for name in _names(study)}
    for study in studies:
        assert named.isdisjoint(_names(study))
        assert study.note is not None
        assert study.note.startswith("Synthetic")


def _names(study: Study) -> set[str]:
    return {study.id, study.label, *(identifier.value for identifier in study.identifiers)}


def test_every_place_cited_is_one_that_a_real_study_cites(
    compiler: Compiler, studies: list[Study]
) -> None:
    real = compiler.real.known.records.studies
    known = {(place.source, place.line) for study in real for place in study.locators()}
    assert {(p.source, p.line) for study in studies for p in study.locators()} <= known


@pytest.mark.parametrize("size", [0.8, 1.1, 1.25])
def test_changed_numbers_show_what_the_printed_ones_showed(compiler: Compiler, size: float) -> None:
    jitter = synthetic_numbers.Jitter(size, size, size, patients=2, years=1)
    changed = 0
    for study in compiler.real.known.records.studies:
        for model in study.estimates:
            fresh = synthetic_numbers.changed_estimate(model, jitter)
            for old, new in zip(model.reported, fresh.reported, strict=True):
                assert _shown(old, model.measure) == _shown(new, model.measure)
                assert old.p == new.p
                changed += old.value != new.value
    assert changed > 100


def _shown(report: Report, measure: str) -> list[object]:
    """How value and bounds lie to each other, to 0, to 100 and, of a ratio, to 1."""
    numbers = [decimal_of(text) for text in (report.value, report.low, report.high)]
    known = [number for number in numbers if number is not None]
    marks = [0, 100, 1] if measure.endswith("_ratio") else [0, 100] if measure == "rate" else [0]
    return [
        [number is None for number in numbers],
        [one <= other for one in known for other in known],
        [(number > mark) - (number < mark) for number in known for mark in marks],
    ]


def test_numbers_differ_from_those_of_the_model(compiler: Compiler, studies: list[Study]) -> None:
    real = compiler.real.known.records.studies
    printed = {(place.source, place.line, getattr(place, "value", None)) for study in real
               for place in study.locators()}  # fmt: skip
    ours = [(p.source, p.line, getattr(p, "value", None)) for s in studies for p in s.locators()]
    assert len(set(ours) - printed) > len(studies)


def test_populations_ask_for_combinations_that_no_real_population_asks_for(
    compiler: Compiler, terms: Terms
) -> None:
    known = {_asked(s, p.id, terms) for s in compiler.real.known.records.studies
             for p in s.populations if p.is_matched}  # fmt: skip
    ours = {_asked(s, p.id, terms) for s in compiler.studies(range(100)) for p in s.populations
            if p.is_matched}  # fmt: skip
    assert ours - known
    assert ours & known


def _asked(study: Study, population: str, terms: Terms) -> str:
    labels = Labels(study, terms)
    lineage = labels.lineage(labels.populations[population])
    return repr([criterion for one in lineage for criterion in one.criteria])


@pytest.mark.parametrize(
    ("one", "other", "possible"),
    [
        ({"attribute": "presentation", "is": "de_novo"}, {"attribute": "age", "min": 18}, True),
        ({"attribute": "presentation", "is": "de_novo"},
         {"attribute": "presentation", "is": "recurrent"}, False),
        ({"attribute": "age", "below": 55}, {"attribute": "age", "min": 55}, False),
        ({"attribute": "age", "max": 55}, {"attribute": "age", "min": 55}, True),
        ({"attribute": "metastatic_sites", "only": ["bone"]},
         {"attribute": "metastatic_sites", "includes": ["brain"]}, False),
    ],
)  # fmt: skip
def test_criteria_that_no_patient_can_meet_together_are_known(
    terms: Terms, one: dict[str, object], other: dict[str, object], possible: bool
) -> None:
    criteria = [Criterion.model_validate(one), Criterion.model_validate(other)]
    assert synthetic_criteria.can_be_met(criteria, terms.attributes) == possible


def test_what_rules_derive_chunk_by_chunk_is_what_they_derive_from_the_whole_graph(
    compiler: Compiler, studies: list[Study], base: dict[URIRef, Graph]
) -> None:
    assembled = assemble(Records(studies=studies), compiler.real.known.terms).graphs
    whole = derived_graph(quads_of({**base, **assembled}), ROOT / "ontology" / "rules")
    halves = [compiler.chunk(studies[:9])[DERIVED], compiler.chunk(studies[9:])[DERIVED]]
    assert set(whole) == {triple for half in halves for triple in half}
    assert len(whole) > STUDIES


def test_every_named_query_runs_and_those_on_studies_find_some(graph: LocalGraph) -> None:
    found = {name: len(graph.select(query.text).rows) for name, query in catalogue(QUERIES).items()}
    assert {name for name in NEEDS_STUDIES if not found[name]} == set()


def test_guidance_rests_on_studies_that_are_there(graph: LocalGraph) -> None:
    rests = f"SELECT ?study {{ ?statement <{ML.restsOn}> ?study %s }}"
    known = f"FILTER NOT EXISTS {{ ?study a <{ML.Study}> }}"
    assert graph.select(rests % "").rows
    assert not graph.select(rests % known).rows


def test_verdicts_by_query_are_those_of_the_criteria_trees_in_three_values(
    graph: LocalGraph, studies: list[Study], terms: Terms, source: ProfileSource
) -> None:
    query, seen = find_query(QUERIES, "verdicts"), Counter[str]()
    told = [*map(_flat, source.models), *profiles(source, SEED, 15)]
    for given in told:
        profile = profile_of(given, terms.attributes, terms.implications)
        rows = graph.select(query.bound(profile.rows())).texts()
        asked = {row["group"]: row["verdict"] for row in rows}
        expected = dict(_verdicts(studies, profile, terms))
        assert {group: asked.get(group) for group in expected} == expected
        seen.update(expected.values())
    assert set(seen) == {"included", "indeterminate", "excluded"}


def _flat(facts: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    return {name: value for fact in facts.values() for name, value in fact.items()}


def _verdicts(studies: list[Study], profile: Profile, terms: Terms) -> Iterator[tuple[str, str]]:
    words = {True: "included", None: "indeterminate", False: "excluded"}
    for study in studies:
        labels = Labels(study, terms)
        for population in filter(lambda p: p.is_matched, study.populations):
            criteria = [c for one in labels.lineage(population) for c in one.criteria]
            if criteria:
                met = _all(holds(c, profile, terms.attributes) for c in criteria)
                yield str(population_id(study.id, population.id)), words[met]


def holds(
    criterion: Criterion, profile: Profile, attributes: Mapping[str, Attribute]
) -> bool | None:
    """Whether a profile meets a criterion, straight from its tree; nobody knows is `None`."""
    if criterion.not_ is not None:
        return _not(holds(criterion.not_, profile, attributes))
    if criterion.any_of is not None:
        return _any(holds(part, profile, attributes) for part in criterion.any_of)
    if criterion.all_of is not None:
        return _all(holds(part, profile, attributes) for part in criterion.all_of)
    attribute = attributes[criterion.attribute or ""]
    if attribute.kind is Kind.NUMBER:
        return _number_fits(criterion, attribute, profile.numbers.get(attribute.key))
    if attribute.kind is Kind.SET:
        return _set_fits(criterion, attribute, profile)
    told = {word: profile.facts.get(attribute.value_id(word)) for word in attribute.values}
    possible = {word for word, truth in told.items() if truth is not False}
    possible = {word for word, truth in told.items() if truth} or possible
    word = {"True": "yes", "False": "no"}.get(str(criterion.is_), str(criterion.is_))
    accepted = set(criterion.in_ or [word])
    return True if possible <= accepted else None if possible & accepted else False


def _number_fits(criterion: Criterion, attribute: Attribute, number: Decimal | None) -> bool | None:
    tests = {name: Decimal(str(getattr(criterion, name))) for name in criterion.tests()}
    if number is None:
        least = attribute.lowest if attribute.in_every_profile else None
        sure = set(tests) == {"min"} and least is not None and least >= tests["min"]
        return True if sure else None
    fits = {"min": number.__ge__, "max": number.__le__, "above": number.__gt__,
            "below": number.__lt__}  # fmt: skip
    return all(fits[name](limit) for name, limit in tests.items())


def _set_fits(criterion: Criterion, attribute: Attribute, profile: Profile) -> bool | None:
    told = {word: profile.facts.get(attribute.value_id(word)) for word in attribute.values}
    parts = []
    if criterion.includes:
        parts.append(_all(told[word] for word in criterion.includes))
    if criterion.includes_any:
        parts.append(_any(told[word] for word in criterion.includes_any))
    if criterion.excludes:
        parts.append(_not(_any(told[word] for word in criterion.excludes)))
    if criterion.only:
        parts.append(_any(told[word] for word in criterion.only))
        parts.append(_not(_any(told[word] for word in told if word not in criterion.only)))
    return _all(parts)


def _all(parts: Iterator[bool | None] | list[bool | None]) -> bool | None:
    values = set(parts)
    return False if False in values else None if None in values else True


def _any(parts: Iterator[bool | None]) -> bool | None:
    values = set(parts)
    return True if True in values else None if None in values else False


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def test_synthetic_studies_have_the_sizes_of_real_ones(compiler: Compiler, terms: Terms) -> None:
    names = [name for name in MEASURES if not name.startswith("triples")]  # of the same parts
    real = measured(compiler.real.known.records.studies, terms, names)
    ours = measured(compiler.studies(range(400)), terms, names)
    for name, numbers in real.items():
        wanted, found = sum(numbers) / len(numbers), sum(ours[name]) / len(ours[name])
        assert found == pytest.approx(wanted, rel=0.25), name


def test_a_written_graph_has_the_same_bytes_again_and_packed(
    tmp_path: Path, compiler: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(synthetic._COMPILERS, SEED, compiler)
    monkeypatch.setattr(Compiler, "base_text", lambda self, studies: b"")
    synthetic.write_graph(tmp_path / "one.nq", (SEED, False), 3)
    synthetic.write_graph(tmp_path / "two.nq.gz", (SEED, False), 3)
    data = (tmp_path / "one.nq").read_bytes()
    assert gzip.decompress((tmp_path / "two.nq.gz").read_bytes()) == data
    store = ox.Store()
    store.load(data, format=ox.RdfFormat.N_QUADS)
    assert len(store) == data.count(b"\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.nq", "two.nq.gz"]


def test_profiles_are_valid_repeatable_and_tell_as_much_as_known_ones(
    source: ProfileSource,
) -> None:
    drawn = list(profiles(source, SEED, 300))
    assert all(source.is_valid(json.loads(json.dumps(told))) for told in drawn)
    assert list(profiles(source, SEED, 5)) == drawn[:5]
    assert len({json.dumps(told) for told in drawn}) > 250
    wanted = [len(model) for model in source.models]
    found = [sum(key in source.terms.attributes for key in told) for told in drawn]
    assert sum(found) / len(found) == pytest.approx(sum(wanted) / len(wanted), rel=0.1)


def test_examples_in_the_docstrings_hold() -> None:
    for module in (synthetic_numbers, synthetic_studies):
        result = doctest.testmod(module)
        assert (result.failed, result.attempted > 0) == (0, True)
