"""Who and what a line of paper names, and what its number stands for already."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from chengyun.cases.models import Case, PaperEntry
from chengyun.cases.verbs.arriving import Intake
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.scope import bind
from chengyun.kernel.text import JsonObject
from chengyun.people.models import User


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One line of paper: a report taken, or a move made on a case.

    `by` is the user name or id of who did it, `case` a case's number or id, or the paper number
    of a report. `no` may be empty for a move.
    """

    no: str
    occurred_at: datetime
    by: str = ""
    item: Intake | None = None
    case: str = ""
    move: str = ""
    params: JsonObject | None = None


def person_of(actor: Actor, row: PaperRow) -> User:
    """Who did it: somebody in the typist's sight, or the typist."""
    wanted = row.by.strip()
    same = Q(pk=actor.id) if not wanted else Q(username__iexact=wanted)
    with suppress(ValueError):
        same |= Q(pk=UUID(wanted))
    found = User.objects.visible_to(actor).filter(same).first()
    if found is None:
        raise Invalid([FieldError("by", "is nobody known here", "unknown_person")])
    return found


def case_of(actor: Actor, org: UUID, named: str) -> Case:
    words = named.strip()
    same = Q(no=words.upper())
    with suppress(ValueError):
        same |= Q(pk=UUID(words))
    on_sheet = PaperEntry.objects.filter(org_id=org, no=words, what="report")
    found = Case.objects.visible_to(actor).filter(
        same | Q(pk__in=on_sheet.values_list("case_id", flat=True))
    )
    row = found.first() if words else None
    if row is None:
        raise NotFound("There is no such case.")
    return row


def city_of(actor: Actor, row: PaperRow) -> int:
    if row.item is not None and row.item.city_no:
        return row.item.city_no
    return actor.grants[0].area_no


def first_of(org: UUID, no: str) -> JsonObject | None:
    """What a number stands for already, whoever may see the case by now."""
    bind(SYSTEM.scope())
    found = PaperEntry.objects.filter(org_id=org, no=no).first()
    if found is None:
        return None
    case = Case.objects.get(pk=found.case_id)
    return {
        "id": str(case.id),
        "no": case.no,
        "state": case.state,
        "version": case.version,
        "already": True,
        "entered_at": found.entered_at.isoformat(),
        "entered_by": found.entered_by_name,
    }
