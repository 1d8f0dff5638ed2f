"""What can be drawn or listed of the map: a collection's entry, and one of its features."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from chengyun.kernel.actor import Actor
from chengyun.kernel.text import Text

FieldType = Literal["text", "integer", "number", "boolean", "time"]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection as its catalogue tells it; `id` is that of its source, or "source.part".

    `fields` are the properties by name with their type. `by_row` says that two people who see the
    collection may see other features of it; `history` that it can be read as of a time.
    """

    id: str
    title: Text
    geometry: str
    fields: Mapping[str, FieldType]
    city_no: int
    bbox: Box | None = None
    min_zoom: int = 0
    by_row: bool = False
    history: bool = False
    editable: bool = False
    # The row behind it, where there is one.
    subject: Any = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at a collection, when, and as of when (None: now)."""

    collection: Collection
    actor: Actor
    now: datetime
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A feature: its id, its shape in lon/lat degrees (None: it has none), its properties."""

    id: str
    shape: Any
    says: Mapping[str, Any]
