"""Regions: GeoJSON, or CSV with code, name and parent_code; what changed is kept as history."""

from chengyun.app.exchange.places._asked import Asked, keep_rejects
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.kernel.text import JsonObject
from chengyun.places import verbs

COUNTS = ("read", "created", "changed", "unchanged", "rejected")


def bring_in(asked: Asked) -> JsonObject:
    """Import the regions of a file."""
    done = verbs.import_regions(
        SYSTEM,
        now=system_clock.now(),
        city_no=asked.city_no,
        source=asked.source,
        content=asked.path.read_bytes(),
        file_format="csv" if asked.path.suffix.lower() == ".csv" else "geojson",
        datum=asked.datum,
    )
    told: JsonObject = {name: done[name] for name in COUNTS}
    told["rejects_file"] = keep_rejects(asked.rejects_path, done["rejects"])
    return told
