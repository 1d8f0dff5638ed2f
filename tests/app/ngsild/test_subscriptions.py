"""CIM 009 §5.8: subscriptions as they are kept."""

from typing import Any

import pytest

from tests.app.ngsild.conftest import Broker

HERE = "127.0.0.1"
NAME = "urn:ngsi-ld:Subscription:1"
V1 = "urn:ngsi-ld:Vehicle:1"


def said(**more: Any) -> dict[str, Any]:
    """A subscription to post."""
    endpoint = {"uri": f"http://{HERE}:9/told", "accept": "application/json"}
    note = {"endpoint": endpoint, **more.pop("notification", {})}
    body = {
        "id": NAME,
        "type": "Subscription",
        "entities": [{"type": "Vehicle"}],
        "notification": note,
        **more,
    }
    return {name: value for name, value in body.items() if value is not None}


@pytest.fixture
def hosts(settings: Any) -> None:
    settings.FEED_HOSTS = settings.PRIVATE_FEED_HOSTS = frozenset({HERE})


@pytest.mark.usefixtures("hosts")
def test_a_subscription_is_kept_changed_and_dropped(broker: Broker) -> None:
    made = broker.post("/subscriptions", said(watchedAttributes=["speed"], throttling=5))
    path = made.headers["Location"]
    assert path == f"/ngsi-ld/v1/subscriptions/{NAME}"
    seen = broker.get(path)
    assert (seen["status"], seen["watchedAttributes"]) == ("active", ["speed"])
    assert seen["notification"]["status"] == "ok"
    assert broker.ask("POST", "/subscriptions", said()).status == 409
    change = {"isActive": False, "q": "speed>3", "throttling": "urn:ngsi-ld:null"}
    assert broker.ask("PATCH", path, change).status == 204
    seen = broker.get(path, options="sysAttrs")
    assert (seen["status"], seen["q"], seen["createdAt"][:4]) == ("paused", "speed>3", "2026")
    assert "throttling" not in seen
    assert [one["id"] for one in broker.get("/subscriptions", count="true")] == [NAME]
    assert broker.ask("GET", path, who="stranger").status == 404
    assert broker.ask("PATCH", path, change, who="stranger").status == 404
    assert broker.ask("DELETE", path, who="stranger").status == 404
    assert broker.ask("DELETE", path).status == 204
    assert broker.ask("GET", path).status == 404


@pytest.mark.usefixtures("hosts")
@pytest.mark.parametrize(
    "bad",
    [
        {"type": "Sub"},
        {"entities": None},
        {"entities": []},
        {"entities": [{"id": V1}]},
        {"notification": {"endpoint": {"uri": "no uri"}}},
        {"notification": {"endpoint": {"uri": "http://elsewhere.example/x"}}},
        {"notification": {"endpoint": {"uri": "file:///etc/passwd"}}},
        {"notification": {"format": "xml"}},
        {"notification": {"endpoint": {"uri": f"http://{HERE}/", "accept": "text/html"}}},
        {"watchedAttributes": []},
        {"q": "speed=="},
        {"geoQ": {"georel": "near"}},
        {"expiresAt": "2020-01-01T00:00:00Z"},
        {"throttling": -1},
        {"timeInterval": 5, "watchedAttributes": ["speed"]},
        {"notificationTrigger": ["never"]},
        {"csf": "x"},
        {"unheardOf": 1},
    ],
)
def test_bad_subscriptions_are_refused(broker: Broker, bad: dict[str, Any]) -> None:
    answer = broker.ask("POST", "/subscriptions", said(**bad))
    assert answer.status in (400, 422), answer
    assert broker.get("/subscriptions") == []
