from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import OWL, RDF, Graph, URIRef
from rdflib.namespace import SKOS

from graph_builder.build import build
from graph_builder.inputs import Inputs
from graph_builder.mappings import (
    COLUMNS,
    FILE,
    MAPPINGS,
    PREDICATES,
    MappingTable,
    mapping_graph,
    read_mappings,
)
from graph_builder.problems import Problem, ProblemsFoundError
from graph_builder.terms import Terms
from graph_builder.vocabulary import code

HEADER = """\
#curie_map:
#  ml: https://w3id.org/metalocal/ontology/
#  NCIT: http://purl.obolibrary.org/obo/NCIT_
#  STATO: http://purl.obolibrary.org/obo/STATO_
#  sct: http://snomed.info/id/
#license: https://creativecommons.org/licenses/by/4.0/
"""
NAMES = "\t".join(COLUMNS)
ROW = {
    "subject_id": "ml:hazard_ratio",
    "subject_label": "hazard ratio",
    "predicate_id": "skos:exactMatch",
    "object_id": "NCIT:C93150",
    "object_label": "Hazard Ratio",
    "mapping_justification": "semapv:ManualMappingCuration",
    "object_source": "obo:ncit.owl",
    "object_source_version": "",
    "comment": "",
}
FIRST_ROW = len(HEADER.splitlines()) + 2
OUTSIDE = {
    "CTO",
    "ECO",
    "IAO",
    "MAXO",
    "MONDO",
    "NCIT",
    "OBI",
    "SEPIO",
    "STATO",
    "UBERON",
    "cito",
    "dcterms",
    "fabio",
    "fhir-attribute-estimate-type",
    "fhir-certainty-type",
    "fhir-research-study-status",
    "fhir-statistic-type",
    "fhir-study-type",
    "fhir-synthesis-type",
    "fhir-variable-role",
    "loinc",
    "oa",
    "pico",
    "prism",
    "prov",
    "schema",
    "sct",
}

Write = Callable[..., Path]
Refuse = Callable[..., list[Problem]]


