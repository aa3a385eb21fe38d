"""`metalocal serve` as a process of its own: settings, start, signals, end."""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from metalocal.cli import main
from tests.endpoint.endless import RUNAWAY
from tests.endpoint.processes import children_of, is_gone

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "metalocal", "serve"]


@dataclass
class Served:
    """A served graph: the process, its address, its log as it comes."""

    process: subprocess.Popen[str]
    url: str

    def wait_for(self, event: str) -> dict[str, object]:
        """The first line of the log from here on that tells of `event`."""
        assert self.process.stderr
        for line in self.process.stderr:
            told: dict[str, object] = json.loads(line)
            if told["event"] == event:
                return told
        pytest.fail(f"the log ended without {event}")


@contextmanager
def serving(graph_file: Path, *arguments: str, **variables: str) -> Iterator[Served]:
    """The command while it serves; it is killed if it is still there after."""
    with subprocess.Popen(
        [*COMMAND, "--graph", str(graph_file), "--port", "0", *arguments],
        cwd=ROOT,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        try:
            words = process.stdout.readline().split()
            assert words[:2] == ["SPARQL", "endpoint:"], words
            yield Served(process, words[2].removesuffix("/sparql"))
        finally:
            process.kill()


def get(url: str) -> httpx.Response:
    return httpx.get(url, timeout=30, trust_env=False)


def ask_in_background(url: str, query: str) -> tuple[threading.Thread, list[httpx.Response]]:
    """A query under way, and where its answer will be."""
    answers: list[httpx.Response] = []

    def ask() -> None:
        with suppress(httpx.TransportError):  # a server that ends at once gives no answer
            answers.append(get(f"{url}/sparql?query={quote(query)}"))

    thread = threading.Thread(target=ask)
    thread.start()
    return thread, answers


def until_running(url: str) -> None:
    """Wait until a query runs."""
    for _ in range(2_000):
        text = get(f"{url}/metrics").text
        if "\nmetalocal_queries_running 1.0\n" in text:
            return
    pytest.fail("no query runs")


@dataclass(frozen=True)
class Done:
    """What a command said and gave as its exit code."""

    code: object
    stdout: str
    stderr: str


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Done]]:
    """The command in this process; what it changes of logging is put back."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers = []
    monkeypatch.setenv("COLUMNS", "200")

    def run_serve(*arguments: str, **variables: str) -> Done:
        code: object = 0
        with pytest.MonkeyPatch.context() as patch:
            for name, given in variables.items():
                patch.setenv(name, given)
            try:
                main(["serve", *arguments])
            except SystemExit as ended:
                code = ended.code
        written = capsys.readouterr()
        return Done(code, written.out, written.err)

    yield run_serve
    root.handlers, root.level = before, level


def test_the_settings_are_printed_as_an_environment_file_that_gives_them_again(
    run: Callable[..., Done],
) -> None:
    done = run("--check", "--workers", "4", "--public-url", "https://a.example/x")
    settings = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert done.code == 0
    assert settings["METALOCAL_SERVE_WORKERS"] == "4"
    assert settings["METALOCAL_SERVE_AT_ONCE"] == "3"
    assert settings["METALOCAL_SERVE_ALLOWED_HOSTS"] == "localhost,127.0.0.1,[::1],a.example"
    assert run("--check", **settings).stdout == done.stdout


def test_an_option_wins_over_its_variable(run: Callable[..., Done]) -> None:
    done = run("--check", "--seconds", "3", METALOCAL_SERVE_SECONDS="5")
    assert "METALOCAL_SERVE_SECONDS=3.0\n" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--trusted-proxies", "proxy"], "'proxy' is neither an address nor a network"),
        (["--log-form", "xml"], "--log-form 'xml' is not one of auto, text, json"),
        (["--workers", "0"], "--workers"),
        (["--public-url", "a.example"], "'a.example' is no address of an endpoint"),
    ],
)
def test_a_wrong_setting_is_told_and_the_exit_code_is_2(
    run: Callable[..., Done], arguments: list[str], words: str
) -> None:
    done = run("--check", *arguments)
    assert done.code == 2
    assert words in done.stderr


def test_a_graph_that_cannot_be_read_is_told_and_nothing_listens(
    run: Callable[..., Done], tmp_path: Path
) -> None:
    missing = tmp_path / "graph.nq"
    done = run("--graph", str(missing), "--port", "0")
    assert done.code == 1
    assert done.stderr.startswith(f"error: The graph file {missing} cannot be served: ")
    assert done.stdout == ""


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid", "a" * 70])
def test_an_address_that_is_not_ours_is_told(
    run: Callable[..., Done], graph_file: Path, host: str
) -> None:
    done = run("--graph", str(graph_file), "--host", host)
    assert done.code == 1
    assert done.stderr.startswith(f"error: cannot listen on {host} port 8000: ")
    assert done.stderr.endswith("choose another with --port or --host\n")


def test_a_port_that_is_taken_is_told(run: Callable[..., Done], graph_file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run("--graph", str(graph_file), "--port", port)
    assert done.code == 1
    assert done.stderr == (
        f"error: cannot listen on 127.0.0.1 port {port}: Address already in use; "
        "choose another with --port or --host\n"
    )


def test_told_to_end_it_tells_its_manager_ends_in_order_and_leaves_no_process(
    graph_file: Path, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(20)
        with serving(graph_file, NOTIFY_SOCKET=str(tmp_path / "notify")) as served:
            ready = manager.recv(100)
            get(f"{served.url}/sparql?query=ASK%7B%7D").raise_for_status()
            children = children_of(served.process.pid)
            served.process.terminate()
            _, log = served.process.communicate(timeout=20)
            stopping = manager.recv(100)
    assert served.process.returncode == 0
    assert (ready, stopping) == (b"READY=1", b"STOPPING=1")
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert events == ["listening", "request", "draining", "stopped"]
    assert len(children) >= 2
    assert all(is_gone(child) for child in children)


def test_a_query_that_runs_gets_its_time_and_then_a_refusal_in_words(graph_file: Path) -> None:
    with serving(graph_file, "--drain-seconds", "0.3") as served:
        thread, answers = ask_in_background(served.url, RUNAWAY)
        until_running(served.url)
        served.process.send_signal(signal.SIGINT)
        thread.join()
        assert served.process.wait(timeout=20) == 0
    assert answers[0].status_code == 503
    assert answers[0].text.startswith("Not answered: the endpoint is shutting down")


def test_draining_it_answers_and_is_not_ready_until_a_second_interrupt_ends_it_at_once(
    graph_file: Path,
) -> None:
    with serving(graph_file, "--notice-seconds", "600") as served:
        thread, _ = ask_in_background(served.url, RUNAWAY)
        until_running(served.url)
        children = children_of(served.process.pid)
        served.process.send_signal(signal.SIGINT)
        served.wait_for("draining")
        ready = get(f"{served.url}/health/ready")
        answer = get(f"{served.url}/sparql?query=ASK%7B%7D")
        served.process.send_signal(signal.SIGINT)
        _, log = served.process.communicate(timeout=20)
        thread.join()
    assert ready.text == "Not ready: the endpoint is draining and takes no new work.\n"
    assert (ready.status_code, answer.json()["boolean"]) == (503, True)
    assert served.process.returncode == 130
    assert "Traceback" not in log
    assert json.loads(log.splitlines()[-1])["status"] == 503  # the query that ran
    assert all(is_gone(child) for child in children)


def test_a_hangup_serves_the_file_as_it_is_now(graph_file: Path, tmp_path: Path) -> None:
    served_file = tmp_path / "graph.nq"
    served_file.write_text(graph_file.read_text("utf-8"), encoding="utf-8")
    line = "<http://a.example/s> <http://a.example/p> <http://a.example/o> <http://a.example/g> .\n"
    with serving(served_file) as served:
        beside = tmp_path / "new.nq"
        beside.write_text(line, encoding="utf-8")
        beside.replace(served_file)
        served.process.send_signal(signal.SIGHUP)
        served.wait_for("The graph was reloaded.")
        text = get(f"{served.url}/metrics").text
    assert "\nmetalocal_graph_triples 1.0\n" in text
    assert '\nmetalocal_graph_reloads_total{outcome="done"} 1.0\n' in text


def test_asked_to_it_opens_the_explorer_in_a_browser(graph_file: Path, tmp_path: Path) -> None:
    browser, told = tmp_path / "browser", tmp_path / "told"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {told}\n')
    browser.chmod(0o755)
    os.mkfifo(told)
    reading = os.open(told, os.O_RDONLY | os.O_NONBLOCK)
    with serving(graph_file, "--open", BROWSER=f"{browser} %s") as served:
        came, _, _ = select.select([reading], [], [], 30)
        assert came, "no browser was opened"
        assert os.read(reading, 200).decode() == f"{served.url}/"
    os.close(reading)
