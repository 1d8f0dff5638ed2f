"""The NGSI-LD door of the small city."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from chengyun.kernel.scope import bind
from chengyun.sensing.reads.streams import forget_streams
from chengyun.sensing.verbs.storing import forget_days
from tests.app.world import SPOT
from tests.cases.conftest import city, clock, desk, world
from tests.cases.desk import CSRF, NOBODY, Answer, Desk, _answer, as_owner
from tests.sensing.senses import declare

__all__ = ["city", "clock", "desk", "world"]

ROOT = "/ngsi-ld/v1"
LD = "application/ld+json"
POINT = {"type": "Point", "coordinates": list(SPOT)}


@dataclass
class Broker:
    """Requests to /ngsi-ld/v1 as somebody."""

    desk: Desk

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        who: str | None = "leader",
        raw: bytes | None = None,
        kind: str = "application/json",
        headers: dict[str, str] | None = None,
        **query: str,
    ) -> Answer:
        """One request."""
        client = self.desk.client(who)
        client.raise_request_exception = False
        data = raw if raw is not None else (b"" if body is None else json.dumps(body).encode())
        bind(NOBODY)
        answer = client.generic(
            method,
            f"{ROOT}{path.removeprefix(ROOT)}",
            data,
            content_type=kind,
            headers={"X-CSRFToken": CSRF, **(headers or {})},
            query_params=query or None,
        )
        bind(NOBODY)
        return _answer(answer)

    def get(self, path: str, who: str | None = "leader", **query: str) -> Any:
        """What a GET that works answers."""
        answer = self.ask("GET", path, who=who, **query)
        assert answer.status == 200, answer
        return answer.body

    def post(self, path: str, body: Any, status: int = 201, **more: Any) -> Answer:
        """A POST that works."""
        answer = self.ask("POST", path, body, **more)
        assert answer.status == status, answer
        return answer

    def ids(self, **query: str) -> list[str]:
        """The ids of the entities that a query means."""
        return [one["id"] for one in self.get("/entities", **query)]


def vehicle(n: int = 1, **more: Any) -> dict[str, Any]:
    """An entity to post."""
    return {
        "id": f"urn:ngsi-ld:Vehicle:{n}",
        "type": "Vehicle",
        "speed": {"type": "Property", "value": 50 + n, "unitCode": "KMH"},
        "brand": {"type": "Property", "value": "Mercedes"},
        "isParked": {
            "type": "Relationship",
            "object": "urn:ngsi-ld:OffStreetParking:Downtown1",
            "observedAt": "2026-03-02T01:00:00Z",
            "providedBy": {"type": "Relationship", "object": "urn:ngsi-ld:Person:Bob"},
        },
        "location": {"type": "GeoProperty", "value": POINT},
        **more,
    }


@pytest.fixture
def broker(desk: Desk) -> Iterator[Broker]:
    """The door, with a kind of things and its streams declared."""
    forget_streams()
    forget_days()
    with as_owner():
        declare()
    yield Broker(desk)
    forget_streams()
    forget_days()