def row(**cells: str) -> str:
    return "\t".join((ROW | cells).values())


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Writes a table of the rows given; gives its folder."""

    def write(*rows: str, header: str = HEADER, names: str = NAMES) -> Path:
        text = header + "".join(f"{line}\n" for line in [names, *rows])
        (tmp_path / FILE).write_text(text, "utf-8")
        return tmp_path

    return write


@pytest.fixture
def refused(written: Write, terms: Terms) -> Refuse:
    """The problems for which a table of the rows given is refused."""

    def problems(*rows: str, **parts: str) -> list[Problem]:
        with pytest.raises(ProblemsFoundError) as raised:
            mapping_graph(written(*rows, **parts), terms.graph)
        return raised.value.problems

    return problems


@pytest.fixture(scope="module")
def house(ontology: Path) -> MappingTable:
    return read_mappings(ontology)


@pytest.fixture(scope="module")
def mapped(ontology: Path, terms: Terms) -> Graph:
    return mapping_graph(ontology, terms.graph)


def test_a_row_becomes_one_triple(written: Write, terms: Terms) -> None:
    outside = URIRef("http://purl.obolibrary.org/obo/NCIT_C93150")
    graph = mapping_graph(written(row()), terms.graph)
    assert set(graph) == {(code("hazard_ratio"), SKOS.exactMatch, outside)}


def test_a_table_without_rows_is_an_empty_graph(written: Write, terms: Terms) -> None:
    assert len(mapping_graph(written(), terms.graph)) == 0


@pytest.mark.parametrize(
    ("cells", "column", "rule", "message", "mend"),
    [
        (
            {"subject_id": "ml:hazard_ration"},
            "subject_id",
            "mapping-subject",
            "ml:hazard_ration is no term of the ontology",
            "did you mean ml:hazard_ratio",
        ),
        (
            {"subject_label": "Hazard ratio"},
            "subject_label",
            "mapping-label",
            'the label of ml:hazard_ratio is not "Hazard ratio"',
            'write "hazard ratio", and check that the mapping still holds',
        ),
        (
            {"predicate_id": "skos:exactmatch"},
            "predicate_id",
            "mapping-predicate",
            "predicate skos:exactmatch is no SKOS mapping",
            "did you mean skos:exactMatch",
        ),
        (
            {"object_id": "NCI:C93150"},
            "object_id",
            "mapping-prefix",
            '"NCI:C93150" is no name behind a prefix of the header',
            "did you mean NCIT?",
        ),
        (
            {"object_id": "NCIT:"},
            "object_id",
            "mapping-prefix",
            '"NCIT:" is no name behind a prefix of the header',
            "did you mean NCIT?",
        ),
        (
            {"object_id": "NCIT:C93150 "},
            "object_id",
            "mapping-prefix",
            '"NCIT:C93150 " is no name behind a prefix of the header',
            "did you mean NCIT?",
        ),
        (
            {"subject_id": "hazard_ratio"},
            "subject_id",
            "mapping-prefix",
            '"hazard_ratio" is no name behind a prefix of the header',
            "use one of: NCIT, STATO, ml, sct",
        ),
        (
            {"object_id": "STATO:0000677"},
            "object_id",
            "mapping-object",
            "STATO:0000677 must not be used",
            "no released STATO holds it; for the hazard ratio use NCIT:C93150",
        ),
        (
            {"object_id": "sct:254837009"},
            "object_label",
            "mapping-licence",
            "sct:254837009 comes with text of SNOMED CT",
            "leave object_label empty: its licence lets us link, not copy",
        ),
    ],
)
def test_a_wrong_cell_is_told_with_its_place(
    cells: dict[str, str], column: str, rule: str, message: str, mend: str, refused: Refuse
) -> None:
    [problem] = refused(row(**cells))
    before = list((ROW | cells).values())[: COLUMNS.index(column)]
    assert (problem.rule, problem.message) == (rule, message)
    assert problem.mend.startswith(mend)
    assert problem.place.file == f"ontology/{FILE}"
    assert problem.place.line == FIRST_ROW
    assert problem.place.column == len("\t".join([*before, ""])) + 1


def test_a_forbidden_term_is_known_by_its_iri_whatever_its_prefix(refused: Refuse) -> None:
    header = HEADER.replace("#  sct:", "#  obo: http://purl.obolibrary.org/obo/\n#  sct:")
    [problem] = refused(row(object_id="obo:STATO_0000677"), header=header)
    assert problem.rule == "mapping-object"


def test_a_snomed_term_without_its_text_is_linked(written: Write, terms: Terms) -> None:
    folder = written(row(object_id="sct:254837009", object_label=""))
    assert len(mapping_graph(folder, terms.graph)) == 1


def test_the_same_two_terms_are_mapped_once_whatever_the_predicate(refused: Refuse) -> None:
    [problem] = refused(row(), row(predicate_id="skos:closeMatch"))
    assert problem.rule == "mapping-repeated"
    assert problem.message == "ml:hazard_ratio is mapped to NCIT:C93150 twice"
    assert problem.place.line == FIRST_ROW + 1
    assert problem.mend == f"keep this row or line {FIRST_ROW}"


def test_a_term_equals_one_term_of_a_vocabulary_at_most(refused: Refuse) -> None:
    [problem] = refused(row(), row(object_id="NCIT:C93152"), row(object_id="STATO:0000245"))
    assert problem.rule == "mapping-exact"
    assert problem.message == "ml:hazard_ratio equals NCIT:C93150 and NCIT:C93152"
    assert problem.place.line == FIRST_ROW + 1


def test_all_problems_of_all_rows_are_told_at_once(refused: Refuse) -> None:
    problems = refused(
        row(predicate_id="owl:sameAs"), row(subject_id="ml:nothing", object_id="NCI:C1")
    )
    assert {(p.place.line - FIRST_ROW, p.rule) for p in problems} == {
        (0, "mapping-predicate"),
        (1, "mapping-subject"),
        (1, "mapping-prefix"),
    }


def test_a_missing_column_is_named(refused: Refuse) -> None:
    [problem] = refused(names=NAMES.replace("object_label\t", ""))
    assert (problem.rule, problem.place.line) == ("mapping-column", FIRST_ROW - 1)
    assert problem.message == "there is no column object_label"


@pytest.mark.parametrize("line", ["ml:hazard_ratio", "", f"{row()}\tmore"])
def test_a_row_of_another_length_is_told_with_its_line(line: str, refused: Refuse) -> None:
    [problem] = refused(row(), line)
    assert (problem.rule, problem.place.line) == ("mapping-column", FIRST_ROW + 1)
    assert problem.message.endswith(", not 9")


@pytest.mark.parametrize(
    ("header", "line", "message"),
    [
        ("#license: CC0\n#curie_map: {\n", 2, "this header is not YAML"),
        ("#license: CC0\n", 1, "the header names no prefixes"),
        ("#curie_map: none\n", 1, "the header names no prefixes"),
        ("#curie_map: \x07\n", 1, "this header is not YAML"),
        ("", 1, "the header names no prefixes"),
    ],
)
def test_a_header_without_prefixes_is_refused(
    header: str, line: int, message: str, refused: Refuse
) -> None:
    [problem] = refused(row(), header=header)
    assert (problem.rule, problem.place.line) == ("mapping-file", line)
    assert problem.message.startswith(message)


def test_a_missing_table_is_refused(tmp_path: Path, terms: Terms) -> None:
    with pytest.raises(ProblemsFoundError, match=rf"ontology/{FILE}: error: this file is missing"):
        mapping_graph(tmp_path, terms.graph)


def test_a_table_that_is_no_utf_8_is_refused(tmp_path: Path, terms: Terms) -> None:
    (tmp_path / FILE).write_bytes(HEADER.encode() + b"\xff")
    with pytest.raises(ProblemsFoundError, match=f"byte {len(HEADER) + 1} is not UTF-8"):
        mapping_graph(tmp_path, terms.graph)


def test_a_build_is_refused_for_a_wrong_mapping(
    tmp_path: Path, ontology: Path, studies: Path
) -> None:
    folder = tmp_path / "ontology"
    shutil.copytree(ontology, folder)
    path = folder / FILE
    path.write_text(path.read_text("utf-8").replace("skos:exactMatch", "owl:sameAs", 1), "utf-8")
    with pytest.raises(ProblemsFoundError, match="predicate owl:sameAs is no SKOS mapping"):
        build(Inputs(folder, studies), tmp_path / "graph", "0")
    assert not (tmp_path / "graph").exists()


def test_the_built_graph_holds_each_row_in_a_graph_of_its_own(
    tmp_path: Path, ontology: Path, studies: Path, house: MappingTable
) -> None:
    sizes = build(Inputs(ontology, studies), tmp_path / "graph", "0")
    assert sizes[MAPPINGS] == len(house.rows)


def test_a_changed_mapping_changes_the_fingerprint(
    tmp_path: Path, ontology: Path, studies: Path
) -> None:
    folder = tmp_path / "ontology"
    shutil.copytree(ontology, folder)
    before = Inputs(folder, studies).fingerprint()
    with (folder / FILE).open("a", encoding="utf-8") as table:
        table.write(row() + "\n")
    assert Inputs(folder, studies).fingerprint() != before


def test_the_rows_read_from_the_triples_are_those_of_the_file(
    house: MappingTable, mapped: Graph
) -> None:
    names = {iri: name for name, iri in PREDICATES.items()}

    def curie(iri: object) -> str:
        fitting = [p for p, namespace in house.prefixes.items() if str(iri).startswith(namespace)]
        prefix = max(fitting, key=lambda prefix: len(house.prefixes[prefix]))
        return f"{prefix}:{str(iri).removeprefix(house.prefixes[prefix])}"

    triples = {(curie(s), names[URIRef(str(p))], curie(o)) for s, p, o in mapped}
    assert triples == {(r["subject_id"], r["predicate_id"], r["object_id"]) for r in house.rows}


def test_the_rows_stand_in_order(house: MappingTable) -> None:
    keys = [(r["subject_id"], r["predicate_id"], r["object_id"]) for r in house.rows]
    assert keys == sorted(keys)


def test_each_outside_term_is_of_a_known_vocabulary(house: MappingTable) -> None:
    used = {r["object_id"].partition(":")[0] for r in house.rows}
    assert used == OUTSIDE


def test_one_prefix_of_the_header_never_begins_another_outside_one(house: MappingTable) -> None:
    namespaces = {house.prefixes[prefix] for prefix in OUTSIDE}
    assert len(namespaces) == len(OUTSIDE)
    assert not {(a, b) for a in namespaces for b in namespaces if a != b and a.startswith(b)}


def test_no_two_terms_of_ours_equal_the_same_outside_term(house: MappingTable) -> None:
    equal = [r["object_id"] for r in house.rows if r["predicate_id"] == "skos:exactMatch"]
    assert sorted(equal) == sorted(set(equal))


def test_each_outside_term_has_one_label_and_one_source(house: MappingTable) -> None:
    told: dict[str, set[tuple[str, str, str]]] = {}
    for r in house.rows:
        columns = ("object_label", "object_source", "object_source_version")
        told.setdefault(r["object_id"], set()).add((r[columns[0]], r[columns[1]], r[columns[2]]))
    assert {name for name, facts in told.items() if len(facts) > 1} == set()


def test_every_outside_term_but_those_of_snomed_has_its_label(house: MappingTable) -> None:
    bare = {r["object_id"].partition(":")[0] for r in house.rows if not r["object_label"]}
    assert bare == {"sct"}


def test_classes_are_aligned_to_at_least_two_vocabularies(
    house: MappingTable, terms: Terms
) -> None:
    classes = set(terms.graph.subjects(RDF.type, OWL.Class))
    rows = [r for r in house.rows if house.iri(r["subject_id"]) in classes]
    assert len({r["object_id"].partition(":")[0] for r in rows}) >= 2


def test_a_query_leads_from_an_outcome_to_ncit(mapped: Graph, terms: Terms) -> None:
    found = (mapped + terms.graph).query(
        """
        PREFIX ml: <https://w3id.org/metalocal/ontology/>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?term WHERE {
          ?outcome a ml:Outcome ; rdfs:label "progression-free survival"@en ; skos:exactMatch ?term
          FILTER STRSTARTS(STR(?term), "http://purl.obolibrary.org/obo/NCIT_")
        }
        """
    )
    assert [str(term) for (term,) in found] == ["http://purl.obolibrary.org/obo/NCIT_C28234"]


@pytest.mark.parametrize("rules", ["JsonSchema", "PrefixMapCompleteness", "StrictCurieFormat"])
def test_the_table_is_valid_sssom(rules: str, ontology: Path) -> None:
    """Needs the command `sssom` on the path; METALOCAL_REQUIRE_SSSOM=1 makes its lack a failure."""
    command = shutil.which("sssom")
    if command is None:
        if os.environ.get("METALOCAL_REQUIRE_SSSOM") == "1":
            pytest.fail("there is no command sssom, and METALOCAL_REQUIRE_SSSOM is 1")
        pytest.skip("there is no command sssom")
    arguments = [command, "validate", "-V", rules, str(ontology / FILE)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
