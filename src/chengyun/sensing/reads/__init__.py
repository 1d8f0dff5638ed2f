"""What others ask of sensing. Import reads from here; `batches`, `history` and `streams` are
modules."""

from chengyun.sensing.reads import batches, history, streams
from chengyun.sensing.reads.aggregates import aggregates
from chengyun.sensing.reads.kinds import kinds, properties
from chengyun.sensing.reads.latest import latest
from chengyun.sensing.reads.newest import Newest, newest
from chengyun.sensing.reads.observations import observations
from chengyun.sensing.reads.series import find_stream, stream_lines, streams_of
from chengyun.sensing.reads.sharing import shares
from chengyun.sensing.reads.siting import siting
from chengyun.sensing.reads.streams import forget_streams
from chengyun.sensing.reads.things import (
    box_said,
    calibrations_of,
    find_thing,
    thing,
    thing_called,
    things,
)

__all__ = [
    "Newest",
    "aggregates",
    "batches",
    "box_said",
    "calibrations_of",
    "find_stream",
    "find_thing",
    "forget_streams",
    "history",
    "kinds",
    "latest",
    "newest",
    "observations",
    "properties",
    "shares",
    "siting",
    "stream_lines",
    "streams",
    "streams_of",
    "thing",
    "thing_called",
    "things",
]
