"""MQTT at quality 1: from many devices' PUBLISH to committed rows, in readings a second.

Product: 600 devices with credentials of their own on a node's broker, each with at most 16 messages
under way, until every reading is committed; under the process-safe setting, and `power_cut_safe`
under the other. p50 and p99 are of one reading alone, from PUBLISH to where a reader sees the row.
Limit: the same broker alone, PUBLISH to PUBACK, nobody reading. Reference: Mosquitto from PATH with
persistence on, to one quality 1 subscriber that does nothing; its PUBACK survives no power cut.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import psycopg

from _mqtt import Device, Fleet, Reader
from chengyun.app.devices.intake import make_streams
from chengyun.app.devices.keys import INTAKE_USER, BrokerKeys
from chengyun.app.devices.wire import Broken, Wire
from chengyun.app.supervisor.broker import Broker
from chengyun.app.supervisor.doors import free_port
from chengyun.app.supervisor.folder import Folder
from chengyun.app.supervisor.node import Node, running
from chengyun.app.supervisor.services import Options

NAME = "mqtt"
UNIT = "readings/s"
NODE = False  # it starts two of its own, one under each setting
DEVICES = 600
SAFE_DEVICES = 200
MESSAGES = int(os.environ.get("CHENGYUN_BENCH_MESSAGES", "150000"))
ALONE = 60
_HERE = Path(__file__).parent


def run(node: Node | None) -> dict[str, object]:
    """Every acknowledged reading must be there, once."""
    if node is not None:
        return {**_through(node, DEVICES, MESSAGES), "puback_survives": node.state.puback}
    with _node("process-death") as quick:
        product = _through(quick, DEVICES, MESSAGES)
    with _node("power-cut") as safe:
        slow = _through(safe, SAFE_DEVICES, max(2_000, MESSAGES // 20))
    bare = {puback: _broker_alone(puback) for puback in ("process-death", "power-cut")}
    reference = _mosquitto()
    return {
        **product,
        "power_cut_safe": slow["product"],
        "power_cut_safe_p50_ms": slow["p50_ms"],
        "limit": bare["process-death"],
        "limit_name": "the same broker alone, PUBLISH to PUBACK",
        "limit_power_cut_safe": bare["power-cut"],
        "reference": reference,
        "reference_name": "Mosquitto to one quality 1 subscriber, persistence on"
        if reference
        else "Mosquitto is not installed here: not measured",
        "devices": DEVICES,
        "load": os.getloadavg()[0],
    }


@contextmanager
def _node(puback: str) -> Iterator[Node]:
    with tempfile.TemporaryDirectory(prefix="cy-bench-") as folder:
        data = Path(folder) / "data"
        words = [sys.executable, "-m", "chengyun"]
        flags = ["--detach", "--no-simulate", "--no-screens", "--port", "0", "--puback", puback]
        subprocess.run([*words, "up", *flags, "--data", str(data)], stdout=2, check=True)
        try:
            yield running(data)
        finally:
            subprocess.run([*words, "down", "--data", str(data)], stdout=2, check=False)


def _register(node: Node, count: int) -> list[Device]:
    env = node.environment("bulk") | {"DJANGO_SETTINGS_MODULE": "chengyun.app.settings"}
    said = subprocess.run(
        [sys.executable, str(_HERE / "_devices.py"), str(count)],
        env=env,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    return [Device(code, password) for code, password in json.loads(said)]


def _through(node: Node, count: int, messages: int) -> dict[str, object]:
    """Devices to committed rows on one node."""
    fleet = _fleet(node.state.mqtt_local, _register(node, count))
    with psycopg.connect(node.database_url("bulk"), autocommit=True) as line:

        def committed() -> int:
            row = line.execute(
                "SELECT coalesce(sum(count), 0) FROM sensing_batch WHERE door = 'mqtt'"
            ).fetchone()
            return int(row[0]) if row else 0

        fleet.run(count * 2, _level)  # every connection has spoken once
        _until(committed, count * 2)
        given = messages // count * count
        began = time.perf_counter()
        acknowledged: list[float] = []
        speaking = threading.Thread(target=lambda: acknowledged.append(fleet.run(given, _level)))
        speaking.start()
        seconds = _until(committed, count * 2 + given, began)
        speaking.join()
        alone = []
        for _ in range(ALONE):
            before, start = committed(), time.perf_counter()
            fleet.devices[0].say(1, _level)
            _until(committed, before + 1, pause=0.001)
            alone.append((time.perf_counter() - start) * 1_000)
            fleet.devices[0].hear()
        time.sleep(0.5)
        total = committed()
        assert total == count * 2 + given + ALONE, (total, given)
    fleet.close()
    p50, p99 = np.percentile(alone, [50, 99])
    return {
        "product": round(given / seconds),
        "acknowledged_a_second": round(given / acknowledged[0]),
        "p50_ms": round(float(p50), 1),
        "p99_ms": round(float(p99), 1),
        "messages": given,
    }


def _fleet(address: str, devices: list[Device]) -> Fleet:
    parts = urlsplit(address)
    fleet = Fleet(parts.hostname or "127.0.0.1", parts.port or 1883, devices)
    fleet.open()
    return fleet


def _level(number: int) -> bytes:
    """A reading without a time of its own: the broker's clock dates it."""
    return b"%d.%d" % (number % 10, number // 10 % 10)


def _until(count: Callable[[], int], wanted: int, began: float = 0.0, pause: float = 0.02) -> float:
    began = began or time.perf_counter()
    while count() < wanted:
        assert time.perf_counter() - began < 300, f"{count()} of {wanted}"
        time.sleep(pause)
    return time.perf_counter() - began


def _broker_alone(puback: str) -> int:
    with tempfile.TemporaryDirectory(prefix="cy-bench-") as root:
        folder = Folder(Path(root) / "data")
        folder.make()
        options = Options(port=free_port(), puback=puback)
        service = Broker(folder, options).service()
        assert service is not None
        keys = BrokerKeys.of(folder.secret("broker"))
        server = subprocess.Popen(service.command, stderr=subprocess.DEVNULL)
        try:
            wire = Wire(f"nats://127.0.0.1:{options.broker_port}", INTAKE_USER, keys.intake)
            _opened(wire)
            make_streams("127.0.0.1", options.mqtt_port, INTAKE_USER, keys.intake, tls=False)
            config = {"durable_name": "intake", "filter_subject": "$MQTT.msgs.>"}
            wire.ask(
                "$JS.API.CONSUMER.DURABLE.CREATE.$MQTT_msgs.intake",
                {"stream_name": "$MQTT_msgs", "config": {**config, "ack_policy": "explicit"}},
            )
            quick = puback == "process-death"
            devices = [
                Device(f"d{n}", keys.intake, user=INTAKE_USER)
                for n in range(DEVICES if quick else SAFE_DEVICES)
            ]
            fleet = _fleet(f"mqtt://127.0.0.1:{options.mqtt_port}", devices)
            messages = MESSAGES if quick else max(2_000, MESSAGES // 20)
            seconds = fleet.run(messages, _level)
            fleet.close()
            return round(messages // len(devices) * len(devices) / seconds)
        finally:
            server.kill()
            server.wait()


def _opened(wire: Wire) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            return wire.open()
        except Broken:
            assert time.monotonic() < until, "the broker does not start"
            time.sleep(0.05)


def _mosquitto() -> int | None:
    found = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        return None
    with tempfile.TemporaryDirectory(prefix="cy-bench-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        conf = Path(folder) / "mosquitto.conf"
        conf.write_text(
            f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\n"
            f"persistence_location {folder}/\nmax_inflight_messages 0\nmax_queued_messages 0\n"
            "user root\n",
            encoding="utf-8",
        )
        server = subprocess.Popen([found, "-c", str(conf)], stderr=subprocess.DEVNULL)
        try:
            for _ in range(200):
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.05)
            messages = MESSAGES // DEVICES * DEVICES
            with Reader("127.0.0.1", port, messages) as reader:
                fleet = _fleet(
                    f"mqtt://127.0.0.1:{port}",
                    [Device(f"d{n}", "", user="") for n in range(DEVICES)],
                )
                began = time.perf_counter()
                fleet.run(messages, _level)
                reader.wait()
                seconds = time.perf_counter() - began
                fleet.close()
            return round(messages / seconds)
        finally:
            server.kill()
            server.wait()
