"""Published tables and objections to them."""

from typing import Any
from uuid import UUID

from chengyun.cases.models import Case
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.kernel.text import JsonObject
from chengyun.places.reads import areas_named
from chengyun.vitals import policy
from chengyun.vitals.decide.counters import COUNTERS
from chengyun.vitals.models import Objection, Publication

MOST = 200
HEAD = (
    "id",
    "area_no",
    "period",
    "by",
    "level",
    "version",
    "as_of",
    "hash",
    "simulated",
    "reason",
    "published_at",
    "published_by_name",
)


def publications(actor: Actor, *, period: str | None = None) -> list[JsonObject]:
    """Heads of published tables in sight, newest first, at most 200."""
    policy.may_look(actor)
    found = Publication.objects.visible_to(actor)
    if period:
        found = found.filter(period=period)
    rows = list(found.order_by("-period", "-published_at", "-id").values(*HEAD)[:MOST])
    return _heads(rows)


def _heads(rows: list[dict[str, Any]]) -> list[JsonObject]:
    named = areas_named({row["area_no"] for row in rows})
    newest: dict[tuple[Any, ...], int] = {}
    for row in rows:
        line = (row["area_no"], row["period"], row["by"], row["level"])
        newest[line] = max(newest.get(line, 0), row["version"])
    return [
        {
            **row,
            "area": named[row["area_no"]].name if row["area_no"] in named else None,
            "newest": newest[row["area_no"], row["period"], row["by"], row["level"]]
            == row["version"],
        }
        for row in rows
    ]


def find(actor: Actor, publication_id: UUID) -> Publication:
    """One published table. Raises NotFound when it is out of sight."""
    row = Publication.objects.visible_to(actor).filter(pk=publication_id).first()
    if row is None:
        raise NotFound("There is no such published table.")
    return row


def publication(actor: Actor, publication_id: UUID) -> JsonObject:
    """One published table: its rows (a department sees its own) and the objections in sight."""
    policy.may_look(actor)
    row = find(actor, publication_id)
    heads = Publication.objects.visible_to(actor).filter(
        area_no=row.area_no, period=row.period, by=row.by, level=row.level
    )
    versions = _heads(list(heads.order_by("-version").values(*HEAD)))
    head = next(one for one in versions if one["id"] == row.id)
    content = dict(row.content)
    if not policy.sees_all(actor, row.area_no):
        own = {str(unit) for unit in policy.own_units(actor)}
        content["rows"] = [one for one in content["rows"] if one["key"] in own]
        content["total"] = None
    ids = [one["id"] for one in versions]
    told = Objection.objects.visible_to(actor).filter(publication_id__in=ids)
    return {
        **head,
        "table": content,
        "versions": versions,
        "objections": objection_views(actor, list(told.order_by("-made_at")[:MOST])),
    }


def objection_views(actor: Actor, rows: list[Objection]) -> list[JsonObject]:
    """Objections as they are shown."""
    ids = {case for row in rows for case in row.case_ids}
    numbers = dict(Case.objects.visible_to(actor).filter(pk__in=ids).values_list("id", "no"))
    return [
        {
            "id": row.id,
            "publication_id": row.publication_id,
            "key": row.key,
            "counter": row.counter,
            "counter_name": COUNTERS[row.counter].name,
            "reason": row.reason,
            "made_at": row.made_at,
            "made_by": row.made_by_name,
            "status": row.status,
            "decided_at": row.decided_at,
            "decided_by": row.decided_by_name,
            "decision_reason": row.decision_reason,
            "result_id": row.result_id,
            "cases": [{"case_id": c, "no": numbers.get(c)} for c in row.case_ids],
        }
        for row in rows
    ]
