"""Rebuilding everything kept from the cases' histories."""

from datetime import datetime
from uuid import UUID

from chengyun.cases.models import Case
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Forbidden
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.vitals.verbs.following import keep_cases

BATCH = 500


@verb("vitals.rebuild_batch")
def _rebuild_batch(actor: Actor, *, now: datetime, ids: tuple[UUID, ...]) -> JsonObject:
    return {"count": len(ids), "marks": keep_cases(ids)}


def rebuild(actor: Actor, *, now: datetime, city_no: int | None = None) -> JsonObject:
    """Fold every case again, a transaction for each 500; new cases may arrive meanwhile.

    Returns:
        {"cases", "marks"}

    Raises:
        Forbidden: somebody asks who does not see every case.
    """
    if actor.kind != "system":
        raise Forbidden("Only the machine itself rebuilds.")
    cases = marks = 0
    after: UUID | None = None
    while True:
        found = Case.objects.order_by("id")
        if city_no is not None:
            found = found.filter(city_no=city_no)
        if after is not None:
            found = found.filter(id__gt=after)
        ids = tuple(found.values_list("id", flat=True)[:BATCH])
        if not ids:
            return {"cases": cases, "marks": marks}
        done = _rebuild_batch(actor, now=now, ids=ids)
        cases, marks, after = cases + int(done["count"]), marks + int(done["marks"]), ids[-1]
