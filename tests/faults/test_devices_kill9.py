"""kill -9 of broker, intake and database while devices publish: what MQTT acknowledged is there,
once; and what an acknowledgement is worth in a power cut, seen in the kernel's page cache.
"""

import ctypes
import os
import random
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from chengyun.app.devices.intake import make_streams
from chengyun.app.devices.keys import INTAKE_USER, BrokerKeys
from chengyun.app.devices.wire import Broken, Wire
from chengyun.app.supervisor import state
from chengyun.app.supervisor.broker import Broker
from chengyun.app.supervisor.doors import free_port
from chengyun.app.supervisor.folder import Folder
from chengyun.app.supervisor.node import running
from chengyun.app.supervisor.services import Options
from tests.faults import readings
from tests.faults.conftest import Town, _cy, _run, wait_for
from tests.faults.devices import Person, Publisher

pytestmark = pytest.mark.faults
BETWEEN = 2.5
SPEAKERS = 6


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, dict[str, list[str]]]]:
    """A node with gauges, under the weaker of the two promises."""
    data = tmp_path_factory.mktemp("killed") / "data"
    words = ("--no-demo", "--no-simulate", "--no-screens", "--puback", "process-death")
    _cy("up", "--detach", "--port", "0", *words, data=data)
    try:
        node = running(data)
        yield Town(node, {}), _run(node, "gauges")
    finally:
        _cy("down", data=data)


def _pid(town: Town, name: str) -> int | None:
    found = state.read(town.node.folder)
    return found.processes[name].pid if found is not None else None


