"""Keys for scripts. The token is shown once; only its hash is kept."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from chengyun.kernel.actor import ADMIN_POSTS, SYSTEM, Actor
from chengyun.kernel.problems import Conflict, Forbidden, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.people import policy
from chengyun.people.decide import posts, tokens
from chengyun.people.decide.faults import Fault
from chengyun.people.decide.organisations import lies_inside
from chengyun.people.decide.sessions import KEY_LIFE, KEY_LIFE_MAX
from chengyun.people.models import ApiKey, Organisation
from chengyun.people.reads import forget_actors


@verb("people.create_api_key")
def _create(
    actor: Actor,
    *,
    now: datetime,
    name: str,
    post: str,
    organisation: UUID,
    area_no: int | None,
    expires_at: datetime,
    prefix: str,
    token_hash: bytes,
) -> JsonObject:
    unit = Organisation.objects.visible_to(actor).valid_at(now).filter(pk=organisation).first()
    faults = []
    if unit is None:
        faults.append(Fault("organisation", "is no organisation in sight", "unknown_organisation"))
    if not posts.known(post):
        faults.append(Fault("post", "is no post", "unknown_post"))
    if not 1 <= len(name) <= 64 or not name.isprintable():
        faults.append(Fault("name", "needs 1 to 64 printable characters", "bad_name"))
    if not now < expires_at <= now + KEY_LIFE_MAX:
        days = KEY_LIFE_MAX.days
        faults.append(Fault("expires_at", f"is not within the next {days} days", "bad_expiry"))
    over = area_no if area_no is not None else (unit.area_no if unit else 0)
    if unit is not None and not lies_inside(unit.area_no, over):
        faults.append(
            Fault("area_no", "does not lie inside the organisation's area", "outside_unit")
        )
    if unit is not None and posts.known(post) and not posts.fits(post, unit.kind):
        kind = unit.kind.replace("_", " ")
        faults.append(Fault("post", f"cannot be held in a {kind}", "post_unfit"))
    if faults or unit is None:
        raise policy.invalid(*faults)
    policy.give_keys(actor, over)
    if post in ADMIN_POSTS and actor.kind != "system":
        raise Forbidden(
            "Keys for administrators are issued on the machine itself.", code="console_only"
        )
    row = ApiKey.objects.create(
        name=name,
        prefix=prefix,
        token_hash=token_hash,
        post=post,
        organisation=unit,
        area_no=over,
        created_at=now,
        created_by=actor.id,
        expires_at=expires_at,
    )
    return {"id": str(row.id), "prefix": prefix}


def create_api_key(
    actor: Actor,
    *,
    now: datetime,
    name: str,
    post: str,
    organisation: UUID,
    area_no: int | None = None,
    life: timedelta = KEY_LIFE,
) -> tuple[UUID, str]:
    """Issue a key for one post over the organisation's area or a part of it.

    Returns:
        The key's id and its token; the token is nowhere else.
    """
    token = tokens.KEY_MARK + secrets.token_urlsafe(tokens.ENTROPY_BYTES)
    receipt = _create(
        actor,
        now=now,
        name=name,
        post=post,
        organisation=organisation,
        area_no=area_no,
        expires_at=now + life,
        prefix=token[: tokens.PREFIX_LENGTH],
        token_hash=tokens.token_hash(token),
    )
    return UUID(receipt["id"]), token


def issue_key(
    post: str,
    organisation: UUID,
    area_no: int | None = None,
    *,
    now: datetime,
    name: str = "console",
    life: timedelta = KEY_LIFE,
) -> str:
    """Issue a key from the machine itself; the token."""
    _, token = create_api_key(
        SYSTEM,
        now=now,
        name=name,
        post=post,
        organisation=organisation,
        area_no=area_no,
        life=life,
    )
    return token


@verb("people.revoke_api_key")
def revoke_api_key(actor: Actor, *, now: datetime, api_key: UUID) -> JsonObject:
    """End a key; every process stops taking it within five seconds."""
    row = ApiKey.objects.visible_to(actor).select_for_update().filter(pk=api_key).first()
    if row is None:
        raise NotFound
    policy.give_keys(actor, row.area_no)
    if row.revoked_at is not None:
        raise Conflict("The key is already revoked.", code="already_revoked")
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    forget_actors()
    return {"id": str(row.id)}
