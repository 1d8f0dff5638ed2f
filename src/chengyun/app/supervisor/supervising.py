"""`up`: everything of a node in the right order, kept alive, and stopped in the other order."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg

from chengyun import __version__
from chengyun.app.supervisor import doors, prepared, roles, services
from chengyun.app.supervisor.address import ROLES, Address
from chengyun.app.supervisor.asking import status_of, stream_listens
from chengyun.app.supervisor.broker import Broker, bare_environment, program
from chengyun.app.supervisor.family import Child, Family, Interrupted
from chengyun.app.supervisor.folder import Folder
from chengyun.app.supervisor.node import environment, has_command, manage_command
from chengyun.app.supervisor.postgres import SUPERUSER, Cluster
from chengyun.app.supervisor.services import Options
from chengyun.app.supervisor.state import NodeState, ProcessState
from chengyun.app.supervisor.wheel import PostgresFailed

_STOP_ORDER = ("web", "stream", "simulate", "devices", "broker", "follower", "worker")
_READY_SECONDS = 60.0
_FALLS = 3


class StartFailed(Exception):
    """The node could not be started; the message says why and what to do."""


@dataclass
class Supervisor:
    """One run of a node. The caller holds the folder's lock."""

    folder: Folder
    options: Options
    say: Callable[[str], None]
    state: NodeState = field(default_factory=NodeState)
    family: Family = field(default_factory=Family)
    cluster: Cluster | None = None
    database: "subprocess.Popen[bytes] | None" = None
    database_restarts: int = 0
    links: list[dict[str, str]] = field(default_factory=list)

    def run(self, announce: Callable[[NodeState, list[dict[str, str]]], None]) -> int:
        """Start, announce, keep alive until asked to stop; returns the exit code."""
        began = time.monotonic()
        self.family.listen()
        _raise_file_limit()
        self._describe()
        try:
            self._start()
            self._enter("running", f"running after {time.monotonic() - began:.1f} s")
            announce(self.state, self.links)
            while not self.family.stopping:
                self._tend()
                self.family.sleep(0.5)
        except Interrupted:
            return 130
        except (
            StartFailed,
            PostgresFailed,
            roles.DatabaseRefused,
            doors.DoorRefused,
            psycopg.Error,
        ) as failed:
            self.say(str(failed))
            self._enter("failed", str(failed))
            return 1
        finally:
            self._stop()
        return 0

    def _describe(self) -> None:
        self.state.pid = os.getpid()
        self.state.version = __version__
        self.state.host, self.state.port = self.options.host, self.options.port
        self.state.local = doors.local_address(self.options)
        self.state.address = doors.address(self.options)
        self.state.stream = doors.stream_address(self.options)
        if self.options.mqtt and program():
            self.state.mqtt = doors.mqtt_address(self.options)
            self.state.mqtt_local = doors.mqtt_local(self.options)
            self.state.puback = self.options.puback
            self.state.broker = f"nats://127.0.0.1:{self.options.broker_port}"
        self.state.simulated = self.options.simulate
        self.state.database = "outside" if self.options.database else "embedded"
        self._enter("starting", "starting")

    def _enter(self, phase: str, message: str) -> None:
        self.state.phase, self.state.message = phase, message
        self._write()

    def _write(self) -> None:
        known = {
            name: ProcessState(
                pid=child.process.pid if child.process else None,
                state="running" if child.process else "restarting",
                restarts=child.restarts,
                started_at=time.time() - (time.monotonic() - child.started),
            )
            for name, child in self.family.children.items()
        }
        if self.cluster is not None:
            known["postgres"] = ProcessState(
                pid=self.database.pid if self.database else None,
                state="running" if self.database else "restarting",
                restarts=self.database_restarts,
            )
        self.state.processes = known
        self.state.write(self.folder)

    def _start(self) -> None:
        doors.check(self.options)
        urls = self._start_database()
        self.folder.write_urls(urls)
        self._prepare(urls)
        self._start_services(services.doors(self.options), urls)
        self._read_links(urls)
        self.say("Waiting for the first answer …")
        if not self._wait(lambda: status_of(self.state.local, "/healthz") > 0):
            raise StartFailed(f"No answer from {self.state.address}; see {self.folder.logs}.")
        broker = Broker(self.folder, self.options).service()
        behind = services.followers(self.options)
        if broker is None:
            behind = [service for service in behind if service.name != "devices"]
        self._start_services([broker, *behind] if broker else behind, urls)
        self.say("Waiting for the workers …")
        if not self._wait(self._is_ready):
            self.say(f"Not everything is ready yet: see {self.state.address}/readyz")

    def _start_services(self, wanted: list[services.Service], urls: dict[str, str]) -> None:
        for service in wanted:
            if not service.role:
                log = self.folder.logs / f"{service.name}.log"
                self.family.start(Child(service.name, service.command, bare_environment(), log))
                continue
            env = environment(self.folder, self.state, urls, service.role)
            env["CHENGYUN_ALLOWED_HOSTS"] = doors.allowed_hosts(self.options)
            if self.options.public_url:
                env["CHENGYUN_PUBLIC_URL"] = self.options.public_url
            log = self.folder.logs / f"{service.name}.log"
            self.family.start(Child(service.name, service.command, env, log))
        self._write()

    def _start_database(self) -> dict[str, str]:
        passwords = {role: self.folder.secret(f"database-{role}") for role in ROLES}
        if self.options.database:
            self.say("Preparing the outside database …")
            return roles.prepare(Address(self.options.database), passwords)
        self.cluster = Cluster(
            self.folder.postgres,
            self.folder.socket,
            self.folder.logs / "postgres.log",
            self.folder.secret(f"database-{SUPERUSER}"),
        )
        self.say("Starting PostgreSQL …")
        self.cluster.prepare()
        self.database = self.cluster.start()
        self._write()
        return roles.prepare(Address(self.cluster.url("chengyun")), passwords)

    def _prepare(self, urls: dict[str, str]) -> None:
        """Bring the tables up to date, one node at a time, then the reference data."""
        demo = self.options.demo
        with psycopg.connect(urls["owner"], autocommit=True) as lock:
            lock.execute("SELECT pg_advisory_lock(hashtext('chengyun migrate'))")
            marks = prepared.marks(lock)
            wanted = prepared.migrations()
            if marks.get("migrations") != wanted:
                self.say("Bringing the tables up to date …")
                as_owner = environment(self.folder, self.state, urls, "owner")
                self._step(("migrate", "--no-input", "--verbosity", "0"), as_owner)
                marks = {"migrations": wanted}
                prepared.write_marks(lock, marks)
            wanted = prepared.reference_data(self.folder, demo=demo)
            if has_command("setup") and marks.get("setup") != wanted:
                self.say("Setting up …")
                as_bulk = environment(self.folder, self.state, urls, "bulk")
                self._step(("setup",) if demo else ("setup", "--no-demo"), as_bulk)
                prepared.write_marks(lock, {**marks, "setup": wanted})

    def _step(
        self, arguments: tuple[str, ...], env: dict[str, str], stdout: int | None = None
    ) -> bytes:
        quiet = {"CHENGYUN_LOG": os.environ.get("CHENGYUN_LOG", "WARNING")}
        try:
            return self.family.step(manage_command(*arguments), {**env, **quiet}, stdout)
        except subprocess.CalledProcessError as failed:
            raise StartFailed(
                f"`manage {arguments[0]}` failed ({failed.returncode}); the lines above say why."
            ) from None

    def _read_links(self, urls: dict[str, str]) -> None:
        if has_command("signin_links"):
            env = environment(self.folder, self.state, urls, "bulk")
            said = self._step(("signin_links",), env, subprocess.PIPE)
            self.links = [json.loads(line) for line in said.splitlines() if line.startswith(b"{")]

    def _is_ready(self) -> bool:
        return status_of(self.state.local, "/readyz") == 200 and stream_listens(self.state.local)

    def _wait(self, happened: Callable[[], bool]) -> bool:
        """Tend the children until it has happened; False when it does not in time.

        Raises:
            StartFailed: a child keeps ending.
            Interrupted: we were asked to stop.
        """
        until = time.monotonic() + _READY_SECONDS
        while not happened():
            if self.family.stopping:
                raise Interrupted
            self._tend()
            fallen = [c for c in self.family.children.values() if c.restarts >= _FALLS]
            if fallen:
                last = fallen[0].log.read_text(encoding="utf-8", errors="replace").splitlines()
                raise StartFailed("\n".join((f"{fallen[0].name} keeps ending:", *last[-12:])))
            if time.monotonic() > until:
                return False
            self.family.sleep(0.1)
        return True

    def _tend(self) -> None:
        if self.database is not None and self.database.poll() is not None:
            self.say(f"postgres ended ({self.database.returncode}); restarting at once")
            self.database = None
        if self.cluster is not None and self.database is None:
            self.database_restarts += 1
            try:
                self.database = self.cluster.start()
            except PostgresFailed as failed:
                self.say(str(failed))
                self.family.sleep(min(self.database_restarts, 10))
            self._write()
        self.family.reap_strangers([self.database.pid] if self.database else [])
        events = self.family.tend()
        for event in events:
            self.say(event)
        if events or any(
            self.state.processes.get(name, ProcessState()).pid != (c.process and c.process.pid)
            for name, c in self.family.children.items()
        ):
            self._write()

    def _stop(self) -> None:
        if self.state.phase != "failed":
            self.say("Stopping …")
            self._enter("stopping", "stopping")
        self.family.stop(_STOP_ORDER)
        self.family.end_strangers([self.database.pid] if self.database else [])
        if self.cluster is not None and self.database is not None:
            self.cluster.stop(self.database)
            self.database = None
        if self.state.phase != "failed":
            self._enter("stopped", "stopped cleanly")
            self.say("Stopped.")


def _raise_file_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # Some systems say "unlimited", which programs that close every number would loop over.
    most = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def to_stderr(text: str) -> None:
    """Progress for a person at the terminal."""
    sys.stderr.write(f"cy: {text}\n")
    sys.stderr.flush()
