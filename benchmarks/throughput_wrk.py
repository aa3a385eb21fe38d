"""A server, what to ask of it and over how many connections -> what wrk counted.

Each answer is compared, byte for byte, with the one this server gave before the load.
"""

from __future__ import annotations

import math
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

WRK_TIMEOUT_SECONDS = 60
_MOST_SECONDS = 12
_COUNTS = ("right", "wrong", "refused", "lost")

# Texts are read from files, since Lua would change the ends of lines in its own source.
_LUA = """
local function text(name) local f = io.open(FOLDER .. name, "rb") return f:read("*a") end
local queries, expected, at = {}, {}, 0
for i = 1, COUNT do queries[i] = text("request" .. i); expected[text("answer" .. i)] = true end
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init(arguments) right, wrong, refused, other = 0, 0, 0, 0 end
function request() at = at % COUNT + 1; return queries[at] end
function response(status, headers, body)
  if status == 200 then
    if expected[body] then right = right + 1 else wrong = wrong + 1 end
  elseif status == 503 or status == 429 then refused = refused + 1
  else other = other + 1 end
end
function done(summary, latency, requests)
  local function total(name)
    local sum = 0
    for _, thread in ipairs(threads) do sum = sum + thread:get(name) end
    return sum
  end
  local e = summary.errors
  local counts = {right = total("right"), wrong = total("wrong"), refused = total("refused"),
    lost = total("other") + e.connect + e.read + e.write + e.timeout,
    seconds = summary.duration / 1e6,
    p50_ms = latency:percentile(50) / 1000, p99_ms = latency:percentile(99) / 1000}
  for name, number in pairs(counts) do io.write("COUNT ", name, " ", number, "\\n") end
end
"""


@dataclass(frozen=True)
class Load:
    """What to ask in turn, as whole HTTP requests, and the answer to each.

    `seconds` is what the slowest of them takes when nobody else asks.
    """

    requests: tuple[bytes, ...]
    answers: tuple[bytes, ...]
    seconds: float

    def long_enough(self, connections: int, seconds: int) -> int:
        """Seconds in which each connection may see two answers, of a server with one processor."""
        needed = math.ceil(2 * connections * self.seconds)
        return min(max(seconds, needed), max(seconds, _MOST_SECONDS))


@dataclass(frozen=True)
class Counted:
    """One run of wrk; `processor_seconds` is what the server used meanwhile.

    `wrong` are answers other than before the load, `refused` those of status 503 or 429, `lost`
    any other status, broken connections and time-outs.
    """

    right: int
    wrong: int
    refused: int
    lost: int
    seconds: float
    p50_ms: float
    p99_ms: float
    processor_seconds: float = 0.0


@dataclass(frozen=True)
class Cell:
    """All rounds of one server, one query and one number of connections."""

    rate: float
    p50_ms: float
    p99_ms: float
    processor_ms: float
    wrong: int
    refused: int
    lost: int

    @property
    def trouble(self) -> str:
        """What was not answered, in words; empty where all was."""
        named = {"wrong": self.wrong, "refused": self.refused, "lost": self.lost}
        return ", ".join(f"{number} {name}" for name, number in named.items() if number)


def counted(address: str, load: Load, connections: int, seconds: int) -> Counted:
    """Ask `address` (host:port) for so many seconds over so many connections."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, (request, answer) in enumerate(
            zip(load.requests, load.answers, strict=True), 1
        ):
            (folder / f"request{number}").write_bytes(request)
            (folder / f"answer{number}").write_bytes(answer)
        script = folder / "load.lua"
        head = f"local FOLDER, COUNT = [==[{folder}/]==], {len(load.requests)}\n"
        script.write_text(head + _LUA, encoding="utf-8")
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
        command += ["--timeout", f"{WRK_TIMEOUT_SECONDS}s", "-s", str(script), f"http://{address}/"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  (wrk, with a script of ours)
    return counted_of(done.stdout)


def counted_of(told: str) -> Counted:
    """The counts in what wrk printed."""
    lines = (line.split() for line in told.splitlines() if line.startswith("COUNT "))
    found = {name: float(number) for _, name, number in lines}
    right, wrong, refused, lost = (int(found[name]) for name in _COUNTS)
    times = (found[name] for name in ("seconds", "p50_ms", "p99_ms"))
    return Counted(right, wrong, refused, lost, *times)


def cell_of(rounds: Sequence[Counted]) -> Cell:
    """The rounds together: rates and processor time over all, medians of the percentiles."""
    right, answered = sum(one.right for one in rounds), [one for one in rounds if one.right]
    used = sum(one.processor_seconds for one in rounds)
    return Cell(
        rate=right / sum(one.seconds for one in rounds),
        p50_ms=statistics.median([one.p50_ms for one in answered]) if answered else 0.0,
        p99_ms=statistics.median([one.p99_ms for one in answered]) if answered else 0.0,
        processor_ms=1000 * used / right if right else 0.0,
        wrong=sum(one.wrong for one in rounds),
        refused=sum(one.refused for one in rounds),
        lost=sum(one.lost for one in rounds),
    )
