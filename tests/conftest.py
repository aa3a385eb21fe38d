"""What tests of several rooms need."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session")
def java() -> None:
    """Java, or the test is skipped; METALOCAL_REQUIRE_JAVA=1 makes that a failure."""
    from graph_builder.owl_api import start_java
    from graph_builder.problems import NoJavaError

    try:
        start_java()
    except NoJavaError as error:
        if os.environ.get("METALOCAL_REQUIRE_JAVA") == "1":
            pytest.fail(f"{error}, and METALOCAL_REQUIRE_JAVA is 1")
        pytest.skip(str(error))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What reasons first: it is slow, and at the end one process would wait for another."""
    items.sort(key=lambda item: "owl" not in item.path.parts)
