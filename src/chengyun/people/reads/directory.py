"""Organisations and people, paged and within sight."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from chengyun.kernel import areas, paging
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.people.decide.posts import fits
from chengyun.people.models import Appointment, Organisation, User
from chengyun.people.reads import cursors

Page = tuple[list[Organisation], str | None]


def organisations(
    actor: Actor,
    *,
    now: datetime,
    q: str = "",
    kind: str = "",
    role: str = "",
    parent: UUID | None = None,
    cursor: str = "",
    limit: int | None = None,
) -> Page:
    """Organisations in sight that exist now, outermost area first, and the next cursor."""
    size = paging.clamp(limit)
    found = Organisation.objects.visible_to(actor).valid_at(now).order_by("area_no", "id")
    if q:
        found = found.filter(
            Q(name__zh__icontains=q) | Q(name__en__icontains=q) | Q(code__istartswith=q)
        )
    if kind:
        found = found.filter(kind=kind)
    if role:
        found = found.filter(roles__contains=[role])
    if parent is not None:
        found = found.filter(parent_id=parent)
    if cursor:
        area_no, last = cursors.numbered(cursor)
        found = found.filter(Q(area_no__gt=area_no) | Q(area_no=area_no, id__gt=last))
    rows = list(found[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return rows, paging.encode([rows[-1].area_no, str(rows[-1].id)]) if more else None


def organisation(actor: Actor, organisation_id: UUID) -> Organisation:
    """One organisation.

    Raises:
        NotFound: there is none, or it is out of sight.
    """
    found = Organisation.objects.visible_to(actor).filter(pk=organisation_id).first()
    if found is None:
        raise NotFound
    return found


def organisation_revision() -> str:
    """Changes whenever an organisation was added or changed; for caches of the whole tree."""
    seen = Organisation.objects.aggregate(rows=Count("pk"), at=Max("changed_at"))
    return f"{seen['rows']}:{seen['at'].isoformat() if seen['at'] else ''}"


def organisation_for(area_no: int, post: str, *, now: datetime) -> Organisation | None:
    """The organisation nearest to an area that may give a post: deepest first, centres first."""
    around = Organisation.objects.valid_at(now).filter(area_no__in=areas.ancestors(area_no))
    order = {"ops_center": 0, "supervision_center": 1, "command_center": 2, "department": 3}
    found = sorted(
        (one for one in around if fits(post, one.kind)),
        key=lambda one: (-one.area_no, order.get(one.kind, 4), one.code),
    )
    return found[0] if found else None


def users(
    actor: Actor,
    *,
    now: datetime,
    q: str = "",
    organisation: UUID | None = None,
    post: str = "",
    cursor: str = "",
    limit: int | None = None,
) -> tuple[list[User], str | None]:
    """People in sight by user name, and the next cursor."""
    size = paging.clamp(limit)
    found: QuerySet[User] = (
        User.objects.visible_to(actor).select_related("organisation").order_by("username")
    )
    if q:
        found = found.filter(Q(username__istartswith=q) | Q(display_name__icontains=q))
    if organisation is not None:
        found = found.filter(organisation_id=organisation)
    if post:
        holders = Appointment.objects.held_at(now).filter(post=post).values("user_id")
        found = found.filter(pk__in=holders)
    if cursor:
        found = found.filter(username__gt=cursors.named(cursor))
    rows = list(found[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return rows, paging.encode([rows[-1].username]) if more else None


def user(actor: Actor, user_id: UUID) -> User:
    """One person.

    Raises:
        NotFound: there is none, or they are out of sight.
    """
    seen = User.objects.visible_to(actor).select_related("organisation")
    found = seen.filter(pk=user_id).first()
    if found is None:
        raise NotFound
    return found


def appointments_of(user: User, *, now: datetime) -> list[Appointment]:
    """The posts somebody holds now or will hold."""
    return list(user.appointments.not_over(now).select_related("organisation"))


def user_names(ids: Collection[UUID]) -> dict[UUID, str]:
    """Display names by id, for rooms that keep user ids as values."""
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "display_name"))
