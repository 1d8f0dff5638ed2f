"""Alive, ready, counted: what is answered to whom when parts of the node are missing."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import OperationalError, connection
from django.test import Client

from chengyun.app import health, metrics
from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM, Actor, Grant
from chengyun.kernel.events import NewEvent, publish
from chengyun.kernel.ids import new_id
from chengyun.kernel.models import FollowerPosition, Heartbeat
from chengyun.people import reads

pytestmark = pytest.mark.django_db
TREE = Path(__file__).parents[2]


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def worker(age: timedelta) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)",
            [datetime.now(UTC) - age],
        )


@pytest.fixture
def healthy(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything runs and there is space."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2**40, 2**39, 2**39))
    worker(timedelta(seconds=3))
    for name in ("follower", "stream", "signals"):
        Heartbeat.objects.update_or_create(name=name, defaults={"at": datetime.now(UTC)})


def ready(status: int) -> dict[str, Any]:
    response = Client().get("/readyz")
    assert response.status_code == status, response.content
    body: dict[str, Any] = response.json()
    return body


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("the server closed the connection unexpectedly at 10.0.0.5")

    with monkeypatch.context() as cut:
        cut.setattr(connection, "cursor", away)
        yield


def test_alive_asks_nothing_of_the_database(no_database: None) -> None:
    response = Client().get("/healthz")
    assert (response.status_code, response.json()["alive"]) == (200, True)


@pytest.mark.usefixtures("healthy")
def test_ready_says_each_check() -> None:
    body = ready(200)
    assert (body["ready"], body["state"]) == (True, "ok")
    assert set(body["checks"]) == {
        "database",
        "migrations",
        "worker",
        "follower",
        "stream",
        "devices",
        "signals",
        "disk",
    }
    assert all(check["state"] == "ok" and check["said"] for check in body["checks"].values())


@pytest.mark.usefixtures("healthy")
def test_without_a_database_it_is_not_ready_and_tells_no_address(no_database: None) -> None:
    body = ready(503)
    assert body["checks"]["database"]["state"] == "down"
    assert body["checks"]["disk"]["state"] == "ok"
    assert "10.0.0.5" not in str(body)


@pytest.mark.usefixtures("healthy")
def test_a_dead_worker(settings: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    assert ready(503)["checks"]["worker"]["said"] == "No worker runs: later work waits."
    worker(timedelta(minutes=5))
    assert ready(503)["checks"]["worker"]["state"] == "down"


@pytest.mark.usefixtures("healthy")
def test_a_dead_follower_or_a_failing_one() -> None:
    FollowerPosition.objects.create(name="x", failing_since=datetime.now(UTC))
    body = ready(200)
    assert (body["state"], body["checks"]["follower"]["failing"]) == ("warn", ["x"])
    Heartbeat.objects.filter(name="follower").update(at=datetime.now(UTC) - timedelta(minutes=1))
    assert ready(503)["checks"]["follower"]["state"] == "down"


@pytest.mark.usefixtures("healthy")
def test_without_the_live_stream_work_goes_on() -> None:
    Heartbeat.objects.filter(name="stream").delete()
    body = ready(200)
    assert (body["ready"], body["checks"]["stream"]["state"]) == (True, "warn")


@pytest.mark.usefixtures("healthy")
def test_devices_are_heard_where_there_is_a_door_for_them(settings: Any) -> None:
    settings.BROKER_URL = "nats://127.0.0.1:1"
    body = ready(200)
    assert (body["ready"], body["checks"]["devices"]["state"]) == (True, "warn")
    Heartbeat.objects.create(name="devices", at=datetime.now(UTC))
    assert ready(200)["checks"]["devices"]["state"] == "ok"


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize(
    ("free", "status", "state"), [(2**39, 200, "ok"), (2**29, 200, "warn"), (2**20, 503, "down")]
)
def test_disk(monkeypatch: pytest.MonkeyPatch, free: int, status: int, state: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2**40, 0, free))
    assert ready(status)["checks"]["disk"]["state"] == state


@pytest.mark.usefixtures("healthy")
def test_tables_that_are_not_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = health._Migrations()
    assert fresh().state == "ok"
    assert fresh.applied
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'kernel'")
    monkeypatch.setitem(health._CHECKS, "migrations", health._Migrations())
    check = ready(503)["checks"]["migrations"]
    assert (check["state"], check["missing"] > 0) == ("down", True)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_they_are_only_read(path: str) -> None:
    assert Client().post(path).status_code == 405


def scrape(**more: Any) -> str:
    response = Client().get("/metrics", **more)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    return response.content.decode()


def sample(text: str, line: str) -> float:
    found = re.search(rf"^{re.escape(line)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


HEALTHZ = 'chengyun_http_requests_total{method="GET",route="/healthz",status="200"}'


def test_requests_are_counted_by_template() -> None:
    before = scrape()
    for _ in range(3):
        Client().get("/healthz")
    after = scrape()
    assert sample(after, HEALTHZ) == sample(before, HEALTHZ) + 3
    line = 'chengyun_http_request_seconds_bucket{le="10.0",method="GET",route="/healthz"}'
    assert sample(after, line) >= 3


def test_made_up_addresses_and_methods_make_no_new_labels() -> None:
    for number in range(5):
        Client().get(f"/no/such/{number}")
        Client().generic("BREW", f"/pot/{number}")
    text = scrape()
    assert "/no/such" not in text
    assert "BREW" not in text
    assert 'method="OTHER",route="unmatched",status="404"' in text


def test_measures_of_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC) - timedelta(seconds=90)
    FollowerPosition.objects.create(name="tests.late", failing_since=now)
    news = [NewEvent("t.T", new_id(), 1, areas.pack(1), SYSTEM, now, now, {}) for _ in range(4)]
    publish(news)
    text = scrape()
    assert sample(text, 'chengyun_follower_behind_events{follower="tests.late"}') == 4
    assert sample(text, 'chengyun_follower_behind_seconds{follower="tests.late"}') >= 89
    assert sample(text, 'chengyun_follower_failing{follower="tests.late"}') == 1
    assert sample(text, "chengyun_database_up") == 1
    assert "# TYPE chengyun_cases_open gauge" in text
    assert "# TYPE chengyun_jobs gauge" in text


def test_without_a_database_requests_are_still_counted(no_database: None) -> None:
    text = scrape()
    assert sample(text, "chengyun_database_up") == 0
    assert "chengyun_http_requests_total" in text
    assert "chengyun_cases_open" not in text


@pytest.mark.parametrize(
    "from_where",
    [
        {"REMOTE_ADDR": "203.0.113.7"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "127.0.0.1", "headers": {"X-Forwarded-For": "203.0.113.7"}},
        {"REMOTE_ADDR": "127.0.0.1", "headers": {"Forwarded": "for=203.0.113.7"}},
        {"REMOTE_ADDR": "203.0.113.7", "headers": {"Authorization": "Bearer cyk_made_up"}},
        {"REMOTE_ADDR": "203.0.113.7", "headers": {"Authorization": "Basic x"}},
    ],
)
def test_metrics_are_not_for_everybody(from_where: dict[str, Any]) -> None:
    response = Client().get("/metrics", **from_where)
    assert response.status_code == 401
    assert response.json()["code"] == "unauthenticated"


@pytest.mark.parametrize(("post", "status"), [("system_admin", 200), ("leader", 401)])
def test_metrics_by_key(monkeypatch: pytest.MonkeyPatch, post: str, status: int) -> None:
    held = Actor("key", new_id(), "k", (Grant(post, new_id(), areas.pack(1)),))
    monkeypatch.setattr(reads, "actor_for_key", lambda *_, **__: held)
    headers = {"Authorization": "Bearer cyk_known"}
    response = Client().get("/metrics", REMOTE_ADDR="203.0.113.7", headers=headers)
    assert response.status_code == status


COUNT = """
import os, sys
import chengyun.app.metrics as metrics
if sys.argv[1] == "read":
    print(metrics.counted().decode())
