"""The processes of engines: memory of all beneath one, ends, and starting anew."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

import peers
import peers_memory
from compatibility_engines import Worker


def test_memory_of_a_process_beneath_is_counted_with_its_parent() -> None:
    held = "import sys; b = bytearray(80_000_000); print(1, flush=True); sys.stdin.read()"
    beneath = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {held!r}])"
    with peers_memory.Watch() as watch:
        process = subprocess.Popen(
            [sys.executable, "-c", beneath], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        found = peers_memory.family(process.pid)
        now = peers_memory.shared_out(found)
    process.communicate()
    assert len(found) == 2
    assert 80_000_000 < now < 200_000_000
    assert watch.peak >= 80_000_000


ECHO = """
import sys, time
print('{"ready": "echo 1.0"}', flush=True)
for line in sys.stdin:
    if "end" in line: sys.exit()
    if "wait" in line: time.sleep(60)
    print('{"seconds": 1, "error": "no"}' if "refuse" in line else '{"seconds": 1}', flush=True)
"""


@pytest.mark.parametrize(
    ("message", "seconds", "raised"),
    [("wait", 0.5, peers.TooLongError), ("end", 30, peers.RefusedError)],
)
def test_a_process_that_a_query_ended_is_started_anew_only_where_that_is_wanted(
    message: str, seconds: float, raised: type[Exception]
) -> None:
    worker = Worker([sys.executable, "-c", ECHO])
    with pytest.raises(raised):
        worker.told(message, seconds)
    assert worker.told("go", 30) == {"seconds": 1}
    with pytest.raises(raised):
        worker.told(message, seconds, renew=False)
    assert not worker.is_running


def test_a_process_that_ended_by_itself_is_a_refusal_and_no_crash() -> None:
    worker = Worker([sys.executable, "-c", ECHO])
    os.kill(worker.pid, 9)
    with pytest.raises(peers.RefusedError, match="the process ended"):
        worker.told("go", 30)
    with pytest.raises(peers.RefusedError, match="no"):
        worker.told("refuse", 30)
    worker.stop()
