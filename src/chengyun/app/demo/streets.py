"""The made-up streets between the demo's blocks: straight, crossing at right angles."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import shapely

from chengyun.sdk.solids import SolidsFile

_BLOCKS_EACH = 2


@dataclass(frozen=True, slots=True)
class Street:
    """A street along one axis at a place on the other, metres; `step` is a block's length."""

    name: str
    upright: bool
    at: float
    half: float
    step: float

    def parts(self, beside: float) -> Iterator[Any]:
        """Lines of two blocks each, this far beside the street's middle."""
        start = -self.half
        while start < self.half - 1.0:
            end = min(self.half, start + _BLOCKS_EACH * self.step)
            fixed = self.at + beside
            points = (
                [(fixed, start), (fixed, end)] if self.upright else [(start, fixed), (end, fixed)]
            )
            yield shapely.LineString(points)
            start = end


def streets(file: SolidsFile) -> list[Street]:
    """All of them: upright ones first."""
    half = file.span_m / 2
    across, along = file.block_m
    found = []
    for upright, gap, step in ((True, across, along), (False, along, across)):
        count = int(file.span_m / gap)
        for at in range(count + 1):
            name = f"{'纵' if upright else '横'}{at + 1}路"
            found.append(Street(name, upright, -half + at * gap, half, step))
    return found
