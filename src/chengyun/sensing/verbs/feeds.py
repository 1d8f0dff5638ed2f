"""Feeds: other houses' webhooks, addresses we ask, brokers we hear: data, each in an area."""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from chengyun.kernel import crypto
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, FieldError, Invalid, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.sensing.decide.secrets import ENTROPY_BYTES, FEED_MARK, secret_hash
from chengyun.sensing.models import Feed
from chengyun.sensing.policy import check_may_keep_devices
from chengyun.sensing.verbs.feed_checks import checked

PURPOSE = "sensing.feed"


def _home(actor: Actor, area_no: int | None) -> tuple[int, list[UUID]]:
    """Where a feed belongs: the area asked for, else the actor's own."""
    place = area_no if area_no is not None else next((g.area_no for g in actor.grants), 0)
    units = [grant.org_id for grant in actor.grants if grant.area_no == place]
    check_may_keep_devices(actor, place, units)
    return place, units


@verb("sensing.create_feed")
def _create(
    actor: Actor,
    *,
    now: datetime,
    code: str,
    name: str,
    kind: str,
    protocol: str,
    mapping: dict[str, Any],
    settings: dict[str, Any],
    auth: str,
    area_no: int | None,
    hosts: tuple[str, ...],
    hashed: bytes,
    sealed: bytes,
) -> JsonObject:
    place, units = _home(actor, area_no)
    kept_mapping, kept = checked(kind, protocol, mapping, settings, hosts)
    if kind == "webhook" and auth == "none":
        raise Invalid([FieldError("auth", "a webhook needs bearer or hmac", "no_auth")])
    try:
        with transaction.atomic():
            row = Feed.objects.create(
                code=code,
                name=name,
                kind=kind,
                protocol=protocol,
                mapping=kept_mapping,
                settings=kept,
                auth=auth,
                secret_hash=hashed,
                secret_sealed=sealed,
                area_no=place,
                unit_ids=units,
                owner_id=units[0] if units else None,
                created_at=now,
                created_by=actor.id,
                next_at=now if kind == "poll" else None,
            )
    except IntegrityError as error:
        raise Conflict(
            "There is a feed of that code, or it is no code.", code="bad_code"
        ) from error
    return {"id": str(row.id), "code": row.code}


def create_feed(
    actor: Actor,
    *,
    now: datetime,
    code: str,
    name: str,
    kind: str,
    protocol: str,
    hosts: Collection[str],
    mapping: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
    auth: str = "bearer",
    area_no: int | None = None,
    secret: str = "",
) -> JsonObject:
    """Declare a feed.

    Args:
        hosts: those this node may reach. secret: what the other house gave us; a webhook's is ours.

    Returns:
        Its id, code and, for a webhook, the secret, which is shown nowhere else.
    """
    own = FEED_MARK + secrets.token_urlsafe(ENTROPY_BYTES) if kind == "webhook" else secret
    receipt = _create(
        actor,
        now=now,
        code=code,
        name=name,
        kind=kind,
        protocol=protocol,
        mapping=mapping or {},
        settings=settings or {},
        auth=auth,
        area_no=area_no,
        hosts=tuple(hosts),
        hashed=secret_hash(own),
        sealed=crypto.seal(own, purpose=PURPOSE),
    )
    return {**receipt, "secret": own if kind == "webhook" else ""}


def _feed(actor: Actor, feed: UUID) -> Feed:
    row = Feed.objects.visible_to(actor).select_for_update().filter(pk=feed).first()
    if row is None:
        raise NotFound
    check_may_keep_devices(actor, row.area_no, row.unit_ids)
    return row


@verb("sensing.change_feed")
def change_feed(
    actor: Actor,
    *,
    now: datetime,
    feed: UUID,
    version: int,
    hosts: tuple[str, ...],
    state: str | None = None,
    mapping: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
) -> JsonObject:
    """Pause it, let it go on, or change its mapping or settings."""
    row = _feed(actor, feed)
    if row.version != version:
        raise Conflict("Somebody else was faster; look again.", code="version_taken")
    row.mapping, row.settings = checked(
        row.kind,
        row.protocol,
        row.mapping if mapping is None else mapping,
        row.settings if settings is None else settings,
        hosts,
    )
    row.state = state or row.state
    row.version += 1
    row.failures = 0
    row.next_at = now if row.kind == "poll" else None
    row.save()
    return {"id": str(row.id), "version": row.version}


@verb("sensing.renew_feed_secret")
def _renew(actor: Actor, *, now: datetime, feed: UUID, hashed: bytes, sealed: bytes) -> JsonObject:
    row = _feed(actor, feed)
    if row.kind != "webhook":
        raise Conflict("Only a webhook's secret is ours to renew.", code="not_ours")
    row.secret_hash, row.secret_sealed = hashed, sealed
    row.version += 1
    row.save(update_fields=["secret_hash", "secret_sealed", "version"])
    return {"id": str(row.id)}


def renew_feed_secret(actor: Actor, *, now: datetime, feed: UUID) -> JsonObject:
    """A new secret for a webhook; the old one ends at once."""
    secret = FEED_MARK + secrets.token_urlsafe(ENTROPY_BYTES)
    sealed = crypto.seal(secret, purpose=PURPOSE)
    receipt = _renew(actor, now=now, feed=feed, hashed=secret_hash(secret), sealed=sealed)
    return {**receipt, "secret": secret}
