"""How many statements a request costs, pinned: a loop around a query shows here first.

`CHENGYUN_UPDATE_SNAPSHOTS=1 ./cy test tests/cases/test_queries.py` writes the counts anew.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.app.world import LITTER, SPOT
from tests.cases.desk import Answer, Desk

UPDATE = os.environ.get("CHENGYUN_UPDATE_SNAPSHOTS") == "1"
COUNTS = Path(__file__).parents[1] / "app" / "query_counts.json"


def _rows(count: int, shift: float) -> dict[str, object]:
    return {
        "items": [
            {"kind": LITTER, "text": "x", "lon": SPOT[0] + shift + 0.00002 * n, "lat": SPOT[1]}
            for n in range(count)
        ]
    }


def counted(ask: Callable[[int], Answer]) -> int:
    """The statements of a request whose like was answered before, without savepoints.

    The least of three: every few seconds one request looks whether kinds or lists have changed.
    """
    assert ask(0).status in (200, 201)
    costs = []
    for number in (1, 2, 3):
        with CaptureQueriesContext(connection) as seen:
            assert ask(number).status in (200, 201)
        # The test's own wrapping in savepoints is not the product's cost.
        costs.append(sum("SAVEPOINT" not in (one["sql"] or "") for one in seen.captured_queries))
    return min(costs)


@pytest.fixture
def found(desk: Desk) -> dict[str, int]:
    """The cost of each request now."""
    cases = [desk.new(lon=SPOT[0] + 0.001 * n) for n in range(12)]
    before = {
        "list of 10": counted(lambda _: desk.get("acceptor", "/cases?limit=10")),
        "list of 5": counted(lambda _: desk.get("acceptor", "/cases?limit=5")),
        "counts": counted(lambda _: desk.get("acceptor", "/cases/counts")),
        "board": counted(lambda _: desk.get("acceptor", "/cases/board")),
        "worst": counted(lambda _: desk.get("acceptor", "/cases/worst")),
        "map": counted(lambda _: desk.get("acceptor", "/cases/map?bbox=120,30,122,32")),
        "detail": counted(lambda n: cases[n].detail()),
        "timeline": counted(lambda n: desk.get("acceptor", f"/cases/{cases[n].id}/timeline")),
        "track": counted(lambda n: cases[n].track()),
        "move": counted(lambda n: cases[n].try_("dispatcher", "urge", note="now")),
    }
    return before | {
        "intake of 1": counted(lambda n: desk.report(lon=SPOT[0] + 0.02 + 0.001 * n)),
        "intake of 10": counted(
            lambda n: desk.ask("acceptor", "POST", "/cases/batch", _rows(10, 0.03 + 0.001 * n))
        ),
        "intake of 100": counted(
            lambda n: desk.ask("acceptor", "POST", "/cases/batch", _rows(100, 0.033 + 0.002 * n))
        ),
    }


def test_requests_cost_what_they_cost(found: dict[str, int]) -> None:
    if UPDATE:
        COUNTS.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n")
    kept = json.loads(COUNTS.read_text())
    assert found == kept, "If that is wanted, run this test with CHENGYUN_UPDATE_SNAPSHOTS=1."


def test_a_longer_list_or_batch_costs_no_more_statements(found: dict[str, int]) -> None:
    assert found["list of 10"] == found["list of 5"]
    assert found["intake of 100"] == found["intake of 10"]
