"""Who is on which case, told to those who may see the case: only what changed, and only now."""

import logging
from collections.abc import Callable, Mapping
from uuid import UUID

import orjson
from django.db import transaction

from chengyun.cases.reads import present
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.kernel.live import LiveRow, Message, passing
from chengyun.kernel.scope import bind

log = logging.getLogger(__name__)
TOPIC = "presence"

Look = Callable[[], Mapping[UUID, LiveRow]]


def everybody() -> dict[UUID, LiveRow]:
    """Asks the cases room."""
    with transaction.atomic():
        bind(SYSTEM.scope())
        return present(system_clock.now())


class Watch:
    """Remembers what was told last, so that only differences are told."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._told: dict[UUID, LiveRow] = {}

    def look(self) -> list[Message]:
        """What changed since the last look; in a thread, asks the database."""
        now = dict(self._look())
        changed = [passing(TOPIC, k, row) for k, row in now.items() if self._told.get(k) != row]
        for case_id, row in self._told.items():
            if case_id not in now:
                empty = orjson.dumps({"id": case_id, "people": []})
                changed.append(passing(TOPIC, case_id, LiveRow(row.area_no, row.unit_ids, empty)))
        self._told = now
        return changed

    def all(self) -> list[Message]:
        """Everything as last told, for one who joins."""
        return [passing(TOPIC, case_id, row) for case_id, row in self._told.items()]
