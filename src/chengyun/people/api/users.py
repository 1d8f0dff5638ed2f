"""People, their posts, and how they come in for the first time."""

from uuid import UUID

from ninja import Query, Router, Status

from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.people import reads, verbs
from chengyun.people.schemas.directory import (
    ActiveIn,
    AppointIn,
    InviteIn,
    LinkOut,
    ResetIn,
    UserOut,
    UsersIn,
    UsersOut,
)
from chengyun.people.schemas.parts import Done
from chengyun.people.schemas.session import SessionsOut

router = Router()


def _link(user_id: UUID, token: str) -> JsonObject:
    return {"id": user_id, "url_path": f"/signin?token={token}"}


@router.get("/users", response=UsersOut, operation_id="users")
def users(request: Request, asked: Query[UsersIn]) -> JsonObject:
    """People in sight, by name, organisation or post."""
    rows, after = reads.users(request.actor, now=request.now, **asked.model_dump())
    return {"items": reads.user_views(rows, now=request.now), "next": after}


@router.post("/users", response={201: LinkOut}, operation_id="invite_user")
def invite_user(request: Request, data: InviteIn) -> Status[JsonObject]:
    """Make an account and its one-time link. The link is shown once."""
    return Status(
        201, _link(*verbs.invite_user(request.actor, now=request.now, **data.model_dump()))
    )


@router.get("/users/{user_id}", response=UserOut, operation_id="user")
def user(request: Request, user_id: UUID) -> JsonObject:
    """One person."""
    return reads.user_views([reads.user(request.actor, user_id)], now=request.now)[0]


@router.post("/users/{user_id}/link", response={201: LinkOut}, operation_id="reset_sign_in")
def reset_sign_in(request: Request, user_id: UUID, data: ResetIn) -> Status[JsonObject]:
    """Take a forgotten password away and give a new one-time link."""
    token = verbs.reset_sign_in(
        request.actor, now=request.now, user=user_id, second_factor=data.second_factor
    )
    return Status(201, _link(user_id, token))


@router.post("/users/{user_id}/active", response=Done, operation_id="set_active")
def set_active(request: Request, user_id: UUID, data: ActiveIn) -> JsonObject:
    """Switch an account on or off."""
    return verbs.set_active(request.actor, now=request.now, user=user_id, active=data.active)


@router.get("/users/{user_id}/sessions", response=SessionsOut, operation_id="user_sessions")
def user_sessions(request: Request, user_id: UUID) -> JsonObject:
    """Somebody's live sessions, for a security administrator."""
    rows = reads.sessions_of(request.actor, user_id, now=request.now)
    return {"items": reads.session_rows(rows, current=None)}


@router.post("/users/{user_id}/appointments", response={201: Done}, operation_id="appoint")
def appoint(request: Request, user_id: UUID, data: AppointIn) -> Status[JsonObject]:
    """Give somebody a post."""
    key = idempotency_key(request)
    return Status(
        201,
        verbs.appoint(request.actor, now=request.now, key=key, user=user_id, **data.model_dump()),
    )


@router.delete("/appointments/{appointment_id}", response=Done, operation_id="dismiss")
def dismiss(request: Request, appointment_id: UUID) -> JsonObject:
    """End an appointment."""
    return verbs.dismiss(request.actor, now=request.now, appointment=appointment_id)
