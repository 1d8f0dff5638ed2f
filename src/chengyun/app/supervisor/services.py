"""The processes of a node besides its database: command lines, and the role each signs in as."""

import sys
from dataclasses import dataclass
from pathlib import Path

from chengyun.app.supervisor.node import has_command, manage_command

WEB_WORKERS = 2
WEB_THREADS = 4
# One stream process holds every live client; granian's default refuses the 1,025th.
STREAM_CLIENTS = 20_000


@dataclass(frozen=True)
class Options:
    """What `up` was asked for."""

    host: str = "127.0.0.1"
    port: int = 8420
    simulate: bool = True
    demo: bool = True
    fresh: bool = False
    database: str | None = None
    public_url: str | None = None
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    mqtt: bool = True
    puback: str = "power-cut"

    @property
    def scheme(self) -> str:
        """How the node itself answers."""
        return "https" if self.tls_certificate else "http"

    @property
    def mqtt_port(self) -> int:
        """Where devices speak MQTT."""
        return self.port + 2

    @property
    def broker_port(self) -> int:
        """Where our own processes reach the broker, on loopback."""
        return self.port + 3


@dataclass(frozen=True)
class Service:
    """One process to keep alive; without a role it is told nothing of ours."""

    name: str
    command: list[str]
    role: str


def doors(options: Options) -> list[Service]:
    """What answers people; started first, since it is what they wait for."""
    return [_web(options), _stream(options)]


def followers(options: Options) -> list[Service]:
    """What works behind the doors."""
    found = [Service("worker", _worker(), "bulk")]
    if has_command("follow"):
        found.append(Service("follower", manage_command("follow"), "bulk"))
    if has_command("signals"):
        found.append(Service("signals", manage_command("signals"), "bulk"))
    if options.mqtt and has_command("devices"):
        found.append(Service("devices", manage_command("devices"), "bulk"))
    if options.simulate and has_command("trickle"):
        found.append(Service("simulate", manage_command("trickle"), "bulk"))
    return found


def _worker() -> list[str]:
    # An import takes minutes; notices must not wait behind it.
    return manage_command("procrastinate", "worker", "--concurrency", "3")


def _granian(module: str, options: Options, port: int, interface: str) -> list[str]:
    command = [sys.executable, "-P", "-m", f"chengyun.app.supervisor.{module}"]
    command += [f"chengyun.app.supervisor.{module}:application", "--interface", interface]
    command += ["--host", options.host, "--port", str(port), "--no-ws"]
    command += ["--factory", "--respawn-failed-workers", "--respawn-interval", "0.5"]
    command += ["--workers-kill-timeout", "5"]
    if options.tls_certificate and options.tls_key:
        command += ["--ssl-certificate", str(options.tls_certificate)]
        command += ["--ssl-keyfile", str(options.tls_key)]
    return command


def _web(options: Options) -> Service:
    command = _granian("web", options, options.port, "wsgi")
    command += ["--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS)]
    return Service("web", command, "app")


def _stream(options: Options) -> Service:
    command = _granian("live", options, options.port + 1, "asgi")
    command += ["--workers", "1", "--backlog", "4096", "--backpressure", str(STREAM_CLIENTS)]
    return Service("stream", command, "bulk")
