"""A live stream of toys, served by a real server: a toy's picture is its newest event's data."""

import os
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import django
import orjson
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengyun.app.settings")
django.setup()

from chengyun.app.streaming.doorman import Admission, PeopleDoorman  # noqa: E402
from chengyun.app.streaming.origins import Origins  # noqa: E402
from chengyun.app.streaming.service import Limits, Stream  # noqa: E402
from chengyun.app.streaming.source import EventSource  # noqa: E402
from chengyun.kernel import areas, live  # noqa: E402
from chengyun.kernel.actor import Scope  # noqa: E402
from chengyun.kernel.heartbeat import Heart  # noqa: E402
from chengyun.kernel.live import LiveRow  # noqa: E402

OPTIONS: dict[str, Any] = orjson.loads(os.environ.get("TOY_OPTIONS", "{}"))
_NEWEST = """
SELECT DISTINCT ON (subject_id) subject_id, area_no, unit_ids, data FROM kernel_event
WHERE subject_id = ANY(%s) ORDER BY subject_id, subject_version DESC
"""


def pictures(subjects: Sequence[UUID]) -> dict[UUID, LiveRow]:
    """The newest event says where the toy is, and whether it is broken or poisoned."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [list(subjects)])
        rows = cursor.fetchall()
    found = {}
    for subject, area, units, data in rows:
        body = orjson.loads(data) if isinstance(data, str) else data
        if body.get("poison"):
            raise RuntimeError("this picture cannot be made")
        if not body.get("gone"):
            units_now = tuple(UUID(u) for u in body.get("units", [str(u) for u in units]))
            found[subject] = LiveRow(area, units_now, orjson.dumps(body))
    return found


live.projections._kinds["toys"] = ("toy", pictures)


class OpenDoor:
    """Lets in by a number: the district whose toys one sees. "x…" is over at the next look."""

    def admit(self, cookie: str | None, bearer: str | None) -> Admission | None:
        number = bearer or ""
        if not number.isdigit():
            return None
        scope = Scope(areas=(areas.span(areas.pack(1, int(number))),))
        return Admission(f"key:{number}", scope, (frozenset(), ""))

    def over(self, admissions: Collection[Admission]) -> set[str]:
        return set()


def application() -> Stream:
    """What granian calls."""
    return Stream(
        OpenDoor() if OPTIONS.pop("open_door", False) else PeopleDoorman(),
        EventSource(),
        Origins(port=8420, public_url="https://city.example", hosts=("127.0.0.1", "localhost")),
        cookie=PeopleDoorman.cookie,
        limits=Limits(**OPTIONS),
        beat=Heart("stream").beat,
    )
