"""Building a city's base map from its public layers with a role, by tippecanoe.

The file is written beside and renamed, so readers never see half of it. Without any such layer
there is no base map, and screens fall back to the outlines of regions.
"""

import fcntl
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import shapely
from django.conf import settings

from chengyun.app.supervisor.files import write_safely
from chengyun.places import reads
from chengyun.places.models import MapLayer

# Zooms at which a role is first drawn; smaller scales would be a blot.
FIRST_ZOOM = {
    "water": 6,
    "land": 8,
    "green": 9,
    "boundary": 6,
    "rail": 8,
    "road": 8,
    "station": 11,
    "building": 13,
    "label": 8,
}
# Smaller classes of OSM roads come in later; what names no class is drawn with its role.
_ROAD_ZOOM = {
    "motorway": 7,
    "trunk": 8,
    "primary": 9,
    "secondary": 11,
    "tertiary": 12,
    "residential": 13,
    "unclassified": 13,
    "service": 14,
    "footway": 14,
    "path": 14,
    "steps": 15,
}
MOST_ZOOM = 15
TIME_LIMIT_S = 1_800
_KEPT = ("name", "name:en", "highway", "railway", "building", "height", "building:levels", "layer")
_KEPT_TOO = ("route", "kind", "class", "levels", "waterway", "natural", "landuse", "code")


def folder() -> Path:
    """Where base maps lie."""
    return Path(settings.DATA_DIR) / "maps"


def path_of(city_no: int) -> Path:
    """A city's base map."""
    return folder() / f"{city_no}.pmtiles"


def facts_of(city_no: int) -> dict[str, Any]:
    """What was built when of what; empty where nothing is built."""
    path = path_of(city_no).with_suffix(".json")
    if not path.is_file() or not path_of(city_no).is_file():
        return {}
    held: dict[str, Any] = orjson.loads(path.read_bytes())
    return held


def build(city_no: int, built_at: str) -> dict[str, Any]:
    """Build a city's base map anew; returns its facts. Safe to run twice, one after the other.

    Raises RuntimeError (tippecanoe failed; its last words).
    """
    layers = reads.based(city_no)
    target = path_of(city_no)
    folder().mkdir(parents=True, exist_ok=True)
    with _alone(target):
        if not layers:
            target.unlink(missing_ok=True)
            target.with_suffix(".json").unlink(missing_ok=True)
            return {}
        part = target.with_suffix(".part.pmtiles")
        work = folder() / f"{city_no}.work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        try:
            counts = _write_layers(layers, work)
            _run(work, part)
            facts = {
                "city": city_no,
                "built_at": built_at,
                "bytes": part.stat().st_size,
                "layers": [_credit(row) for row in layers],
                "roles": counts,
                "attribution": " · ".join(dict.fromkeys(_words(row) for row in layers)),
            }
            part.replace(target)
            write_safely(target.with_suffix(".json"), json.dumps(facts, ensure_ascii=False))
        finally:
            shutil.rmtree(work, ignore_errors=True)
            part.unlink(missing_ok=True)
    return facts


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    with target.with_suffix(".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _write_layers(layers: list[MapLayer], work: Path) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in layers:
        with (work / f"{row.role}.geojsonl").open("ab") as out:
            for key, blob, properties in reads.every_feature(row):
                out.write(orjson.dumps(_line(row.role, key, blob, properties)) + b"\n")
                counts[row.role] = counts.get(row.role, 0) + 1
    return counts


def _line(role: str, key: str, blob: Any, properties: dict[str, Any]) -> dict[str, Any]:
    kept = {name: properties[name] for name in (*_KEPT, *_KEPT_TOO) if properties.get(name)}
    first = FIRST_ZOOM.get(role, 10)
    if role == "road" and "highway" in kept:
        first = _ROAD_ZOOM.get(str(kept["highway"]).removesuffix("_link"), 13)
    shape = shapely.to_geojson(shapely.from_wkb(bytes(blob)))
    return {
        "type": "Feature",
        "tippecanoe": {"minzoom": first, "maxzoom": MOST_ZOOM},
        "geometry": orjson.Fragment(shape),
        "properties": kept | {"key": key},
    }


def _run(work: Path, part: Path) -> None:
    program = Path(sys.executable).with_name("tippecanoe")
    words = [str(program), "--force", "--quiet", "-o", str(part), "-Z6", f"-z{MOST_ZOOM}"]
    words += ["--no-tile-size-limit", "--no-feature-limit", "--detect-shared-borders", "-P"]
    for path in sorted(work.glob("*.geojsonl")):
        words += ["-L", f"{path.stem}:{path}"]
    done = subprocess.run(
        words, capture_output=True, text=True, timeout=TIME_LIMIT_S, cwd=work, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"tippecanoe failed: {done.stderr[-500:]}")


def _credit(row: MapLayer) -> dict[str, Any]:
    return {
        "code": row.code,
        "role": row.role,
        "version": row.version,
        "source": row.source,
        "licence": row.licence,
        "count": row.count,
    }


def _words(row: MapLayer) -> str:
    return f"{row.source} ({row.licence})" if row.licence else row.source
