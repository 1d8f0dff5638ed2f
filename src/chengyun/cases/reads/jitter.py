"""Where the public sees a case: a point of its neighbourhood that says nothing of the exact place.

The city is laid out in cells of a thousandth of a degree (some 100 m). A case is shown at a point
of its cell that a keyed hash of its id picks. What is shown depends on the cell and the id alone:
asking again, asking for smaller boxes, or averaging many cases of one address gives the cell and
no more.
"""

from math import floor
from uuid import UUID

from chengyun.cases.reads.similar import CELL_DEGREES
from chengyun.kernel import crypto

_WHOLE = 1 << 32
_DECIMALS = 5


def shown_at(case_id: UUID, lon: float, lat: float) -> tuple[float, float]:
    """The point (lon, lat in degrees) at which everybody sees a case."""
    mark = crypto.blind_index(str(case_id), purpose="public-place")
    east = int.from_bytes(mark[:4], "big") / _WHOLE
    north = int.from_bytes(mark[4:8], "big") / _WHOLE
    return _inside(lon, 180, east), _inside(lat, 90, north)


def _inside(degrees: float, offset: int, share: float) -> float:
    step = floor((degrees + offset) / CELL_DEGREES)
    return round((step + share) * CELL_DEGREES - offset, _DECIMALS)
