"""Who is on which case: what the live stream tells of it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from chengyun.cases.models import Case, Presence
from chengyun.kernel.live import LiveRow

# Screens say so every 10 s; two missed ones and the network's own time make it gone.
GONE_AFTER = timedelta(seconds=24)
SHOWN_MAX = 5_000


def present(now: datetime) -> dict[UUID, LiveRow]:
    """Everybody on a case now, by case, as JSON to send; a person's windows count once."""
    rows = Presence.objects.filter(seen_at__gt=now - GONE_AFTER).order_by("since")
    people: dict[UUID, dict[UUID, dict[str, Any]]] = {}
    for row in rows[:SHOWN_MAX]:
        here = people.setdefault(row.case_id, {})
        before = here.get(row.user_id)
        if before is None:
            here[row.user_id] = {"user": row.user_id, "name": row.name, "doing": row.doing}
        elif row.doing == "acting":
            before["doing"] = "acting"
    places = Case.objects.filter(pk__in=list(people)).values_list("id", "area_no", "unit_ids")
    return {
        case_id: LiveRow(
            area_no=area_no,
            unit_ids=tuple(unit_ids),
            payload=orjson.dumps({"id": case_id, "people": list(people[case_id].values())}),
        )
        for case_id, area_no, unit_ids in places
    }
