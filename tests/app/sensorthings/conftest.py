"""The SensorThings door of the small city."""

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

ROOT = "http://testserver/sta/v1.1"
UNIT = {"name": "degree Celsius", "symbol": "Cel", "definition": "https://ucum.org/ucum#Cel"}
OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_"
POINT = {"type": "Point", "coordinates": list(SPOT)}


@dataclass
class Sta:
    """Requests to /sta/v1.1 as somebody."""

    desk: Desk

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        who: str | None = "leader",
        raw: bytes | None = None,
        **query: str,
    ) -> Answer:
        """One request."""
        client = self.desk.client(who)
        client.raise_request_exception = False
        data = raw if raw is not None else (b"" if body is None else json.dumps(body).encode())
        bind(NOBODY)
        answer = client.generic(
            method,
            f"/sta/v1.1{path.removeprefix(ROOT)}",
            data,
            content_type="application/json",
            headers={"X-CSRFToken": CSRF},
            query_params=query or None,
        )
        bind(NOBODY)
        return _answer(answer)

    def get(self, path: str, who: str | None = "leader", **query: str) -> Any:
        """What a GET that works answers."""
        answer = self.ask("GET", path, who=who, **query)
        assert answer.status == 200, answer
        return answer.body

    def values(self, path: str, **query: str) -> list[Any]:
        """The entities of a set."""
        found: list[Any] = self.get(path, **query)["value"]
        return found

    def post(self, path: str, body: Any, who: str = "leader") -> Any:
        """What was made."""
        answer = self.ask("POST", path, body, who=who)
        assert answer.status == 201, answer
        assert answer.headers["Location"] == answer["@iot.selfLink"]
        return answer.body


def thing(name: str = "gauge", **more: Any) -> dict[str, Any]:
    """A thing to post."""
    return {"name": name, "description": f"the {name}", **more}


def place(name: str = "quay", **more: Any) -> dict[str, Any]:
    """A location to post."""
    plain = {"name": name, "description": name, "encodingType": "application/geo+json"}
    return {**plain, "location": POINT, **more}


def stream(name: str = "air temperature", kind: str = "Measurement", **more: Any) -> dict[str, Any]:
    """A datastream to post, with sensor and property inside."""
    return {
        "name": name,
        "description": name,
        "observationType": f"{OM}{kind}",
        "unitOfMeasurement": UNIT,
        "Sensor": {
            "name": "thermometer",
            "description": "a thermometer",
            "encodingType": "application/pdf",
            "metadata": "https://example.org/t.pdf",
        },
        "ObservedProperty": {
            "name": "temperature",
            "definition": "https://example.org/temperature",
            "description": "of the air",
        },
        **more,
    }


@pytest.fixture
def sta(desk: Desk) -> Iterator[Sta]:
    """The door, with a kind of things declared."""
    forget_streams()
    forget_days()
    with as_owner():
        declare()
    yield Sta(desk)
    forget_streams()
    forget_days()


@pytest.fixture
def station(sta: Sta) -> Any:
    """A thing with a place, a datastream and four observations of one hour."""
    return sta.post(
        "/Things",
        thing(
            properties={"owner": "bureau", "depth": 4},
            Locations=[place()],
            Datastreams=[
                stream(
                    Observations=[
                        {"phenomenonTime": f"2026-03-02T0{h}:00:00Z", "result": 10 + h}
                        for h in range(4 - 2)
                    ]
                    + [{"phenomenonTime": f"2026-03-01T2{h}:00:00Z", "result": h} for h in range(2)]
                )
            ],
        ),
    )
