"""Features ready to be kept: key, shape, box, cell, properties and a digest to tell changes by."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import shapely

from chengyun.places.decide.celling import cells
from chengyun.places.decide.cleaning import family

Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Ready:
    """One feature as it will be kept; `properties` is JSON."""

    key: str
    shape: bytes
    cell: int
    box: tuple[float, float, float, float]
    properties: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some features of a file, shapes valid and in WGS84 degrees; `keys` None: by content."""

    shapes: Geometries
    properties: Sequence[Mapping[str, Any]]
    keys: Sequence[str] | None
    accuracy_m: float

    @property
    def geometry(self) -> str:
        """What sort of shapes these are."""
        return family(self.shapes)


def made_ready(chunk: Chunk, seen: Counter[str]) -> list[Ready]:
    """A chunk's features. Without keys a feature's content names it, repeats by number.

    Args:
        seen: how often each content came so far; counted on.
    """
    boxes = shapely.bounds(chunk.shapes)
    blobs = shapely.to_wkb(chunk.shapes)
    numbers = cells(boxes).tolist()
    found = []
    for at, blob in enumerate(blobs):
        said = orjson.dumps(
            chunk.properties[at],
            option=orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY,
            default=str,
        )
        digest = hashlib.blake2b(blob + b"\0" + said, digest_size=16).digest()
        if chunk.keys is None:
            key = digest.hex()
            seen[key] += 1
            key = key if seen[key] == 1 else f"{key}-{seen[key]}"
        else:
            key = chunk.keys[at]
        box = tuple(boxes[at].tolist())
        found.append(Ready(key, blob, numbers[at], box, said.decode(), digest))
    return found


def schema_of(properties: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The names of properties with the narrowest type that holds all of them, in file order."""
    types: dict[str, str] = {}
    for one in properties:
        for name, value in one.items():
            if value is not None:
                said = _type(value)
                held = types.get(name, said)
                types[name] = said if held == said else _wider(held, said)
            else:
                types.setdefault(name, "")
    return [{"name": name, "type": said or "text"} for name, said in types.items()]


def _type(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    return "number" if isinstance(value, float) else "text"


def _wider(one: str, other: str) -> str:
    if not one or not other:
        return one or other
    return "number" if {one, other} == {"integer", "number"} else "text"
