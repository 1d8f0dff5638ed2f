"""A node, started and stopped as its user does, and killed as its user does not."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.faults


def cy(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("CHENGYUN_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "chengyun", *words, "--data", str(data)],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def up(data: Path) -> dict:
    done = cy("up", "--detach", "--json", "--port", "0", "--no-demo", data=data)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def status(data: Path) -> dict:
    return json.loads(cy("status", "--json", data=data).stdout)


def family(data: Path) -> list[str]:
    """Every process that has the data folder in its environment or on its command line."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
                if os.fsencode(data) in words and b"pytest" not in words.split(b"\0")[0:3]:
                    found.append(f"{entry.name} {words[:200]!r}")
    return found


def wait_for(what, seconds: float = 120.0) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.1)


def wait_until_gone(data: Path) -> None:
    until = time.monotonic() + 120
    while left := family(data):
        assert time.monotonic() < until, left
        time.sleep(0.1)


def answers(address: str) -> bool:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    return False


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("node") / "data"
    yield folder
    cy("down", data=folder)
    assert family(folder) == []


def test_it_starts_says_where_and_is_healthy(data):
    started = up(data)
    assert started["address"].startswith("http://127.0.0.1:")
    assert answers(started["address"])
    wait_for(lambda: status(data)["healthy"])
    shown = status(data)
    assert {"web", "stream", "worker", "follower", "postgres"} <= set(shown["processes"])
    assert shown["versions"]["postgresql"].startswith("18")


def test_a_second_start_points_to_the_first(data):
    before = status(data)["pid"]
    assert up(data)["pid"] == before
    refused = cy("up", "--fresh", "--no-demo", data=data)
    assert refused.returncode == 1
    assert "Stop it first" in refused.stderr


@pytest.mark.parametrize("name", ["postgres", "web", "stream", "worker", "follower"])
def test_a_killed_process_comes_back(data, name):
    before = status(data)
    os.kill(before["processes"][name]["pid"], signal.SIGKILL)

    def back() -> bool:
        now = status(data)
        process = now["processes"][name]
        return process["restarts"] > before["processes"][name]["restarts"] and now["healthy"]

    wait_for(back)


def test_nothing_outlives_a_killed_supervisor_and_the_next_start_works(data):
    before = status(data)
    os.kill(before["pid"], signal.SIGKILL)
    wait_until_gone(data)
    assert answers(up(data)["address"])


def test_nothing_outlives_the_supervisor_web_and_database_killed_together(data):
    before = status(data)
    for pid in (before["pid"], *(before["processes"][n]["pid"] for n in ("web", "postgres"))):
        os.kill(pid, signal.SIGKILL)
    wait_until_gone(data)
    assert answers(up(data)["address"])


def test_the_folder_can_be_moved(data):
    assert cy("down", data=data).returncode == 0
    assert family(data) == []
    moved = data.with_name("moved")
    data.rename(moved)
    try:
        assert answers(up(moved)["address"])
    finally:
        cy("down", data=moved)
        moved.rename(data)


def test_stopping_what_does_not_run_is_no_error(data):
    assert cy("down", data=data).returncode == 0
    assert cy("status", data=data).returncode == 3


def test_an_interrupt_stops_everything_cleanly(data):
    process = subprocess.Popen(
        [sys.executable, "-m", "chengyun", "up", "--port", "0", "--no-demo", "--data", str(data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    wait_for(lambda: "Ctrl-C" in process.stdout.readline())
    process.send_signal(signal.SIGINT)
    assert process.wait(120) == 0
    process.stdout.close()
    assert family(data) == []
