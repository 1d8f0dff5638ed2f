"""Writing a version of a list and the event about it."""

from datetime import datetime

from chengyun.dispatch.decide.duties import DutyList as Duties
from chengyun.dispatch.decide.writing import content_hash, write_list
from chengyun.dispatch.events import DutyListDrafted, DutyListEvent
from chengyun.dispatch.models import DutyList
from chengyun.kernel.actor import Actor
from chengyun.kernel.events import NewEvent, publish
from chengyun.kernel.problems import Conflict
from chengyun.kernel.text import JsonObject


def tell(actor: Actor, row: DutyList, event: DutyListEvent, now: datetime) -> None:
    """Publish what happened to a list; its revision is the event's version."""
    news = NewEvent(
        name=event.name,
        subject_id=row.id,
        subject_version=row.revision,
        area_no=row.city_no,
        actor=actor,
        occurred_at=now,
        recorded_at=now,
        data=event.to_data(),
    )
    publish([news])


def write_draft(
    actor: Actor,
    city_no: int,
    duties: Duties,
    *,
    now: datetime,
    pack: str = "local",
    base: str | None = None,
) -> DutyList:
    """Store a draft; its author may write it anew under the same version.

    Raises:
        Conflict: the version is taken by a list in force or retired, or by another author's draft,
            or it was written since from somewhere else (stale).
    """
    row = (
        DutyList.objects.select_for_update()
        .filter(city_no=city_no, name=duties.id, version=duties.version)
        .first()
    )
    if row is None:
        row = DutyList(city_no=city_no, name=duties.id, version=duties.version, created_at=now)
    elif row.status != "draft":
        raise Conflict(
            f"Version {row.version} of this list is {row.status} and never changes: "
            "give the draft a new version.",
            code="version_taken",
        )
    elif row.created_by != actor.id:
        raise Conflict(
            "This draft is another author's: give yours a version of its own.",
            code="not_your_draft",
        )
    elif base is not None and row.hash != base:
        raise Conflict("The draft was changed meanwhile.", code="stale", hash=row.hash)
    else:
        row.revision += 1
    row.pack = pack
    row.source = duties.source
    row.effective_from = duties.effective_from
    row.verified = duties.verified
    row.content = write_list(duties)
    row.hash = content_hash(duties)
    row.entries = len(duties.entries)
    row.created_by = actor.id
    row.created_by_name = actor.name
    row.save()
    event = DutyListDrafted(row.id, city_no, str(row), hash=row.hash, entries=row.entries)
    tell(actor, row, event, now)
    return row


def receipt(row: DutyList) -> JsonObject:
    """What a verb answers about a list."""
    return {
        "id": str(row.id),
        "city": row.city_no,
        "name": row.name,
        "version": row.version,
        "status": row.status,
        "entries": row.entries,
        "hash": row.hash,
    }
