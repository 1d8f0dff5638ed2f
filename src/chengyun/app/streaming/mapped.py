"""That a part of a city's map has changed, told to everybody who listens: what it is now, each
asks for themselves and within their own sight."""

from collections.abc import Callable

import orjson
from django.db import transaction

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from chengyun.places.reads.map_changes import Stamps, map_stamps

TOPIC = b"map"


def everywhere() -> Stamps:
    """Asks the places room."""
    with transaction.atomic():
        bind(SYSTEM.scope())
        return map_stamps()


class MapWatch:
    """Remembers what it saw last, so that only changes are told."""

    def __init__(self, look: Callable[[], Stamps] = everywhere) -> None:
        self._look = look
        self._seen: Stamps | None = None

    def look(self) -> bytes:
        """What to tell since the last look, nothing at the first; in a thread, asks the
        database."""
        now, before = self._look(), self._seen
        self._seen = now
        if before is None:
            return b""
        changed: dict[int, list[str]] = {}
        for (city, collection), stamp in now.items():
            if before.get((city, collection)) != stamp:
                changed.setdefault(city, []).append(collection)
        said = [orjson.dumps({"city": city, "collections": of}) for city, of in changed.items()]
        return b"".join(b"event: %s\ndata: %s\n\n" % (TOPIC, one) for one in said)
