"""Names of example profiles, one a line -> what finding out next costs in the metalocal imported.

Started by `worlds.py` in a process of its own, for whatever checkout leads PYTHONPATH.
"""

from __future__ import annotations

import cProfile
import hashlib
import json
import sys
from dataclasses import asdict
from pathlib import Path
from pstats import Stats
from time import process_time

from metalocal.answers import Library
from metalocal.answers.next_facts import next_facts
from metalocal.commands.common import built_graph
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.profiles import read_profile


def main() -> None:
    """Answer each line with a line of JSON: milliseconds of processor, Python calls, answer."""
    library = Library(LocalGraph(built_graph()), locations().queries)
    for line in sys.stdin:
        print(json.dumps(measured(library, Path(line.strip()))), flush=True)


def measured(library: Library, path: Path) -> dict[str, float | int | str]:
    """One profile, asked twice before it is timed and once more to count calls."""
    profile = read_profile(path.read_text("utf-8"), path.name, library.attributes, library.rules)
    verdicts = library.clauses.verdicts(profile)
    facts = [asdict(one) for one in next_facts(profile, verdicts, library)]
    next_facts(profile, verdicts, library)
    start = process_time()
    next_facts(profile, verdicts, library)
    milliseconds = (process_time() - start) * 1000
    counter = cProfile.Profile()
    counter.runcall(next_facts, profile, verdicts, library)
    calls = Stats(counter).total_calls  # type: ignore[attr-defined]  (typeshed does not know it)
    told = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
    return {"milliseconds": milliseconds, "calls": calls, "answer": told}


if __name__ == "__main__":
    main()
