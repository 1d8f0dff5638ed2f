"""What places asks of whoever keeps a subject of change sets, inside this room or above it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from chengyun.kernel.actor import Actor
from chengyun.kernel.registry import Registry
from chengyun.kernel.text import JsonObject
from chengyun.places.decide import drawing
from chengyun.places.decide.changing import Changing, Head, Problem
from chengyun.places.decide.tiling import Tile
from chengyun.places.decide.vector_tiles import Sheet

__all__ = ["Applier", "Changing", "Head", "Problem", "TileSource", "appliers", "tile_sources"]


class Applier(Protocol):
    """Keeps one subject: tells what its targets are like, and writes them. Database only.

    A target's state is a JSON object of what a change may change; bookkeeping (versions, dates of
    recording) is not in it, so that writing a state back gives the same state.
    """

    def current(self, head: Head, target_ids: Collection[str]) -> Mapping[str, JsonObject]:
        """The state of those targets that exist and are not retired."""
        ...

    def check(
        self, head: Head, changes: Sequence[Changing], now: datetime
    ) -> Mapping[int, Sequence[Problem]]:
        """What is wrong with changes, by their order; those without fault may be left out."""
        ...

    def apply(self, head: Head, changes: Sequence[Changing], now: datetime) -> None:
        """Bring every target from `before` to `after`, in the order given."""
        ...

    def undo(self, head: Head, changes: Sequence[Changing], now: datetime) -> None:
        """Bring every target back from `after` to `before`, in the order given (last first)."""
        ...


appliers: Registry[Applier] = Registry("applier of change sets")
"""By subject: "addresses", "components", "layer" …; registered in the room's or app's ready()."""


class TileSource(Protocol):
    """Collections of one family, drawn as live tiles and listed as features. Reads only.

    Every answer holds what the actor of the look may see and nothing else: the source filters by
    the actor itself.
    """

    def collections(self, actor: Actor, city_no: int) -> Sequence[drawing.Collection]:
        """Those in the actor's sight."""
        ...

    def stamp(self, look: drawing.Look) -> str | None:
        """Differs whenever the collection does; None where only its content tells."""
        ...

    def sheet(self, look: drawing.Look, tile: Tile, most: int) -> Sheet:
        """What a tile shows: few enough to draw, sums where there would be more."""
        ...

    def rows(self, look: drawing.Look, box: drawing.Box | None) -> Any:
        """A QuerySet of what touches a box, by a primary key; maybe a little more than that."""
        ...

    def paths(self, look: drawing.Look) -> Mapping[str, str]:
        """The look-up (of QuerySet.filter) of each field that can be asked about."""
        ...

    def shown(self, look: drawing.Look, rows: Sequence[Any]) -> list[drawing.Shown]:
        """Rows as features."""
        ...

    def one(self, look: drawing.Look, feature_id: str) -> Any:
        """The row of a feature, None where there is none in sight."""
        ...


tile_sources: Registry[TileSource] = Registry("source of tiles")
"""By the first part of a collection's id: "regions", "cases" …; registered in ready()."""
