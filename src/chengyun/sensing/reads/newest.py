"""The newest reading of each stream, out of the blocks they are kept in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection

from chengyun.kernel.prepared import hot_cursor
from chengyun.sensing.decide.packing import BLOCK, BLOCK_BITS, NEVER, read_block
from chengyun.sensing.decide.readings import Ints
from chengyun.sensing.reads.streams import known

_1970 = datetime(1970, 1, 1, tzinfo=UTC)
_READ = "SELECT no, state FROM sensing_newest WHERE no = ANY(%s::bigint[])"


@dataclass(frozen=True, slots=True)
class Newest:
    """A stream's newest reading; `since` is how long it has had that value."""

    at: datetime
    since: datetime
    received: datetime
    value: float | None
    word: str | None
    flags: int


def blocks(numbers: Ints) -> dict[int, Any]:
    """Block number → its states, for the blocks of some streams."""
    wanted = np.unique(numbers >> BLOCK_BITS).tolist()
    with hot_cursor() as wrapped, connection.wrap_database_errors:
        cursor: Any = wrapped.cursor
        cursor.execute(_READ, [wanted], binary=True)
        return {int(no): read_block(bytes(state)) for no, state in cursor.fetchall()}


def newest(nos: Iterable[int]) -> dict[int, Newest]:
    """The newest readings of streams that ever said anything. The caller checks rights."""
    asked = np.fromiter(nos, np.int64)
    if not len(asked):
        return {}
    held = blocks(asked)
    facts = known().facts
    found = {}
    for no in asked.tolist():
        block = held.get(no >> BLOCK_BITS)
        if block is None or block["at"][no % BLOCK] == NEVER:
            continue
        at, since, received, value, flags = block[no % BLOCK].tolist()
        fact = facts.get(no)
        words = fact.values if fact and fact.result == "category" else ()
        found[no] = Newest(
            _instant(at),
            _instant(since),
            _instant(received),
            value=None if words else value,
            word=words[int(value)] if words and 0 <= int(value) < len(words) else None,
            flags=flags,
        )
    return found


def _instant(microseconds: int) -> datetime:
    return _1970 + timedelta(microseconds=microseconds)
