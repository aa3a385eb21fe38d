"""The files of deploy/ and docs/deployment.md say what the endpoint does."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import pytest

from metalocal.commands.serve import SETTINGS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
GUIDE = (ROOT / "docs" / "deployment.md").read_text("utf-8")
VARIABLES = {setting.variable for setting in SETTINGS}
OPTIONS = {setting.option for setting in SETTINGS}


def unit() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "metalocal.service", encoding="utf-8")
    return parser["Service"]


def test_every_setting_stands_in_the_table_of_the_guide_with_its_default() -> None:
    rows = re.findall(r"^\| (`--[^|]+) \| ([^|]+) \|", GUIDE, re.MULTILINE)
    told = {name: row[1] for row in rows for name in re.findall(r"--[a-z-]+", row[0])}
    assert set(told) == OPTIONS
    numbers = {
        setting.option: f"{setting.default:,}".removesuffix(".0")
        for setting in SETTINGS
        if type(setting.default) in (int, float) and setting.default >= 0
    }
    shown = {option: told[option].replace(",", "") for option in numbers}
    wrong = {
        option: text
        for option, text in shown.items()
        if numbers[option].replace(",", "") not in text.split()
    }
    assert wrong == {}


@pytest.mark.parametrize(
    "path",
    [*sorted(path for path in DEPLOY.iterdir() if path.is_file()), ROOT / "docs/deployment.md"],
    ids=lambda path: path.name,
)
def test_every_variable_and_option_named_is_one_of_ours(path: Path) -> None:
    text = path.read_text("utf-8")
    assert set(re.findall(r"METALOCAL_SERVE_[A-Z_]*[A-Z]", text)) <= VARIABLES
    others = {"--check", "--no-cache-dir", "--yes", "--from", "--system", "--no-create-home"}
    others |= {"--uid", "--interval", "--timeout", "--start-period", "--retries"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) - OPTIONS - others == set()


def test_every_series_named_in_the_guide_is_counted() -> None:
    from metalocal.endpoint.operations.metrics import Observer

    text = Observer().text().decode()
    named = set(re.findall(r"(?:metalocal|process)_[a-z_]+(?=[`{])", GUIDE))
    assert len(named) > 8
    assert {name for name in named if f"# TYPE {name.removesuffix('_total')}" not in text} == set()


def test_the_unit_ends_the_endpoint_after_its_own_time_and_reloads_it_by_hangup() -> None:
    service = unit()
    drain = next(setting.default for setting in SETTINGS if setting.name == "drain_seconds")
    assert float(service["TimeoutStopSec"]) > drain + 2
    assert service["ExecReload"] == "/bin/kill -HUP $MAINPID"
    assert service["Type"] == "notify"


def test_the_units_memory_holds_what_its_workers_may_take() -> None:
    defaults = {setting.name: setting.default for setting in SETTINGS}
    most = int(unit()["MemoryMax"].removesuffix("G")) * 1024
    assert most > defaults["workers"] * defaults["worker_memory"] + 512


def test_the_proxies_wait_longer_than_a_query_may_take_and_show_no_metrics() -> None:
    seconds = next(setting.default for setting in SETTINGS if setting.name == "seconds")
    for name, timeout in (("nginx.conf", "proxy_read_timeout"), ("Caddyfile", "header_timeout")):
        text = (DEPLOY / name).read_text("utf-8")
        found = re.search(rf"{timeout} (\d+)s", text)
        assert found
        assert float(found[1]) > 2 * seconds
        assert "/metrics" in text
        assert "/health/ready" in text


def test_nginx_tells_the_client_address_it_saw_and_not_what_the_client_wrote() -> None:
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert "X-Forwarded-For $remote_addr;" in text
    assert "proxy_add_x_forwarded_for" not in text


def test_the_image_runs_as_nobody_special_and_brings_no_installer() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    last = text[text.rindex("FROM ") :]
    assert re.search(r"^USER \d+$", last, re.MULTILINE)
    assert "pip" not in last
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["python:3.12-slim-bookworm"] * 2
