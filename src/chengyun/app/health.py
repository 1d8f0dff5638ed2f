"""Is it alive, is it ready, and what does it count: for supervisors, balancers and Prometheus."""

import ipaddress
import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from chengyun.app import measures
from chengyun.app import metrics as counters
from chengyun.kernel import heartbeat, problems
from chengyun.kernel.clock import system_clock
from chengyun.kernel.problems import Unauthenticated
from chengyun.people import reads

log = logging.getLogger(__name__)

State = Literal["ok", "warn", "down"]
MIB = 2**20
DISK_WARN, DISK_DOWN = 1024 * MIB, 256 * MIB
WORKER_STALE_S = 60.0
_RANK: dict[State, int] = {"ok": 0, "warn": 1, "down": 2}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. Facts are numbers and names of ours, no paths, no addresses."""

    state: State
    said: str
    facts: dict[str, Any] = field(default_factory=dict)


@require_safe
@transaction.non_atomic_requests
def alive(_request: HttpRequest) -> HttpResponse:
    """GET /healthz: this process answers. Asks nothing of anybody."""
    return JsonResponse({"alive": True, "version": settings.VERSION})


@require_safe
@transaction.non_atomic_requests
def ready(_request: HttpRequest) -> HttpResponse:
    """GET /readyz: whether work can be done here; 503 and the reasons when not."""
    checks = {name: _checked(look) for name, look in _CHECKS.items()}
    worst = max((check.state for check in checks.values()), key=_RANK.__getitem__)
    body = {
        "ready": worst != "down",
        "state": worst,
        "version": settings.VERSION,
        "checks": {
            name: {"state": check.state, "said": check.said, **check.facts}
            for name, check in checks.items()
        },
    }
    return JsonResponse(body, status=503 if worst == "down" else 200)


@require_safe
@transaction.non_atomic_requests
def metrics(request: HttpRequest) -> HttpResponse:
    """GET /metrics: for this machine, or with the key of a system administrator."""
    if not (_from_here(request) or _by_system_admin(request)):
        said = "Metrics are for this machine or a key of a system administrator."
        return problems.response(Unauthenticated(said))
    body = counters.counted() + measures.measured(system_clock.now())
    return HttpResponse(body, content_type="text/plain; version=0.0.4; charset=utf-8")


def _from_here(request: HttpRequest) -> bool:
    # Behind a proxy of this machine everybody seems to come from here.
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip")):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _by_system_admin(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return False
    try:
        actor = reads.actor_for_key(token.strip(), now=system_clock.now())
    except DatabaseFault:
        return False
    return actor is not None and actor.has("system_admin")


def _checked(look: Callable[[], Check]) -> Check:
    try:
        return look()
    except DatabaseFault:
        return Check("down", "The database does not answer.")
    except OSError as fault:
        log.warning("a check of readiness failed: %s", fault)
        return Check("down", "The check itself failed; see the log.")


def _database() -> Check:
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        standby = bool(cursor.fetchone()[0])
    took = round((time.perf_counter() - began) * 1000, 1)
    if standby:
        return Check("down", "The database is a standby: it takes no writes.", {"ms": took})
    return Check("ok", "The database answers.", {"ms": took})


class _Migrations:
    """Once applied they stay so; looking them up reads every file."""

    applied = False

    def __call__(self) -> Check:
        if not self.applied:
            executor = MigrationExecutor(connection)
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
            if plan:
                missing = {"missing": len(plan)}
                return Check("down", "The database's tables are not up to date.", missing)
            self.applied = True
        return Check("ok", "The tables are up to date.")


def _worker() -> Check:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), extract(epoch FROM now() - max(last_heartbeat))::float8"
            " FROM procrastinate_workers"
        )
        count, age = cursor.fetchone()
    if not count:
        return Check("down", "No worker runs: later work waits.")
    facts = {"age_s": round(age, 1)}
    if age > WORKER_STALE_S:
        return Check("down", "The worker shows no sign of life.", facts)
    return Check("ok", "A worker runs.", facts)


def _follower() -> Check:
    now = system_clock.now()
    age = heartbeat.ages(now).get("follower")
    if age is None or age > heartbeat.STALE.total_seconds():
        return Check("down", "No follower runs: clocks stand still.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM kernel_followerposition WHERE failing_since IS NOT NULL ORDER BY name"
        )
        failing = [row[0] for row in cursor]
    if failing:
        return Check("warn", "A follower fails and tries again.", {"failing": failing})
    return Check("ok", "The followers run.", {"age_s": round(age, 1)})


def _stream() -> Check:
    age = heartbeat.ages(system_clock.now()).get("stream")
    if age is None or age > heartbeat.STALE.total_seconds():
        return Check("warn", "The live stream does not run: screens must be reloaded.")
    return Check("ok", "The live stream runs.", {"age_s": round(age, 1)})


def _devices() -> Check:
    if not settings.BROKER_URL:
        return Check("ok", "This node has no door for devices.")
    age = heartbeat.ages(system_clock.now()).get("devices")
    if age is None or age > heartbeat.STALE.total_seconds():
        return Check("warn", "Nobody takes in what devices say; the broker keeps it meanwhile.")
    return Check("ok", "Devices are heard.", {"age_s": round(age, 1)})


def _signals() -> Check:
    age = heartbeat.ages(system_clock.now()).get("signals")
    if age is None or age > heartbeat.STALE.total_seconds():
        return Check("warn", "Nobody looks at the readings: no signal opens or closes.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT failure FROM rules_place WHERE failing_since IS NOT NULL")
        if cursor.fetchone() is not None:
            return Check("warn", "The rules cannot take a step and try again.")
    return Check("ok", "The rules are looked at.", {"age_s": round(age, 1)})


def _disk() -> Check:
    free = shutil.disk_usage(settings.DATA_DIR).free
    facts = {"free_mib": free // MIB}
    if free < DISK_DOWN:
        return Check("down", "The disk is full.", facts)
    if free < DISK_WARN:
        return Check("warn", "The disk is nearly full.", facts)
    return Check("ok", "There is space on the disk.", facts)


_CHECKS: dict[str, Callable[[], Check]] = {
    "database": _database,
    "migrations": _Migrations(),
    "worker": _worker,
    "follower": _follower,
    "stream": _stream,
    "devices": _devices,
    "signals": _signals,
    "disk": _disk,
}
