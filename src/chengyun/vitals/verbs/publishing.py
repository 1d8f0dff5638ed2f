"""Publishing: a table is frozen with all it was made by; a correction is a new version."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import Conflict
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.vitals import policy
from chengyun.vitals.decide.schemes import By
from chengyun.vitals.models import Publication
from chengyun.vitals.reads.counting import Level
from chengyun.vitals.reads.tables import Wanted, drawn, wanted
from chengyun.vitals.verbs.snapshot import keep_figures


def canonical(content: Any) -> bytes:
    """JSON by which content is hashed: sorted keys, no spaces, instants in UTC."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)


def freeze(actor: Actor, asked: Wanted, *, now: datetime, reason: str) -> Publication:
    """Write the next version of a table; inside the caller's transaction."""
    line = {
        "area_no": asked.area_no,
        "period": asked.period.name,
        "by": asked.by,
        "level": asked.level,
    }
    with connection.cursor() as cursor:
        # Two who publish one table at once take turns, and each gets a version of its own.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 19))", [str(sorted(line.items()))]
        )
    before = Publication.objects.filter(**line).order_by("-version").first()
    # The reference from figures to their table is checked at the end of the transaction.
    ident = new_id()
    found = keep_figures(actor, asked.asked(), ident)
    content = orjson.loads(canonical(drawn(asked, found)))
    units = [UUID(row["key"]) for row in content["rows"]] if asked.by == "unit" else []
    return Publication.objects.create(
        id=ident,
        **line,
        city_no=areas.city_of(asked.area_no),
        unit_ids=units,
        version=1 if before is None else before.version + 1,
        as_of=now,
        content=content,
        hash=hashlib.sha256(canonical(content)).hexdigest(),
        simulated=content["simulated"],
        reason=reason,
        published_at=now,
        published_by=actor.id,
        published_by_name=actor.name,
    )


@verb("vitals.publish")
def publish(
    actor: Actor,
    *,
    now: datetime,
    area_no: int,
    period: str,
    by: By,
    level: Level | None = None,
    reason: str = "",
) -> JsonObject:
    """Freeze an area's table of a month that is over.

    Returns:
        {"id", "version", "hash"}

    Raises:
        Forbidden: the actor may not judge this area.
        Conflict: the month is not over.
    """
    policy.may_judge(actor, area_no)
    asked = wanted(area_no, period, by, level, now)
    if asked.period.end > now:
        raise Conflict("The month is not over yet.", code="too_early")
    row = freeze(actor, asked, now=now, reason=reason.strip()[:1_000])
    return {"id": str(row.id), "version": row.version, "hash": row.hash}
