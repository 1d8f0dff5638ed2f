"""Credentials of devices: issued, rotated, revoked. The secret is shown once; its hash is kept."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, FieldError, Invalid, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.sensing.decide.secrets import (
    DEVICE_MARK,
    ENTROPY_BYTES,
    PREFIX_LENGTH,
    secret_hash,
)
from chengyun.sensing.models import DeviceKey, Thing
from chengyun.sensing.policy import check_may_keep_devices

LIFE_MAX = timedelta(days=3 * 366)
KEYS_PER_THING = 8


def _thing(actor: Actor, code: str) -> Thing:
    thing = Thing.objects.visible_to(actor).select_for_update().filter(code=code).first()
    if thing is None:
        raise NotFound("There is no such thing in sight.")
    check_may_keep_devices(actor, thing.area_no, thing.unit_ids)
    return thing


def _expiry(now: datetime, days: int | None) -> datetime | None:
    if days is None:
        return None
    if not 1 <= days <= LIFE_MAX.days:
        said = f"is between 1 and {LIFE_MAX.days}"
        raise Invalid([FieldError("days", said, "bad_expiry")])
    return now + timedelta(days=days)


@verb("sensing.issue_device_key")
def _issue(
    actor: Actor,
    *,
    now: datetime,
    thing: str,
    name: str,
    days: int | None,
    prefix: str,
    hashed: bytes,
) -> JsonObject:
    found = _thing(actor, thing)
    if found.state == "retired":
        raise Conflict("The thing is retired.", code="thing_retired")
    if len(name) > 64 or not name.isprintable():
        raise Invalid([FieldError("name", "has at most 64 printable characters", "bad_name")])
    live = DeviceKey.objects.filter(thing=found, revoked_at=None).count()
    if live >= KEYS_PER_THING:
        said = f"A thing has at most {KEYS_PER_THING} credentials; revoke one."
        raise Conflict(said, code="too_many_keys")
    row = DeviceKey.objects.create(
        thing=found,
        name=name,
        prefix=prefix,
        secret_hash=hashed,
        created_at=now,
        created_by=actor.id,
        expires_at=_expiry(now, days),
        area_no=found.area_no,
        unit_ids=found.unit_ids,
    )
    return {"id": str(row.id), "username": found.code, "prefix": prefix}


def issue_device_key(
    actor: Actor, *, now: datetime, thing: str, name: str = "", days: int | None = None
) -> JsonObject:
    """A new credential of a thing: id, username, password; the password is nowhere else."""
    password = DEVICE_MARK + secrets.token_urlsafe(ENTROPY_BYTES)
    hashed = secret_hash(password)
    receipt = _issue(
        actor,
        now=now,
        thing=thing,
        name=name,
        days=days,
        prefix=password[:PREFIX_LENGTH],
        hashed=hashed,
    )
    return {**receipt, "password": password}


@verb("sensing.revoke_device_key")
def revoke_device_key(actor: Actor, *, now: datetime, device_key: UUID) -> JsonObject:
    """End a credential: HTTP refuses it at once, and the broker's connection of its device is cut
    within two seconds."""
    keys = DeviceKey.objects.visible_to(actor).select_for_update()
    row = keys.filter(pk=device_key).first()
    if row is None:
        raise NotFound
    check_may_keep_devices(actor, row.area_no, row.unit_ids)
    if row.revoked_at is not None:
        raise Conflict("The credential is revoked already.", code="already_revoked")
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    return {"id": str(row.id)}


def rotate_device_key(
    actor: Actor, *, now: datetime, device_key: UUID, days: int | None = None
) -> JsonObject:
    """A new credential for the thing of an old one, which goes on until it is revoked: the device
    must be able to learn the new one first."""
    row = DeviceKey.objects.visible_to(actor).filter(pk=device_key).select_related("thing").first()
    if row is None:
        raise NotFound
    return issue_device_key(actor, now=now, thing=row.thing.code, name=row.name, days=days)
