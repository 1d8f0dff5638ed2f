"""The cases behind one figure."""

from datetime import datetime
from typing import Any
from uuid import UUID

from chengyun.cases.models import Case
from chengyun.cases.reads import kinds
from chengyun.kernel import paging
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.text import JsonObject
from chengyun.people.models import Organisation
from chengyun.places.reads import areas_named
from chengyun.vitals.decide.counters import COUNTERS, of_post
from chengyun.vitals.reads.counting import Behind, behind
from chengyun.vitals.reads.tables import Wanted


def marks_of(by: str, key: str | None, counter: str) -> tuple[tuple[str, ...], str | None]:
    """The marks of a counter, and the key its row has without its post.

    Raises:
        Invalid: no such counter, or not the post's.
    """
    if counter not in COUNTERS:
        raise Invalid([FieldError("counter", "is no counter", "unknown_counter")])
    if by == "post" and key is not None:
        post, _, key = key.rpartition("@")
        if counter not in of_post(post):
            raise Invalid([FieldError("counter", "is not this post's", "unknown_counter")])
    return COUNTERS[counter].parts, key


def cases_behind(
    actor: Actor,
    asked: Wanted,
    *,
    key: str | None,
    counter: str,
    cursor: str | None,
    limit: int | None,
) -> tuple[list[JsonObject], str | None]:
    """One page of what a figure counts, oldest first, and the cursor of the next.

    All pages together are as long as the figure is high; a case stands there once for each run.

    Raises:
        Invalid: an unknown counter, or a foreign cursor.
    """
    marks, row = marks_of(asked.by, key, counter)
    after: tuple[datetime, Any] | None = None
    if cursor:
        at, ident = paging.decode(cursor, 2, (datetime.fromisoformat, UUID))
        after = at, ident
    most = paging.clamp(limit)
    found = behind(actor, asked.asked(), row, marks, after=after, limit=most + 1)
    page = found[:most]
    following = None
    if len(found) > most:
        following = paging.encode([page[-1].at.isoformat(), str(page[-1].id)])
    return views(actor, page), following


def views(actor: Actor, page: list[Behind]) -> list[JsonObject]:
    """Marks as they are shown, each with its case as far as the reader sees it."""
    ids = {one.case_id for one in page}
    # A unit that gave a case back still answers for its marks but no longer sees the case.
    cases = {case.id: case for case in Case.objects.visible_to(actor).filter(pk__in=ids)}
    units = {
        unit.id: unit.name
        for unit in Organisation.objects.filter(pk__in={one.unit for one in page if one.unit})
    }
    places = areas_named({one.area_no for one in page})
    known = kinds()
    out: list[JsonObject] = []
    for one in page:
        case = cases.get(one.case_id)
        place = places.get(one.area_no)
        kind = known.brief(case.kind_id) if case else None
        out.append(
            {
                "case_id": one.case_id,
                "no": case.no if case else None,
                "state": case.state if case else None,
                "kind": kind["name"] if kind else None,
                "address": case.address if case else "",
                "simulated": case.simulated if case else False,
                "counter": one.counter,
                "counter_name": COUNTERS[one.counter].name,
                "at": one.at,
                "unit": units.get(one.unit),
                "area": place.name if place else None,
            }
        )
    return out
