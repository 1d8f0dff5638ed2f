"""Cases like one, near by, each with the reason."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chengyun.cases.models import Case
from chengyun.cases.reads.rows import ROW_FIELDS, case_rows
from chengyun.cases.reads.sight import in_sight
from chengyun.cases.reads.similar import cells_around, metres_between
from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject, Text, text

# Wider than what counts as a duplicate: a person judges here, not a rule.
NEAR_METRES = 150.0
NEAR_SINCE = timedelta(days=30)
LOOKED_AT = 200
SHOWN = 8


def neighbours(actor: Actor, case_id: UUID, *, now: datetime) -> list[JsonObject]:
    """Cases in sight like this one: near and recent, those of its kind first, each with why.

    Raises:
        NotFound: out of scope.
    """
    case = in_sight(actor, case_id, now=now)
    lon, lat = case["lon"], case["lat"]
    if lon is None or lat is None:
        return []
    kind_id = case["kind"]["id"] if case["kind"] else None
    found = (
        Case.objects.visible_to(actor)
        .filter(cell__in=cells_around(lon, lat, NEAR_METRES), merged_into=None)
        .filter(reported_at__gte=now - NEAR_SINCE)
        .exclude(pk=case_id)
        .order_by("-reported_at")
        .values(*ROW_FIELDS)[:LOOKED_AT]
    )
    ranked: list[tuple[bool, bool, float, Any]] = []
    for row in found:
        metres = metres_between(lon, lat, row["lon"], row["lat"])
        same = kind_id is not None and row["kind_id"] == kind_id
        if metres <= NEAR_METRES and (same or row["open"]):
            ranked.append((not same, not row["open"], metres, row))
    ranked.sort(key=lambda one: one[:3])
    kept = ranked[:SHOWN]
    rows = case_rows([row for *_, row in kept], now)
    return [
        {
            "case": shown,
            "metres": round(metres),
            "same_kind": not other,
            "open": row["open"],
            "reason": _reason(
                not other,
                kind_id is not None and row["kind_id"] is not None,
                metres,
                now - row["reported_at"],
            ),
        }
        for (other, _, metres, row), shown in zip(kept, rows, strict=True)
    ]


def _reason(same: bool, known: bool, metres: float, age: timedelta) -> Text:
    hours = round(age.total_seconds() / 3600)
    kind = text("类别未定", "kind not known yet")
    if known:
        kind = text("同类别", "same kind") if same else text("另一类别", "another kind")
    when = (
        text("不到1小时前", "within the hour")
        if hours < 1
        else text(f"{hours}小时前", f"{hours} h ago")
        if hours < 48
        else text(f"{hours // 24}天前", f"{hours // 24} days ago")
    )
    away = round(metres)
    return text(
        f"{kind['zh']}，相距{away}米，{when['zh']}上报",
        f"{kind['en']}, {away} m away, reported {when['en']}",
    )
