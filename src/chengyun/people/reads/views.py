"""Rows of people as the API shows them, with areas named by the room that knows them."""

from collections.abc import Iterable
from datetime import datetime

from chengyun.kernel.text import JsonObject
from chengyun.people import ports
from chengyun.people.decide.shifts import handover_state
from chengyun.people.models import ApiKey, Appointment, DutyShift, Organisation, User, UserSession


def organisation_short(row: Organisation) -> JsonObject:
    """Org of the API contract."""
    return {"id": row.id, "name": row.name, "level": row.level}


def organisation_views(rows: Iterable[Organisation]) -> list[JsonObject]:
    """Organisations in full."""
    rows = list(rows)
    known = ports.site().areas({row.area_no for row in rows})
    return [
        {
            **organisation_short(row),
            "code": row.code,
            "kind": row.kind,
            "roles": row.roles,
            "area": ports.area_view(row.area_no, known),
            "parent": row.parent_id,
            "simulated": row.simulated,
        }
        for row in rows
    ]


def appointment_views(rows: Iterable[Appointment]) -> list[JsonObject]:
    """Posts held, with their organisation and area."""
    rows = list(rows)
    known = ports.site().areas({row.area_no for row in rows})
    return [
        {
            "id": row.id,
            "post": row.post,
            "org": organisation_short(row.organisation),
            "area": ports.area_view(row.area_no, known),
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
        }
        for row in rows
    ]


def user_views(rows: Iterable[User], *, now: datetime) -> list[JsonObject]:
    """People with the posts they hold or will hold."""
    rows = list(rows)
    held = list(
        Appointment.objects.not_over(now)
        .filter(user__in=[row.pk for row in rows])
        .select_related("organisation")
    )
    shown = appointment_views(held)
    posts: dict[object, list[JsonObject]] = {}
    for one, view in zip(held, shown, strict=True):
        posts.setdefault(one.user_id, []).append(view)
    return [
        {
            "id": row.id,
            "username": row.username,
            "name": row.display_name,
            "org": organisation_short(row.organisation),
            "active": row.is_active,
            "simulated": row.simulated,
            "posts": posts.get(row.pk, []),
        }
        for row in rows
    ]


def key_views(rows: Iterable[ApiKey]) -> list[JsonObject]:
    """Keys without their tokens."""
    rows = list(rows)
    known = ports.site().areas({row.area_no for row in rows})
    return [
        {
            "id": row.id,
            "name": row.name,
            "prefix": row.prefix,
            "post": row.post,
            "org": organisation_short(row.organisation),
            "area": ports.area_view(row.area_no, known),
            "created_at": row.created_at,
            "expires_at": row.expires_at,
            "revoked_at": row.revoked_at,
            "last_used_at": row.last_used_at,
        }
        for row in rows
    ]


def session_rows(rows: Iterable[UserSession], *, current: object) -> list[JsonObject]:
    """Sessions, the one asking marked."""
    return [
        {
            "id": row.id,
            "device": row.device,
            "network": row.network,
            "method": row.method,
            "created_at": row.created_at,
            "last_seen_at": row.last_seen_at,
            "current": row.pk == current,
        }
        for row in rows
    ]


def _person(row: User | None) -> JsonObject | None:
    return None if row is None else {"id": row.id, "name": row.display_name}


def shift_view(row: DutyShift) -> JsonObject:
    """A shift with its people and hand-over."""
    return {
        "id": row.id,
        "org": organisation_short(row.organisation),
        "post": row.post,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "members": [
            {
                "id": one.user_id,
                "name": one.user.display_name,
                "on_at": one.on_at,
                "off_at": one.off_at,
            }
            for one in row.members.all()
        ],
        "note": row.note,
        "matters": row.matters,
        "handover": handover_state(row.as_decided()),
        "handed_over_by": _person(row.handed_over_by),
        "handed_over_at": row.handed_over_at,
        "accepted_by": _person(row.accepted_by),
        "accepted_at": row.accepted_at,
        "accepted_into": row.accepted_into_id,
    }
