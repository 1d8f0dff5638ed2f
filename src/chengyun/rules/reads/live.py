"""What the live stream tells of a signal."""

from collections.abc import Sequence
from uuid import UUID

import orjson

from chengyun.kernel.live import LiveRow
from chengyun.rules.models import Signal
from chengyun.rules.reads.rows import row_of


def live_rows(subjects: Sequence[UUID]) -> dict[UUID, LiveRow]:
    """Each signal as a line of the list; of private things, to their units alone."""
    return {
        one.id: LiveRow(
            None if one.private else one.area_no,
            tuple(one.unit_ids),
            orjson.dumps(row_of(one)),
        )
        for one in Signal.objects.filter(pk__in=list(subjects))
    }
