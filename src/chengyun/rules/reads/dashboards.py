"""Dashboards of packs, and the figures on them: of what is in the asker's sight alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from django.db.models import Q

from chengyun.cases.decide.calendar import from_us, to_us
from chengyun.cases.decide.state import OPEN
from chengyun.cases.models import Case
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.kernel.text import JsonObject
from chengyun.rules.models import Signal
from chengyun.rules.reads.packs import newest_packs, off_for
from chengyun.rules.reads.rows import row_of
from chengyun.sensing.decide.readings import Floats
from chengyun.sensing.models import Datastream, Thing
from chengyun.sensing.reads import history
from chengyun.sensing.reads.newest import newest

MOST_STREAMS = 2_000
MOST_ROWS = 50
_HOUR = 3_600_000_000


def dashboards(actor: Actor) -> list[JsonObject]:
    """The dashboards offered to somebody: of packs in use where they work, for their posts."""
    held = {grant.post for grant in actor.grants}
    found = []
    for name, row in sorted(newest_packs().items()):
        for one in row.content["dashboards"]:
            mine = not one["posts"] or held & set(one["posts"]) or actor.kind == "system"
            if mine and not off_for(actor, name):
                found.append({**one, "pack": name})
    return found


def dashboard(actor: Actor, dashboard_id: str) -> JsonObject:
    """One dashboard as declared. Raises NotFound."""
    for one in dashboards(actor):
        if one["id"] == dashboard_id:
            return one
    raise NotFound


def figures(actor: Actor, dashboard_id: str, now: datetime) -> JsonObject:
    """What stands on a dashboard now: item → value, unit, course or rows. Raises NotFound."""
    one = dashboard(actor, dashboard_id)
    items = {item["id"]: _figure(actor, item, now) for item in one["items"]}
    return {"id": dashboard_id, "at": now, "items": items}


def _figure(actor: Actor, item: JsonObject, now: datetime) -> JsonObject:
    if item["streams"]:
        return _streams(actor, item, now)
    if item["signals"]:
        return _signals(actor, item["signals"], item["show"])
    if item["cases"]:
        return _cases(actor, item["cases"])
    return {}


def _signals(actor: Actor, asked: JsonObject, show: str) -> JsonObject:
    seen = Signal.objects.visible_to(actor).filter(closed_at=None, severity__lte=asked["worst"])
    if asked["rules"]:
        seen = seen.filter(rule_id__in=asked["rules"])
    if show == "card":
        return {"value": seen.count(), "unit": "1"}
    rows = [row_of(one) for one in seen.order_by("severity", "-opened_at")[:MOST_ROWS]]
    return {"value": seen.count(), "unit": "1", "rows": rows}


def _cases(actor: Actor, asked: JsonObject) -> JsonObject:
    wanted = Q(pk__in=[])
    for pattern in asked["kinds"]:
        same = pattern.endswith("*")
        wanted |= Q(kind_id__startswith=pattern[:-1]) if same else Q(kind_id=pattern)
    seen = Case.objects.visible_to(actor).filter(wanted)
    if asked["open"]:
        seen = seen.filter(state__in=OPEN)
    return {"value": seen.count(), "unit": "1"}


def _streams(actor: Actor, item: JsonObject, now: datetime) -> JsonObject:
    asked = item["streams"]
    things = Thing.objects.visible_to(actor).filter(kind_id=asked["kind"], state="active")
    rows = Datastream.objects.filter(thing__in=things, property_id=asked["property"])
    streams = dict(rows.values_list("no", "unit")[:MOST_STREAMS])
    found: JsonObject = {"value": None, "unit": next(iter(streams.values()), "1"), "count": 0}
    if not streams:
        return found
    start = now - timedelta(seconds=asked["over"])
    if item["show"] == "chart":
        return {**found, "count": len(streams), "course": _course(asked, list(streams), start, now)}
    said = newest(streams)
    fresh = {no: one.value for no, one in said.items() if one.at >= start}
    values = np.array([value for value in fresh.values() if value is not None])
    return {**found, "count": len(values), "value": taken(asked["take"], values)}


def _course(
    asked: JsonObject, streams: Sequence[int], start: datetime, now: datetime
) -> list[JsonObject]:
    _, at, value = history.columns(streams, to_us(start), to_us(now))
    hours = at // _HOUR * _HOUR
    return [
        {"at": from_us(int(hour)), "value": taken(asked["take"], value[hours == hour])}
        for hour in np.unique(hours)
    ]


def taken(take: str, values: Floats) -> float | None:
    """One figure of some; None of none."""
    if take == "count":
        return float(len(values))
    return float(getattr(values, take)()) if len(values) else None
