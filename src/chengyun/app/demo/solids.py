"""Made-up buildings and pipes for the demo, as its pack declares; each says that it is generated.

Loaded once as two layers that stand in space. Everything is drawn in metres round the middle and
turned into degrees at the end.
"""

import math
from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

import numpy as np
import shapely

from chengyun.app.demo.houses import Made, buildings
from chengyun.app.demo.streets import Street, streets
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.text import JsonObject
from chengyun.places import verbs
from chengyun.places.decide.featuring import Chunk
from chengyun.places.models import MapLayer
from chengyun.sdk.declared import Name
from chengyun.sdk.solids import PipeDeclared, SolidsFile

SOURCE = "模拟生成，非真实建筑和管线 (generated, no real buildings or pipes)"
_DEGREE_M = 111_320.0


def build(file: SolidsFile | None, city_no: int, say: Callable[[str], None], now: datetime) -> None:
    """Make both layers once; a city that has one is left alone. About 1 s."""
    if file is None or MapLayer.objects.filter(city_id=city_no, code="demo-buildings").exists():
        return
    houses, pipes = buildings(file), pipework(file)
    say(f"Writing {len(houses):,} generated buildings and {len(pipes):,} generated pipes …")
    pipe_columns = {"depth": "depth", "depth_end": "depth_end", "kind": "kind"}
    _keep(file, city_no, now, "demo-buildings", file.buildings, {"is": "building"}, houses)
    _keep(file, city_no, now, "demo-pipes", file.pipes, {"is": "pipe", **pipe_columns}, pipes)


def pipework(file: SolidsFile) -> Made:
    """Lines in metres between crossings, and what runs in them how deep."""
    dice = Random(file.seed + 1)  # noqa: S311, a demo
    found: Made = []
    for declared in file.kinds:
        for street in streets(file):
            if dice.random() < declared.share:
                found += _laid(declared, street, dice)
    return found


def _laid(declared: PipeDeclared, street: Street, dice: Random) -> Made:
    depth = dice.uniform(*declared.depth_m)
    low, high = declared.diameter_mm
    diameter = min(high, 50 * round(dice.uniform(low, high) / 50))
    found: Made = []
    for at, line in enumerate(street.parts(declared.beside_m)):
        fall = declared.fall * line.length / 100
        lower = depth + fall
        found.append(
            (
                line,
                {
                    "kind": declared.kind,
                    "depth": round(depth, 2),
                    "depth_end": round(lower, 2),
                    "diameter": diameter,
                    "name": f"模拟{street.name}-{at + 1}",
                },
            )
        )
        # A pump lifts what has run too deep.
        depth = lower if lower < declared.depth_m[1] + 2.5 else declared.depth_m[0]
    return found


def _keep(
    file: SolidsFile,
    city_no: int,
    now: datetime,
    code: str,
    name: Name,
    space: JsonObject,
    made: Made,
) -> None:
    entry = verbs.put_layer(
        SYSTEM,
        now=now,
        city_no=city_no,
        code=code,
        name={"zh": name.zh, "en": name.en},
        source=SOURCE,
        style={"space": space},
        min_zoom=13,
        synthetic=True,
    )
    verbs.import_layer(
        SYSTEM,
        now=now,
        layer_id=UUID(str(entry["id"])),
        chunks=_chunks(file, made),
        source=SOURCE,
    )


def _chunks(file: SolidsFile, made: Made) -> Iterator[Chunk]:
    shapes = np.array([shape for shape, _ in made], dtype=object)
    turn = math.radians(file.turned)
    wide = _DEGREE_M * math.cos(math.radians(file.lat))

    def placed(points: Any) -> Any:
        x, y = points[:, 0], points[:, 1]
        east, north = (
            x * math.cos(turn) - y * math.sin(turn),
            x * math.sin(turn) + y * math.cos(turn),
        )
        degrees = np.stack((file.lon + east / wide, file.lat + north / _DEGREE_M), axis=1)
        return np.round(degrees, 7)

    keys = [f"g{at}" for at in range(1, len(made) + 1)]
    yield Chunk(
        np.asarray(shapely.transform(shapes, placed), dtype=object),
        [{**said, "synthetic": True} for _, said in made],
        keys,
        0.0,
    )
