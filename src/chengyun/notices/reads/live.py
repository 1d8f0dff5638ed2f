"""What the live stream tells of a notice: that there is news, to those it is addressed to."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import orjson

from chengyun.kernel.live import LiveRow
from chengyun.notices.models import Delivery, Notice


def live_rows(subjects: Sequence[UUID]) -> dict[UUID, LiveRow]:
    """Each notice's people; the words are fetched by whoever they are for."""
    people: dict[UUID, list[UUID]] = defaultdict(list)
    rows = Delivery.objects.in_app().filter(notice_id__in=list(subjects))
    for notice_id, user_id in rows.values_list("notice_id", "user_id"):
        if user_id is not None:
            people[notice_id].append(user_id)
    notices = Notice.objects.filter(pk__in=list(people)).values("id", "level", "needs_ack")
    return {
        row["id"]: LiveRow(None, (), orjson.dumps(row), tuple(people[row["id"]])) for row in notices
    }
