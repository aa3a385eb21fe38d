"""Health, metrics, rates, forwarded addresses and the access log, over HTTP."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pytest

from metalocal.endpoint import Front, Limits
from metalocal.endpoint.operations.metrics import Observer
from tests.endpoint.endless import RUNAWAY

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint

    RunEndpoint = Callable[[Limits, Front], AbstractContextManager[Endpoint]]

BEHIND_PROXY = Front(trusted_proxies=("127.0.0.1",), requests_per_minute=3, at_once=1)
ASK = "/sparql?query=ASK%7B%7D"


def value(endpoint: Endpoint, series: str) -> float:
    found = re.search(rf"^{re.escape(series)} (\S+)$", endpoint.client.get("/metrics").text, re.M)
    assert found, f"no series {series}"
    return float(found[1])


def via(*addresses: str) -> dict[str, str]:
    return {"X-Forwarded-For": ", ".join(addresses)}


def requests_logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [
        {**made.__dict__["fields"], "level": made.levelname}
        for made in caplog.records
        if made.getMessage() == "request"
    ]


def routes_logged(caplog: pytest.LogCaptureFixture) -> set[str]:
    return {fields["route"] for fields in requests_logged(caplog)}


def test_the_process_is_live_and_ready(endpoint: Endpoint) -> None:
    live, ready = endpoint.client.get("/health/live"), endpoint.client.get("/health/ready")
    assert (live.status_code, live.text) == (200, "The process answers.\n")
    assert (ready.status_code, ready.text) == (200, "Ready: a worker answered a query.\n")


def test_a_busy_endpoint_is_live_and_not_ready_and_says_why(run_endpoint: RunEndpoint) -> None:
    with (
        run_endpoint(Limits(workers=1, waiting=0, seconds=1.5), Front()) as endpoint,
        ThreadPoolExecutor() as threads,
    ):
        runaway = threads.submit(endpoint.ask, RUNAWAY)
        answers = [endpoint.client.get("/health/ready")]
        while not runaway.done():
            answers.append(endpoint.client.get("/health/ready"))
            assert endpoint.client.get("/health/live").status_code == 200
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert refused[0].text.startswith("Not ready: Not answered: 0 queries are waiting already")
    assert refused[0].headers["retry-after"] == "5"


@pytest.mark.parametrize("path", ["/metrics", "/health/ready"])
def test_only_monitors_read_metrics_and_readiness(run_endpoint: RunEndpoint, path: str) -> None:
    front = Front(trusted_proxies=("127.0.0.1",), monitors=("10.1.0.0/16",))
    with run_endpoint(Limits(workers=1), front) as endpoint:
        statuses = {
            address: endpoint.client.get(path, headers=via(address)).status_code
            for address in ("10.1.2.3", "10.2.0.1", "127.0.0.1")
        }
        direct = endpoint.client.get(path).status_code
    assert statuses == {"10.1.2.3": 200, "10.2.0.1": 403, "127.0.0.1": 403}
    assert direct == 200


def test_live_is_answered_to_everyone(run_endpoint: RunEndpoint) -> None:
    with run_endpoint(Limits(workers=1), BEHIND_PROXY) as endpoint:
        statuses = [
            endpoint.client.get("/health/live", headers=via("10.2.0.1")).status_code
            for _ in range(5)
        ]
    assert statuses == [200] * 5


def test_requests_are_counted_by_route_method_and_status(endpoint: Endpoint) -> None:
    series = 'metalocal_http_requests_total{method="GET",route="/sparql",status="400"}'
    endpoint.client.get("/sparql?query=no")
    before = value(endpoint, series)
    endpoint.client.get("/sparql?query=no")
    assert value(endpoint, series) == before + 1


def test_queries_are_counted_by_how_they_end(endpoint: Endpoint) -> None:
    series = 'metalocal_query_seconds_count{ending="answered"}'
    before = value(endpoint, series)
    endpoint.ask("ASK { }")
    assert value(endpoint, series) == before + 1
    assert value(endpoint, "metalocal_queries_running") == 0


def test_the_graph_and_the_workers_are_told(endpoint: Endpoint) -> None:
    assert value(endpoint, "metalocal_graph_triples") == 6
    assert value(endpoint, "metalocal_workers") == 2


def test_no_label_holds_what_a_client_sent(endpoint: Endpoint) -> None:
    endpoint.client.get("/secret-path?query=secret-query", headers={"X-Request-ID": "secret-id"})
    endpoint.client.request("SECRET", "/sparql")
    endpoint.ask("ASK { <http://secret.example/> ?p ?o }")
    text = endpoint.client.get("/metrics").text
    assert "secret" not in text.lower()
    assert 'metalocal_http_requests_total{method="other",route="/sparql",status="405"}' in text


def test_metrics_are_in_the_text_format_of_prometheus(endpoint: Endpoint) -> None:
    answer = endpoint.client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    assert lines
    labels = r'\{([a-z_]+="[^"]*",?)+\}'
    assert [
        line for line in lines if not re.fullmatch(rf"[a-z_]+({labels})? [-+0-9.e]+", line)
    ] == []


def test_two_endpoints_do_not_share_their_counters() -> None:
    one, other = Observer(), Observer()
    one.refused("rate")
    assert b'metalocal_refusals_total{reason="rate"} 1.0' in one.text()
    assert b'metalocal_refusals_total{reason="rate"} 0.0' in other.text()


def test_a_hasty_client_is_told_how_long_to_wait_and_others_are_answered(
    run_endpoint: RunEndpoint,
) -> None:
    with run_endpoint(Limits(workers=1), BEHIND_PROXY) as endpoint:
        answers = [endpoint.client.get(ASK, headers=via("10.0.0.1")) for _ in range(4)]
        other = endpoint.client.get(ASK, headers=via("10.0.0.2"))
        refusals = value(endpoint, 'metalocal_refusals_total{reason="rate"}')
    assert [answer.status_code for answer in (*answers, other)] == [200, 200, 200, 429, 200]
    assert 15 <= int(answers[3].headers["retry-after"]) <= 20
    assert answers[3].text.startswith(
        "Too many requests: 3 requests a minute are answered to one client. Try again in "
    )
    assert answers[3].headers["x-content-type-options"] == "nosniff"
    assert refusals == 1


def test_all_addresses_of_one_ipv6_network_are_one_client(run_endpoint: RunEndpoint) -> None:
    with run_endpoint(Limits(workers=1), BEHIND_PROXY) as endpoint:
        statuses = [
            endpoint.client.get(ASK, headers=via(f"2001:db8::{number}")).status_code
            for number in range(1, 5)
        ]
    assert statuses == [200, 200, 200, 429]


def test_a_forwarded_address_is_believed_of_a_trusted_proxy_only(
    run_endpoint: RunEndpoint,
) -> None:
    """A stranger that names another address for each request is still one client."""
    with run_endpoint(Limits(workers=1), Front(requests_per_minute=3)) as endpoint:
        untrusted = [
            endpoint.client.get(ASK, headers=via(f"10.0.0.{number}")).status_code
            for number in range(4)
        ]
    with run_endpoint(Limits(workers=1), BEHIND_PROXY) as endpoint:
        # the proxy appends the address it saw; what stands before it the client made up
        spoofed = [
            endpoint.client.get(ASK, headers=via(f"10.0.0.{number}", "10.9.9.9")).status_code
            for number in range(4)
        ]
    assert untrusted == spoofed == [200, 200, 200, 429]


def test_a_program_on_this_machine_is_not_counted(run_endpoint: RunEndpoint) -> None:
    with run_endpoint(Limits(workers=1), Front(requests_per_minute=1)) as endpoint:
        assert {endpoint.client.get(ASK).status_code for _ in range(5)} == {200}


def test_one_client_cannot_take_all_workers(run_endpoint: RunEndpoint) -> None:
    front = Front(trusted_proxies=("127.0.0.1",), requests_per_minute=0, at_once=1)
    limits = Limits(workers=2, waiting=8, seconds=1.0)
    with run_endpoint(limits, front) as endpoint, ThreadPoolExecutor(6) as threads:

        def run_away() -> str:
            parameters, headers = {"query": RUNAWAY}, via("10.0.0.1")
            return endpoint.client.get("/sparql", params=parameters, headers=headers).text

        greedy = [threads.submit(run_away) for _ in range(5)]
        others = []
        while not all(query.done() for query in greedy):
            others.append(endpoint.client.get(ASK, headers=via("10.0.0.2")).status_code)
        texts = [query.result() for query in greedy]
    assert set(others) == {200}
    line_full = "Too many requests: 1 queries of one client run at a time, and more are in line."
    assert any(text.startswith("The query was ended after 1 seconds") for text in texts)
    assert sum(text.startswith(line_full) for text in texts) >= 2


def test_a_well_formed_request_id_comes_back_and_any_other_is_replaced(endpoint: Endpoint) -> None:
    ids = [
        endpoint.client.get(ASK, headers={"X-Request-ID": given}).headers["x-request-id"]
        for given in ("a-1.B_2", "two words", "x" * 65, "<script>", "")
    ]
    assert ids[0] == "a-1.B_2"
    assert all(re.fullmatch("[0-9a-f]{16}", made) for made in ids[1:])
    assert len(set(ids)) == 5


def test_a_request_is_one_line_without_its_query_or_its_whole_address(
    run_endpoint: RunEndpoint, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO), run_endpoint(Limits(workers=1), BEHIND_PROXY) as endpoint:
        caplog.clear()
        length = len(endpoint.client.get(ASK, headers=via("10.0.0.77")).content)
    # that of the fixture's own first request may come late
    (fields,) = [each for each in requests_logged(caplog) if each["route"] == "/sparql"]
    assert fields.pop("milliseconds") > 0
    assert fields == {
        "route": "/sparql",
        "method": "GET",
        "status": 200,
        "bytes": length,
        "client": "10.0.0.0",
        "level": "INFO",
    }


def test_query_and_address_are_kept_where_the_keeper_wants_them(
    run_endpoint: RunEndpoint, caplog: pytest.LogCaptureFixture
) -> None:
    front = Front(trusted_proxies=("127.0.0.1",), log_queries=True, log_addresses=True)
    with caplog.at_level(logging.INFO), run_endpoint(Limits(workers=1), front) as endpoint:
        caplog.clear()
        endpoint.client.post("/sparql", data={"query": "ASK { }"}, headers=via("10.0.0.77"))
    # that of the fixture's own first request may come late
    (fields,) = [each for each in requests_logged(caplog) if each["route"] == "/sparql"]
    assert (fields["query"], fields["client"]) == ("ASK { }", "10.0.0.77")


def test_health_and_metrics_stay_out_of_the_log(
    endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for path in ("/health/live", "/health/ready", "/metrics", "/nowhere"):
            endpoint.client.get(path)
        # a line is written after its answer went out, and in the order of the requests
        last = time.monotonic() + 10
        while "none" not in routes_logged(caplog) and time.monotonic() < last:
            time.sleep(0.01)
    assert "none" in routes_logged(caplog)
    assert routes_logged(caplog).isdisjoint({"/health/live", "/health/ready", "/metrics"})


def test_a_wrong_host_is_counted_and_refused(endpoint: Endpoint) -> None:
    series = 'metalocal_refusals_total{reason="host"}'
    before = value(endpoint, series)
    endpoint.client.get(ASK, headers={"Host": "attacker.example"})
    assert value(endpoint, series) == before + 1


def test_links_show_the_public_address_whatever_the_proxy_asked(run_endpoint: RunEndpoint) -> None:
    front = Front(public_url="https://evidence.example.org/metalocal")
    with run_endpoint(Limits(workers=1), front) as endpoint:
        description = endpoint.client.get("/sparql", headers={"Accept": "application/n-triples"})
        answer = endpoint.client.get(ASK)
        counted = 'metalocal_http_requests_total{method="GET",route="/sparql",status="200"} 2.0'
        text = endpoint.client.get("/metrics").text
    assert "<https://evidence.example.org/metalocal/sparql>" in description.text
    assert answer.json()["boolean"] is True
    assert counted in text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"allowed_hosts": ("a b",)}, "'a b' is no host name"),
        ({"trusted_proxies": ("proxy",)}, "'proxy' is neither an address nor a network"),
        ({"monitors": ("10.0.0.0/33",)}, "is neither an address nor a network"),
        ({"public_url": "evidence.example.org"}, "is no address of an endpoint"),
        ({"public_url": "https://a.example/?x=1"}, "is no address of an endpoint"),
        ({"public_url": "https://a.example:99999"}, "is no address of an endpoint"),
        ({"requests_per_minute": -1}, "Front.requests_per_minute must not be below 0"),
    ],
)
def test_a_front_that_makes_no_sense_is_refused(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        Front(**wrong)
