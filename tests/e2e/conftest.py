import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.e2e.node import Node, cy, start
from tests.e2e.screen import Screen


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """One node for all; CHENGYUN_E2E_DATA names a folder to keep between runs."""
    kept = os.environ.get("CHENGYUN_E2E_DATA")
    data = Path(kept) if kept else tmp_path_factory.mktemp("screens") / "data"
    try:
        yield start(data)
    finally:
        if not kept:
            cy("down", data=data)


@pytest.fixture
def screen(node: Node) -> Iterator[Screen]:
    """A browser of the test's own; afterwards no page may have complained or phoned elsewhere."""
    with sync_playwright() as playwright:
        made = Screen(playwright, node)
        try:
            yield made
        finally:
            made.close()
    assert made.faults == []
