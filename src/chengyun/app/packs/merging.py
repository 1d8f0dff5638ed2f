"""Which rows of a file are the same matter: a bounded window over keys and times. Pure state."""

from collections import OrderedDict
from datetime import datetime, timedelta

from chengyun.app.packs.mapping import MappedCase
from chengyun.sdk.mappings import MergeRule

KEYS_MAX = 50_000
MASTERS_MAX = 8


class Merger:
    """Remembers the cases rows may merge into: at most `keys` keys, those used last, so that
    memory stays flat however long the file is. Order in the file decides who is the first."""

    def __init__(self, rule: MergeRule | None, keys: int = KEYS_MAX) -> None:
        self._rule = rule
        self._keys = keys
        self._seen: OrderedDict[str, list[tuple[datetime, str]]] = OrderedDict()

    def master_of(self, case: MappedCase) -> str | None:
        """The external id of the earlier row this one merges into, None if it stands alone."""
        if self._rule is None or case.same_key is None:
            return None
        hours = self._rule.hours
        if case.duplicate:
            hours = max(hours, self._rule.duplicate_hours)
        masters = self._seen.get(case.same_key)
        if masters is not None:
            self._seen.move_to_end(case.same_key)
            window = timedelta(hours=hours)
            for at, external_id in reversed(masters):
                if abs(case.reported_at - at) <= window:
                    return external_id
        if case.duplicate:
            return None
        if masters is None:
            masters = self._seen[case.same_key] = []
            if len(self._seen) > self._keys:
                self._seen.popitem(last=False)
        masters.append((case.reported_at, case.external_id))
        del masters[:-MASTERS_MAX]
        return None
