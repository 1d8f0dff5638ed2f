"""A map layer: Shapefile (zip), GeoPackage, GeoJSON, CSV, OSM XML or PBF, KML, packed or not.

Options: code (the layer's code, default: the file's name), layer (which one inside the file), key
(the column that names features), whole=no (add and change, retire nothing), name_zh, name_en,
owner, grade, public=yes, licence, dated, role (what the base map draws it as), where=COLUMN=VALUE.
How it stands in space: space=building with height=, levels=, base= (columns; default OSM's) and
storey_m=, or space=pipe with depth=, depth_end=, diameter=, kind= (columns), always=KIND (of every
pipe) and diameter_in=m. What cannot stand is refused with reason and place.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from django.db import transaction

from chengyun.app.exchange.places._asked import Asked, Unusable, keep_rejects
from chengyun.app.exchange.places._spaces import SPACE_OPTIONS, check_standing, space_style
from chengyun.app.exchange.tables import Unreadable
from chengyun.app.exchange.vectors.opening import frame_of, open_map
from chengyun.app.exchange.vectors.pieces import Opened, Piece
from chengyun.app.jobs import rebuild_base_map
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.kernel.text import JsonObject
from chengyun.places import reads, verbs
from chengyun.places.decide.cleaning import clean
from chengyun.places.decide.featuring import Chunk
from chengyun.places.decide.frames import UnknownFrame
from chengyun.places.decide.solids import Space, space_of
from chengyun.places.models import MapLayer

MOST_REJECTS = 10_000
_KEYS = ("osm_id", "osm_way_id", "id", "fid", "gid", "objectid", "code")
_OPTIONS = frozenset(
    [
        "code",
        "layer",
        "key",
        "whole",
        "name_zh",
        "name_en",
        "owner",
        "grade",
        "public",
        "licence",
        "dated",
        "role",
        "where",
        "space",
    ]
)


def bring_in(asked: Asked) -> JsonObject:
    """Read, look at, repair or refuse each feature; one new version of the layer."""
    unknown = set(asked.options) - _OPTIONS - set(SPACE_OPTIONS.get(asked.options.get("space"), ()))
    if unknown:
        raise Unusable(f"no such option: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="cy-import-") as folder, transaction.atomic():
        opened = open_map(asked.path, Path(folder), asked.options.get("layer", ""))
        entry = _entry(asked)
        reading = Reading(asked, opened, space_of(MapLayer.objects.get(pk=entry["id"]).style))
        done = verbs.import_layer(
            SYSTEM,
            now=system_clock.now(),
            layer_id=UUID(str(entry["id"])),
            chunks=reading.chunks(),
            source=asked.source,
            file_name=asked.path.name,
            datum=reading.frame,
            whole=asked.options.get("whole", "yes") != "no",
            dry_run=asked.dry_run,
        )
        told: JsonObject = {"layer": entry["code"], **_counts(done, reading)}
        if asked.dry_run:
            transaction.set_rollback(True)
        elif done["count"]:
            verbs.log_use(
                SYSTEM,
                now=system_clock.now(),
                purpose=f"import {asked.path.name}",
                frames=(reading.frame, "WGS84"),
                rows=reading.read,
                refused=reading.rejected,
                accuracy_m=reading.accuracy_m,
            )
            if _based(str(entry["id"])):
                rebuild_base_map.later(city_no=asked.city_no)
    told["rejects_file"] = keep_rejects(asked.rejects_path, reading.rejects)
    return told


def _counts(done: JsonObject, reading: "Reading") -> JsonObject:
    names = ("created", "changed", "unchanged", "retired")
    return {
        "read": reading.read,
        **{name: done.get(name, 0) for name in names},
        "rejected": reading.rejected,
        "repaired": reading.repaired,
        "version": done["version"],
        "datum": reading.frame,
        "accuracy_m": reading.accuracy_m,
    }


def _entry(asked: Asked) -> JsonObject:
    held = asked.options
    stem = re.sub(r"[^a-z0-9_-]+", "-", asked.path.name.partition(".")[0].lower()).strip("-_")
    name = held.get("name_zh") or held.get("name_en")
    try:
        grade = int(held["grade"]) if "grade" in held else None
        dated = date.fromisoformat(held["dated"]) if "dated" in held else None
    except ValueError as error:
        raise Unusable(f"grade is a number, dated a day: {error}") from error
    public = held.get("public") == "yes" if "public" in held else None
    code = held.get("code") or stem[:64] or "layer"
    return verbs.put_layer(
        SYSTEM,
        now=system_clock.now(),
        city_no=asked.city_no,
        code=code,
        name={"zh": held.get("name_zh") or name, "en": held.get("name_en") or name}
        if name
        else None,
        owner_name=held.get("owner"),
        grade=1 if public and grade is None else grade,
        public=public,
        source=asked.source,
        dated=dated,
        licence=held.get("licence"),
        role=held.get("role"),
        style=space_style(asked, reads.layer_style(asked.city_no, code)),
    )


class Reading:
    """A file's features on their way in; counts what it refuses and mends."""

    def __init__(self, asked: Asked, opened: Opened, space: Space | None) -> None:
        self._asked, self._opened, self._space = asked, opened, space
        self.frame = frame_of(opened, asked.frame)
        self._grids = reads.grids_on(asked.city_no, system_clock.now().date())
        if self.frame.startswith("GRID:") and self.frame[5:] not in self._grids:
            raise Unusable(
                f"no engineering grid {self.frame[5:]!r} here: import its control points"
            )
        self._near = _city_box(asked.city_no)
        self._key: str | None = asked.options.get("key")
        self.rejects: list[dict[str, Any]] = []
        self.read = self.rejected = self.repaired = 0
        self.accuracy_m = 0.0

    def chunks(self) -> Iterator[Chunk]:
        """Chunks of good features."""
        for piece in self._opened.pieces:
            chosen = self._where(piece)
            yield self._chunk(chosen)
            self._asked.say(f"{self.read:,} read")
        if self.read == 0:
            raise Unreadable("holds no feature", "no_feature")

    def _where(self, piece: Piece) -> Piece:
        column, _, value = self._asked.options.get("where", "").partition("=")
        if not column:
            return piece
        hit = [at for at, one in enumerate(piece.properties) if _said(one, column, value)]
        return Piece(piece.first, piece.shapes[hit], [piece.properties[at] for at in hit])

    def _chunk(self, piece: Piece) -> Chunk:
        try:
            looked = clean(piece.shapes, self.frame, grids=self._grids, near=self._near)
        except UnknownFrame as error:
            raise Unusable(str(error)) from error
        fields = check_standing(self._space, looked, piece.properties)
        self.read += len(piece.shapes)
        self.rejected += len(looked.rejects)
        self.repaired += len(looked.repairs)
        self.accuracy_m = max(self.accuracy_m, looked.accuracy_m)
        for at, reason in sorted(looked.rejects.items()):
            if len(self.rejects) < MOST_REJECTS:
                name = str(piece.properties[at].get(self._key or "", ""))
                row = {"number": piece.first + at, "code": name, "reason": reason}
                self.rejects.append({**row, "field": fields.get(at, "geometry")})
        kept = np.flatnonzero(~shapely.is_missing(looked.shapes)).tolist()
        rows = [piece.properties[at] for at in kept]
        return Chunk(looked.shapes[kept], rows, self._keys(rows), looked.accuracy_m)

    def _keys(self, rows: list[Mapping[str, Any]]) -> list[str] | None:
        """Each feature's name: by the given column, or by the first usual one all have."""
        if self._opened.osm and self._key is None:
            return [_osm_key(row) for row in rows]
        if self._key is None and rows and self.read == len(rows) + self.rejected:
            names = {name.lower(): name for name in rows[0]}
            usual = next((names[one] for one in _KEYS if one in names), None)
            told = [str(row.get(usual or "") or "") for row in rows]
            self._key = usual if usual and len({*told}) == len(rows) and all(told) else ""
        if not self._key:
            return None
        missing = [row for row in rows if row.get(self._key) in (None, "")]
        if missing:
            raise Unusable(f"column {self._key!r} does not name every feature")
        return [str(row[self._key]) for row in rows]


def _osm_key(row: Mapping[str, Any]) -> str:
    return f"w{row['osm_way_id']}" if "osm_way_id" in row else str(row.get("osm_id", ""))


def _said(row: Mapping[str, Any], column: str, value: str) -> bool:
    held = row.get(column)
    return held is not None and (not value or str(held) == value)


def _city_box(city_no: int) -> tuple[float, float, float, float] | None:
    outline = reads.boundary(city_no)
    return None if outline is None else outline.bounds


def _based(layer_id: str) -> bool:
    row = MapLayer.objects.get(pk=layer_id)
    return row.public and row.role != ""
