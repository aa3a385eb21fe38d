"""Requests made from the OpenAPI document, fitting and not: every answer is as the document says.

A quarter of a minute by default; METALOCAL_API_EXAMPLES (requests for each operation, fitting and
not fitting each) makes it longer.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import hypothesis
import hypothesis.errors
import pytest
import schemathesis
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup

from metalocal.endpoint import Sources
from metalocal.locations import locations
from metalocal.server import create_app
from tests.endpoint.small_graph import small_graph

if TYPE_CHECKING:
    from tests.endpoint.conftest import Endpoint

EXAMPLES = int(os.environ.get("METALOCAL_API_EXAMPLES", "2"))
LISTS = {"GET /", "GET /attributes"}
"""Operations that take nothing, so that nothing can be wrong with it."""
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture(scope="module")
def api(
    tmp_path_factory: pytest.TempPathFactory,
    serve_app: Callable[..., AbstractContextManager[Endpoint]],
) -> Iterator[Endpoint]:
    graph = small_graph(tmp_path_factory.mktemp("small"))
    with serve_app(create_app(Sources(graph, locations().queries))) as running:
        yield running


@pytest.fixture(scope="module")
def schema(api: Endpoint) -> Any:
    config = SchemathesisConfig.from_dict(
        {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "422"]}}}
    )
    return schemathesis.openapi.from_url(f"{api.url}/api/openapi.json", config=config)


def settings() -> hypothesis.settings:
    return hypothesis.settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
def test_every_answer_is_as_the_openapi_document_says(mode: GenerationMode, schema: Any) -> None:
    statuses: Counter[int] = Counter()
    wrong: list[str] = []
    untold: set[str] = set()
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings()
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            answer = case.call()
            statuses[answer.status_code] += 1
            case.validate_response(answer)

        try:
            ask()
        except hypothesis.errors.Unsatisfiable:
            untold.add(operation.label)
        except FailureGroup as failures:
            wrong += [f"{operation.label}: {failure}" for failure in failures.exceptions]
    print(f"{mode.value}: {sum(statuses.values())} requests, {dict(statuses)}")
    assert wrong == []
    assert untold == (LISTS if mode is GenerationMode.NEGATIVE else set())
