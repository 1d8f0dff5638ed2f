"""Several lists of one pack as one: a city routes by exactly one list."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from chengyun.dispatch.decide.duties import DutyList


def join(name: str, version: str, parts: Sequence[DutyList]) -> DutyList:
    """One list of all entries; an id used in several parts gets its part's id in front.

    It is in effect when the last part is, and verified when every part is.
    """
    used = Counter(entry.id for part in parts for entry in part.entries)
    entries = tuple(
        replace(entry, id=f"{part.id}/{entry.id}") if used[entry.id] > 1 else entry
        for part in parts
        for entry in part.entries
    )
    since = [part.effective_from for part in parts if part.effective_from is not None]
    return DutyList(
        id=name,
        version=version,
        entries=entries,
        source="; ".join(dict.fromkeys(part.source for part in parts if part.source)),
        effective_from=max(since, default=None),
        verified=all(part.verified for part in parts),
    )
