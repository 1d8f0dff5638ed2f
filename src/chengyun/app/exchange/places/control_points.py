"""Control points of an engineering grid: CSV with east, north, lon, lat; tied by least squares.

Options: code (the grid's code), meridian (central meridian, degrees), method (similarity or
affine), easting (500000), name_zh, name_en, effective (a day), verified=yes.
"""

import csv
from datetime import date

from chengyun.app.exchange.places._asked import Asked, Unusable
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.kernel.text import JsonObject
from chengyun.places import verbs
from chengyun.places.decide.engineering import Plane

_COLUMNS = ("east", "north", "lon", "lat")


def bring_in(asked: Asked) -> JsonObject:
    """Tie the grid; a row that is no point stops the file, since every point counts."""
    held = asked.options
    missing = [name for name in ("code", "meridian") if name not in held]
    if missing:
        raise Unusable(f"needs --option {' and --option '.join(f'{m}=' for m in missing)}")
    method = held.get("method", "similarity")
    if method not in ("similarity", "affine"):
        raise Unusable("method is similarity or affine")
    rows = _points(asked)
    name = held.get("name_zh") or held.get("name_en") or held["code"]
    try:
        plane = Plane(float(held["meridian"]), float(held.get("easting", 500_000)))
        effective = date.fromisoformat(held["effective"]) if "effective" in held else None
    except ValueError as error:
        raise Unusable(f"meridian and easting are numbers, effective a day: {error}") from error
    if asked.dry_run:
        return {"read": len(rows), "rejects_file": ""}
    now = system_clock.now()
    done = verbs.tie_grid(
        SYSTEM,
        now=now,
        city_no=asked.city_no,
        code=held["code"],
        name={"zh": held.get("name_zh", name), "en": held.get("name_en", name)},
        source=asked.source,
        effective=effective or now.date(),
        plane=plane,
        method="affine" if method == "affine" else "similarity",
        local=[row[:2] for row in rows],
        degrees=[row[2:] for row in rows],
        verified=held.get("verified") == "yes",
    )
    counts: JsonObject = {"read": len(rows), "created": 1, "changed": 0, "unchanged": 0}
    suspects = [at + 1 for at in done["suspects"]]
    fit = {"rms_m": done["rms_m"], "worst_m": done["worst_m"], "suspect_rows": suspects}
    return {**counts, "rejected": 0, "grid": done["code"], **fit, "rejects_file": ""}


def _points(asked: Asked) -> list[list[float]]:
    with asked.path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not set(_COLUMNS) <= set(reader.fieldnames or ()):
            raise Unusable(f"the first line must name the columns {', '.join(_COLUMNS)}")
        found = []
        for number, row in enumerate(reader, start=1):
            try:
                found.append([float(row[name]) for name in _COLUMNS])
            except (TypeError, ValueError) as error:
                raise Unusable(f"row {number} is no point: {error}") from error
        return found
