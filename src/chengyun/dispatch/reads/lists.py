"""Versions of duty lists, and a list as a file."""

import csv
import io
from datetime import datetime
from uuid import UUID

import yaml

from chengyun.dispatch.decide.tabular import COLUMNS, write_rows
from chengyun.dispatch.decide.writing import write_list
from chengyun.dispatch.models import STATUSES, DutyList
from chengyun.dispatch.reads.loading import duties_of, find
from chengyun.kernel import paging
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid


def lists(
    actor: Actor,
    *,
    city: int | None = None,
    status: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> tuple[list[DutyList], str | None]:
    """Versions in sight without their content, newest first, and the next cursor.

    Raises:
        Invalid: an unknown status, or a cursor of another list.
    """
    if status is not None and status not in STATUSES:
        raise Invalid([FieldError("status", f"is none of {', '.join(STATUSES)}", "unknown_status")])
    found = DutyList.objects.visible_to(actor).defer("content")
    if city is not None:
        found = found.filter(city_no=city)
    if status is not None:
        found = found.filter(status=status)
    if cursor:
        at, last = _key(cursor)
        found = found.filter(created_at__lte=at).exclude(created_at=at, id__gte=last)
    size = paging.clamp(limit)
    rows = list(found[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return rows, paging.encode([rows[-1].created_at, str(rows[-1].id)]) if more else None


def _key(cursor: str) -> tuple[datetime, UUID]:
    at, last = paging.decode(cursor, 2)
    try:
        return datetime.fromisoformat(str(at)), UUID(str(last))
    except ValueError:
        wrong = FieldError("cursor", "is not a cursor of this list", "bad_cursor")
        raise Invalid([wrong]) from None


def as_csv(actor: Actor, list_id: UUID) -> str:
    """A list as CSV that a spreadsheet opens safely and `import_list` takes back.

    Raises:
        NotFound: there is none in sight.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, list(COLUMNS))
    writer.writeheader()
    writer.writerows(write_rows(duties_of(find(actor, list_id)).entries))
    return out.getvalue()


def as_yaml(actor: Actor, list_id: UUID) -> str:
    """A list as packs write it, which `import_list` takes back.

    Raises:
        NotFound: there is none in sight.
    """
    content = write_list(duties_of(find(actor, list_id)))
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
