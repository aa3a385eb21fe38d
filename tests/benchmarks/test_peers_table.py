"""The tables of a comparison of engines: medians, ratios, loads, and what did not count."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

from peers_table import NOT_ASKED, Cell, Loaded, markdown

CELLS = {
    "metalocal": {"verdicts": Cell(times=[0.010, 0.020, 0.030]), "search": Cell(times=[0.05])},
    "maplib": {"verdicts": Cell(times=[0.005]), "search": Cell(fault="error", told="no CONTAINS")},
    "rdflib": {"verdicts": Cell(times=[2.5]), "search": Cell(fault="> 60 s")},
    "numpy floor": {"verdicts": Cell(times=[0.00002]), "search": Cell(fault=NOT_ASKED)},
    "jena": {
        "verdicts": Cell(fault="wrong (3 of 755 rows)", times=[0.001]),
        "search": Cell(times=[0.0475]),
    },
}
LOADED = {
    "metalocal": Loaded("metalocal 0.1.0", "in process", 2.0, 150_000_000, 97_000_000, None),
    "rdflib": Loaded("rdflib 7.6.0", "in process", 13.0, 546_000_000, None, 33_000_000),
}


def lines() -> list[str]:
    return markdown(CELLS, LOADED, {"virtuoso": "no program virtuoso-t"}).splitlines()


def test_the_table_of_times_has_medians_refusals_and_limits() -> None:
    assert "| metalocal | 20.0 | 50.0 |" in lines()
    assert "| rdflib | 2,500 | > 60 s |" in lines()
    assert "| jena | wrong (3 of 755 rows) | 47.5 |" in lines()
    assert "| numpy floor | 0.02 | – |" in lines()


def test_the_table_of_ratios_is_by_the_median_of_metalocal() -> None:
    assert "| metalocal | x1.00 | x1.00 |" in lines()
    assert "| maplib | x0.25 | error |" in lines()
    assert "| rdflib | x125 | > 60 s |" in lines()
    assert "| numpy floor | x0.001 | – |" in lines()
    assert "| jena | wrong | x0.95 |" in lines()


def test_without_a_time_of_metalocal_there_is_no_ratio() -> None:
    cells = {"metalocal": {"search": Cell(fault="error")}, "rdflib": {"search": Cell(times=[1.0])}}
    assert "| rdflib | – |" in markdown(cells, {}, {}).splitlines()


def test_the_notes_tell_where_a_peer_is_faster_and_never_by_a_wrong_answer() -> None:
    won = [line for line in lines() if line.startswith("- ") and " x0." in line]
    assert [line.split()[1] for line in won] == ["maplib", "numpy"]
    assert won[0].endswith("verdicts x0.25")


def test_the_table_of_loads_has_times_memory_and_disk() -> None:
    assert "| metalocal | 0.1.0 | in process | 2.00 | x1.00 | 150 | 97 | – |" in lines()
    assert "| rdflib | 7.6.0 | in process | 13.0 | x6.50 | 546 | – | 33 |" in lines()
    assert "- virtuoso: left out: no program virtuoso-t" in lines()


def test_the_notes_give_each_answer_that_did_not_count() -> None:
    assert "- maplib, search: error: no CONTAINS" in lines()
    assert "- jena, verdicts: wrong (3 of 755 rows)" in lines()
    assert not [line for line in lines() if line.startswith("- numpy floor, search")]