def _kill(town: Town, name: str) -> None:
    pid = _pid(town, name)
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize(
    "victims",
    [("devices",), ("broker",), ("postgres",), ("broker", "devices", "postgres")],
    ids="+".join,
)
def test_what_was_acknowledged_is_there_once(
    street: tuple[Town, dict[str, list[str]]], victims: tuple[str, ...]
) -> None:
    town, keys = street
    first = (
        {"devices": 0, "broker": 6, "postgres": 12}.get(victims[0], 0) if len(victims) == 1 else 18
    )
    begin = int(time.time() * 1_000_000) - 600_000_000
    speakers = [
        Publisher(town.node.state.mqtt, code, keys[code][0], begin)
        for code in (f"g{first + n}" for n in range(SPEAKERS))
    ]
    threads = [threading.Thread(target=one.run) for one in speakers]
    draw = random.Random(7)
    for thread in threads:
        thread.start()
    for _ in range(2):
        for victim in victims:
            time.sleep(BETWEEN * (0.5 + draw.random()))
            _kill(town, victim)
    time.sleep(BETWEEN)
    for one in speakers:
        one.stopping.set()
    for thread in threads:
        thread.join(90)
    assert [one.fault for one in speakers if one.fault] == []
    assert sum(len(one.acknowledged) for one in speakers) > 200, "too little happened to say"

    def missing() -> dict[str, int]:
        there = readings.stored(town.node)
        return {
            one.code: lost
            for one in speakers
            if (
                lost := len(
                    {begin + n * 1_000 for n in one.acknowledged}
                    - {row[0] for row in there.get(f"{one.code}/level", [])}
                )
            )
        }

    wait_for(lambda: not missing(), 60)
    there = readings.stored(town.node)
    for one in speakers:
        rows = there[f"{one.code}/level"]
        times = [row[0] for row in rows]
        assert len(times) == len(set(times)), "a reading was committed twice"
        assert all(value == (at - begin) // 1_000 % 10 for at, value in rows)


def test_a_broker_that_lost_its_store_promises_nothing_it_does_not_keep(
    street: tuple[Town, dict[str, list[str]]],
) -> None:
    town, keys = street
    _kill(town, "broker")
    # Before the supervisor starts it again.
    shutil.rmtree(town.node.folder.broker / "jetstream")
    begin = int(time.time() * 1_000_000) - 900_000_000
    speaker = Publisher(town.node.state.mqtt, "g23", keys["g23"][0], begin)
    thread = threading.Thread(target=speaker.run)
    thread.start()
    wait_for(lambda: len(speaker.acknowledged) >= 50 or speaker.fault)
    speaker.stopping.set()
    thread.join(60)
    assert speaker.fault == ""
    wanted = {begin + number * 1_000 for number in speaker.acknowledged}

    def there() -> set[int]:
        rows = readings.stored(town.node).get("g23/level", [])
        return {at for at, _ in rows}

    wait_for(lambda: wanted <= there())


class _Range(ctypes.Structure):
    _fields_ = (("off", ctypes.c_uint64), ("len", ctypes.c_uint64))


class _Pages(ctypes.Structure):
    _fields_ = tuple(
        (name, ctypes.c_uint64)
        for name in ("cached", "dirty", "writeback", "evicted", "recently_evicted")
    )


_libc = ctypes.CDLL(None, use_errno=True)
_CACHESTAT = 451  # Linux 6.5


def unwritten(folder: Path) -> int:
    """Pages of a folder's files that the kernel has not given to the disk yet.

    Raises:
        OSError: this kernel cannot say.
    """
    found = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            if not path.is_file():
                continue
            with path.open("rb") as file:
                pages, whole = _Pages(), _Range(0, 0)
                said = _libc.syscall(
                    _CACHESTAT, file.fileno(), ctypes.byref(whole), ctypes.byref(pages), 0
                )
                if said != 0:
                    raise OSError(ctypes.get_errno(), "cachestat")
                found += pages.dirty + pages.writeback
    return found


@contextmanager
def broker(
    folder: Path, puback: str, certificate: Path | None = None, key: Path | None = None
) -> Iterator[tuple[str, BrokerKeys, Path]]:
    """A broker alone, with our consumer declared; its MQTT address, keys and store."""
    home = Folder(folder / "data")
    home.make()
    options = Options(port=free_port(), puback=puback, tls_certificate=certificate, tls_key=key)
    service = Broker(home, options).service()
    assert service is not None
    process = subprocess.Popen(service.command, stderr=subprocess.DEVNULL)
    keys = BrokerKeys.of(home.secret("broker"))
    wire = Wire(f"nats://127.0.0.1:{options.broker_port}", INTAKE_USER, keys.intake)
    try:
        wait_for(lambda: _opens(wire), 20)
        make_streams("127.0.0.1", options.mqtt_port, INTAKE_USER, keys.intake, tls=bool(key))
        config = {
            "durable_name": "intake",
            "filter_subject": "$MQTT.msgs.>",
            "ack_policy": "explicit",
        }
        said = wire.ask(
            "$JS.API.CONSUMER.DURABLE.CREATE.$MQTT_msgs.intake",
            {"stream_name": "$MQTT_msgs", "config": config},
        )
        assert "error" not in said, said
        yield f"mqtt://127.0.0.1:{options.mqtt_port}", keys, home.broker / "jetstream"
    finally:
        wire.close()
        process.kill()
        process.wait()


def _opens(wire: Wire) -> bool:
    with suppress(Broken):
        wire.open()
        return True
    return False


@pytest.mark.parametrize("puback", ["power-cut", "process-death"])
def test_an_acknowledgement_is_worth_what_the_setting_says(tmp_path: Path, puback: str) -> None:
    with broker(tmp_path, puback) as (address, keys, store):
        person = Person(address, INTAKE_USER, keys.intake).enter()
        assert person.inside
        left = []
        for number in range(60):
            assert person.say("things/g0/level", str(number))
            left.append(unwritten(store))
        person.leave()
        if puback == "power-cut":
            assert max(left) == 0, "acknowledged, and only in memory"
        else:
            # The other setting leaves pages behind: this check can tell the two apart.
            assert max(left) > 0


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of this machine's name for tests, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


def test_with_a_certificate_the_door_speaks_tls_alone(tmp_path: Path) -> None:
    certificate, key = _certificate(tmp_path)
    with broker(tmp_path, "process-death", certificate, key) as (address, keys, _):
        port = int(address.rpartition(":")[2])
        trusting = ssl.create_default_context(cafile=str(certificate))
        with (
            socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
            trusting.wrap_socket(plain, server_hostname="localhost") as line,
        ):
            assert line.version() in ("TLSv1.2", "TLSv1.3")
        assert not Person(address, INTAKE_USER, keys.intake).enter().inside