else:
    metrics.requests.labels("/x", "GET", "200").inc()
    metrics.live_clients.set(int(sys.argv[1]))
    if len(sys.argv) > 2:
        input()
"""


def counting(folder: Path) -> Callable[..., subprocess.Popen[str]]:
    def start(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", COUNT, *arguments],
            env={"PROMETHEUS_MULTIPROC_DIR": str(folder), "PATH": ""},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    return start


def test_processes_count_together_and_a_new_node_begins_at_zero(tmp_path: Path) -> None:
    start = counting(tmp_path / "metrics")
    stays = start("7", "stay")
    line = 'chengyun_http_requests_total{method="GET",route="/x",status="200"}'
    try:
        while not list((tmp_path / "metrics").glob("counter_*")):
            assert stays.poll() is None
        for clients in ("3", "4"):
            start(clients).communicate(timeout=30)
        text = start("read").communicate(timeout=30)[0]
        assert sample(text, line) == 3
        assert sample(text, "chengyun_live_clients") == 4
    finally:
        stays.communicate("\n", timeout=30)
    start("9").communicate(timeout=30)
    assert sample(start("read").communicate(timeout=30)[0], line) == 0


def test_a_label_cannot_break_the_format() -> None:
    FollowerPosition.objects.create(name='a"b\\c\nd')
    assert '{follower="a\\"b\\\\c\\nd"}' in scrape()


def test_the_folder_is_not_needed_in_a_checkout() -> None:
    assert metrics.FOLDER is None


def test_every_check_has_a_name_on_the_administrators_page() -> None:
    """What is looked at is named in both languages (`web/src/locales/parts/home.ts`)."""
    words = (TREE / "web/src/locales/parts/home.ts").read_text(encoding="utf-8")
    checks = health._CHECKS
    assert {name: words.count(f"      {name}: ") for name in checks} == dict.fromkeys(checks, 2)
