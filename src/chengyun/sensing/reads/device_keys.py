"""Whether a device is who it says, and the credentials of things in sight."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.scope import bind
from chengyun.sensing.decide.secrets import secret_hash
from chengyun.sensing.models import DeviceKey, Thing

# What a device is told it may do lasts no longer, whatever else happens.
SITTING = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Admitted:
    """A device that proved who it is: its thing's code and until when that holds."""

    key_id: UUID
    thing: str
    until: datetime


def live_keys(now: datetime) -> Q:
    """Credentials that open the door now."""
    return Q(revoked_at=None, thing__state="active") & (Q(expires_at=None) | Q(expires_at__gt=now))


def admitted(code: str, password: str, *, now: datetime) -> Admitted | None:
    """The device behind a user name and password; the caller sees everything."""
    if not code or len(code) > 64 or len(password) > 200:
        return None
    asked = secret_hash(password)
    rows = DeviceKey.objects.filter(live_keys(now), thing__code=code)
    for row in rows.only("id", "secret_hash", "expires_at", "barred_until"):
        if hmac.compare_digest(bytes(row.secret_hash), asked):
            if row.barred_until is not None and row.barred_until > now:
                return None
            until = min(row.expires_at or now + SITTING, now + SITTING)
            return Admitted(row.id, code, until)
    return None


def admitted_by_secret(secret: str, *, now: datetime) -> Admitted | None:
    """The device whose password this is; the caller sees everything."""
    if not 0 < len(secret) <= 200:
        return None
    rows = DeviceKey.objects.filter(live_keys(now), secret_hash=secret_hash(secret))
    row = rows.select_related("thing").first()
    return None if row is None else Admitted(row.id, row.thing.code, now + SITTING)


def device_key_view(row: DeviceKey) -> dict[str, Any]:
    """A credential without its secret."""
    names = ("id", "name", "prefix", "created_at", "expires_at", "revoked_at", "seen_at")
    found = {name: getattr(row, name) for name in (*names, "barred_until")}
    return {**found, "thing": row.thing.code, "thing_id": row.thing_id}


def without_key(codes: list[str], now: datetime) -> set[str]:
    """Those of the codes that no live credential stands behind."""
    free = Q(barred_until=None) | Q(barred_until__lte=now)
    with transaction.atomic():
        bind(SYSTEM.scope())
        live = DeviceKey.objects.filter(live_keys(now), free, thing__code__in=codes)
        return set(codes) - set(live.values_list("thing__code", flat=True))


def device_keys(actor: Actor, *, thing: str | None = None) -> list[DeviceKey]:
    """Credentials in sight, newest first."""
    rows = DeviceKey.objects.visible_to(actor).select_related("thing")
    if thing is not None:
        rows = rows.filter(thing__code=thing)
    return list(rows.order_by("-created_at")[:500])


def ended_since(when: datetime) -> list[tuple[str, datetime]]:
    """Things with a credential revoked, or themselves retired, since then, and when."""
    with transaction.atomic():
        bind(SYSTEM.scope())
        revoked = DeviceKey.objects.filter(revoked_at__gte=when).select_related("thing")
        found = [(key.thing.code, key.revoked_at or when) for key in revoked]
        left = Thing.objects.filter(updated_at__gte=when, keys__isnull=False)
        found += left.exclude(state="active").distinct().values_list("code", "updated_at")
        return found
