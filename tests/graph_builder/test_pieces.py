"""A rebuild gives the bytes of a clean build, whatever changed and whatever is on the shelf."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from rdflib import RDFS, Graph

from graph_builder.assembly import assemble
from graph_builder.audit import AUDIT, audit_graph, findings_of
from graph_builder.build import ONTOLOGY_GRAPH, How, build, checked
from graph_builder.inputs import Inputs
from graph_builder.mappings import MAPPINGS
from graph_builder.nquads import canonical_lines, lines_of, triples_of
from graph_builder.pieces import across, making
from graph_builder.pieces.piece import piece_of
from graph_builder.populations import profile_classes
from graph_builder.problems import ProblemsFoundError
from graph_builder.reasoning import INFERRED
from graph_builder.rules import DERIVED
from graph_builder.terms import as_one_ontology
from graph_builder.vocabulary import ML
from graph_builder.void import VOID_GRAPH
from tests.whole_graphs import derived_graph, nquads_of, quads_of

BROKEN = sorted((Path(__file__).parents[1] / "broken").glob("*.yaml"))
if not os.environ.get("METALOCAL_SLOW"):
    BROKEN = BROKEN[::5]
REVIEW = "example-2023"


@dataclass(frozen=True)
class Workplace:
    """A data folder and an ontology of one's own, and the shelf of builds from them."""

    folder: Path

    @property
    def inputs(self) -> Inputs:
        return Inputs(self.folder / "ontology", self.folder / "studies")

    @property
    def shelf(self) -> Path:
        return self.folder / "shelf"

    def study(self, name: str = "example-2020") -> Path:
        return self.inputs.data / "trials" / f"{name}.yaml"

    def edit(self, path: Path, old: str, new: str) -> None:
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def rebuilt(self) -> bytes:
        """The graph built with what is on the shelf."""
        build(self.inputs, self.folder / "kept", "1", how=How(self.shelf))
        return (self.folder / "kept" / "graph.nq").read_bytes()

    def built_clean(self) -> bytes:
        """The graph built without a shelf."""
        build(self.inputs, self.folder / "clean", "1")
        return (self.folder / "clean" / "graph.nq").read_bytes()

    def pieces(self) -> list[Path]:
        return sorted(self.shelf.glob("*"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, studies: Path, ontology: Path) -> Path:
    """A folder with the invented studies, the ontology and a build of them."""
    folder = tmp_path_factory.mktemp("built")
    shutil.copytree(studies, folder / "studies")
    shutil.copytree(ontology, folder / "ontology")
    Workplace(folder).rebuilt()
    return folder


@pytest.fixture
def place(tmp_path: Path, built: Path) -> Workplace:
    """A copy of the folder that was built, shelf and all."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return Workplace(tmp_path)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are compiled from now on."""
    names: list[str] = []
    compile_files = making.compile_files

    def watched(files, ground, shelf):  # type: ignore[no-untyped-def]
        names.extend(path.stem for path, _ in files)
        return compile_files(files, ground, shelf)

    monkeypatch.setattr(making, "compile_files", watched)
    return names


def change_a_number(place: Workplace) -> None:
    place.edit(place.study(), "0.98", "0.99")


def change_a_label(place: Workplace) -> None:
    place.edit(place.study(), "label: EXAMPLE-2020", "label: ANOTHER-2020")


def add_a_study(place: Workplace) -> None:
    shutil.copy(place.study("example-2019"), place.study("example-2018"))
    place.edit(place.study("example-2018"), "id: example-2019", "id: example-2018")
    place.edit(place.study("example-2018"), "NCT00000019", "NCT00000018")


def remove_what_was_added(place: Workplace) -> None:
    add_a_study(place)
    place.rebuilt()
    place.study("example-2018").unlink()


def rename_a_study(place: Workplace) -> None:
    add_a_study(place)
    place.rebuilt()
    place.study("example-2018").rename(place.study("example-2017"))
    place.edit(place.study("example-2017"), "id: example-2018", "id: example-2017")


def change_the_ontology(place: Workplace) -> None:
    place.edit(place.inputs.ontology / "codes.ttl", '"overall survival"', '"survival overall"')
    mappings = place.inputs.ontology / "mappings.sssom.tsv"
    place.edit(mappings, "\toverall survival\t", "\tsurvival overall\t")


def lengthen_a_note_of_a_source(place: Workplace) -> None:
    path = next((place.inputs.data / "sources").glob("*.yaml"))
    path.write_text(f"{path.read_text('utf-8')}\nnote: Invented, too.\n", "utf-8")


def pool_the_other_study(place: Workplace) -> None:
    where = "reported: [{source: invented-2021, line: 5}]"
    path = place.study("example-2019")
    path.write_text(f"{path.read_text('utf-8')}\npools: [{{study: example-2020, {where}}}]\n")


def change_what_a_pool_rests_on(place: Workplace) -> None:
    pool_the_other_study(place)
    place.rebuilt()
    change_a_number(place)


def say_another_level_than_the_heading(place: Workplace) -> None:
    place.edit(place.study(), "line: 5, at: Results", "line: 5, at: Table 1")


def tear_every_piece(place: Workplace) -> None:
    for path in place.pieces():
        path.write_bytes(path.read_bytes()[:-20])


def flip_a_bit_of_every_piece(place: Workplace) -> None:
    for path in place.pieces():
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(bytes(data))


def fill_every_piece_with_something_else(place: Workplace) -> None:
    for path in place.pieces():
        path.write_text("no piece of a graph\n")


def remove_the_shelf(place: Workplace) -> None:
    shutil.rmtree(place.shelf)


CHANGES = [
    change_a_number,
    change_a_label,
    add_a_study,
    remove_what_was_added,
    rename_a_study,
    change_the_ontology,
    lengthen_a_note_of_a_source,
    pool_the_other_study,
    change_what_a_pool_rests_on,
    tear_every_piece,
    flip_a_bit_of_every_piece,
    fill_every_piece_with_something_else,
    remove_the_shelf,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_rebuild_gives_the_bytes_of_a_clean_build(
    change: Callable[[Workplace], None], place: Workplace
) -> None:
    change(place)
    assert place.rebuilt() == place.built_clean()


def test_nothing_is_compiled_where_nothing_changed(place: Workplace, compiled: list[str]) -> None:
    place.rebuilt()
    assert compiled == []


def test_only_the_study_that_changed_is_compiled(place: Workplace, compiled: list[str]) -> None:
    change_a_number(place)
    place.rebuilt()
    assert compiled == ["example-2020"]


def test_the_ontology_changes_all_that_is_compiled(place: Workplace, compiled: list[str]) -> None:
    change_the_ontology(place)
    place.rebuilt()
    assert {"example-2019", "example-2020"} < set(compiled)


def test_pieces_that_the_last_build_did_not_use_are_dropped(place: Workplace) -> None:
    before = place.pieces()
    change_a_number(place)
    place.rebuilt()
    after = place.pieces()
    assert len(after) == len(before)
    assert after != before


def test_a_build_in_several_processes_gives_the_same_bytes(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_FEW", 0)
    monkeypatch.setattr(making, "_BATCH", 1)
    remove_the_shelf(place)
    build(place.inputs, place.folder / "several", "1", how=How(place.shelf, jobs=3))
    assert (place.folder / "several" / "graph.nq").read_bytes() == place.built_clean()


def test_pieces_make_the_graph_that_all_records_make_at_once(place: Workplace) -> None:
    say_another_level_than_the_heading(place)
    known = checked(place.inputs)
    graphs = {**assemble(known.records, known.terms).graphs}
    graphs |= {ONTOLOGY_GRAPH: as_one_ontology(known.terms.graph), MAPPINGS: known.mappings}
    graphs |= profile_classes(known.records, known.terms)
    graphs[DERIVED] = derived_graph(quads_of(graphs), place.inputs.ontology / "rules")
    findings = findings_of(known.records.studies, known.terms)
    assert [finding.kind for finding in findings] == ["level_against_heading"]  # of all files
    graphs[AUDIT] = audit_graph(findings, known.terms)
    of_void = f" <{VOID_GRAPH}> .\n".encode()
    lines = place.rebuilt().splitlines(keepends=True)
    told = [line.decode() for line in lines if not line.endswith(of_void)]
    assert "".join(canonical_lines(told)).encode() == nquads_of(graphs)


def test_the_reasoner_gets_the_classes_that_all_records_make(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Graph] = []

    def watched(graph: Graph) -> tuple[Graph, list[str]]:
        seen.append(graph)
        return Graph().add((ML.Study, RDFS.subClassOf, ML.Study)), []

    monkeypatch.setattr("graph_builder.build.classify", watched)
    build(place.inputs, place.folder / "reasoned", "1", reason=True, how=How(place.shelf))
    known = checked(place.inputs)
    classes = profile_classes(known.records, known.terms).values()
    expected = sum(classes, as_one_ontology(known.terms.graph))
    (found,) = seen
    assert canonical_of(found) == canonical_of(expected)
    inferred = f"<{ML.Study}> <{RDFS.subClassOf}> <{ML.Study}> <{INFERRED}> .\n"
    assert inferred in (place.folder / "reasoned" / "graph.nq").read_text("utf-8")


def canonical_of(graph: Graph) -> list[str]:
    return canonical_lines(lines_of(triples_of(graph), "urn:g"))


def test_studies_audited_one_after_the_other_give_what_they_give_together(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool_the_other_study(place)
    say_another_level_than_the_heading(place)
    together = place.built_clean()
    assert b"level_against_heading" in together
    monkeypatch.setattr(across, "_TOGETHER", 1)
    assert place.built_clean() == together


def test_a_study_that_changes_leaves_the_lines_of_others_as_they_are(place: Workplace) -> None:
    add_a_study(place)
    before = set(place.rebuilt().splitlines())
    change_a_number(place)
    changed = before ^ set(place.rebuilt().splitlines())
    assert changed
    assert all(b"example-2020" in line for line in changed)


def problems_of(build_it: Callable[[], object]) -> list[object]:
    with pytest.raises(ProblemsFoundError) as raised:
        build_it()
    return list(raised.value.problems)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda path: path.stem)
def test_a_rebuild_tells_the_problems_that_all_files_read_at_once_have(
    broken: Path, place: Workplace, completed: Callable[[str], str]
) -> None:
    text = broken.read_bytes()
    if text.isascii() and re.search(rb"^\w+:", text, re.MULTILINE):
        text = completed(text.decode()).encode()
    place.study().write_bytes(text)
    found = problems_of(place.rebuilt)
    assert found == problems_of(lambda: checked(place.inputs))


def share_an_identifier(place: Workplace) -> None:
    add_a_study(place)
    place.rebuilt()
    place.edit(place.study("example-2018"), "NCT00000018", "nct00000019")


def remove_a_source(place: Workplace) -> None:
    for path in (place.inputs.data / "sources").glob("*.yaml"):
        path.unlink()


def pool_a_study_that_is_none(place: Workplace) -> None:
    pool_the_other_study(place)
    place.edit(place.study("example-2019"), "study: example-2020", "study: example-2000")


def remove_a_study_that_others_refer_to(place: Workplace) -> None:
    pool_the_other_study(place)
    place.rebuilt()
    place.study("example-2020").unlink()


@pytest.mark.parametrize(
    "breaks",
    [
        share_an_identifier,
        remove_a_source,
        pool_a_study_that_is_none,
        remove_a_study_that_others_refer_to,
    ],
    ids=lambda breaks: breaks.__name__,
)
def test_what_is_wrong_between_files_is_told_though_their_pieces_are_kept(
    breaks: Callable[[Workplace], None], place: Workplace
) -> None:
    breaks(place)
    assert problems_of(place.rebuilt) == problems_of(lambda: checked(place.inputs))


def test_a_build_with_problems_leaves_the_graph_and_drops_no_piece(place: Workplace) -> None:
    before = place.pieces()
    graph = (place.folder / "kept" / "graph.nq").read_bytes()
    place.edit(place.study(), "status: completed", "status: compleated")
    problems_of(place.rebuilt)
    assert (place.folder / "kept" / "graph.nq").read_bytes() == graph
    assert set(place.pieces()) >= set(before)


def test_a_rule_that_speaks_of_no_data_file_is_refused(place: Workplace) -> None:
    rule = "CONSTRUCT { ?code a <urn:Odd> } WHERE { ?study <urn:x>* ?code } LIMIT 1"
    (place.inputs.ontology / "rules" / "odd.rq").write_text(
        rule.replace("<urn:x>*", "<https://w3id.org/metalocal/ontology/design>")
    )
    (problem,) = problems_of(place.rebuilt)
    assert "which is no part of a data file [rule]" in str(problem)


def test_a_piece_that_is_not_whole_is_no_piece() -> None:
    assert piece_of("key", b"") is None
    assert piece_of("key", b"# 00\n# {}\n") is None
