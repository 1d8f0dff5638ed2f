"""ISO 8601 durations of fixed length, as seconds."""

import re

from chengyun.app.sensorthings.faults import BadRequest

_FORM = re.compile(
    r"(-)?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.ASCII
)
_SECONDS = (604_800, 86_400, 3_600, 60, 1)
_LONGEST = 100 * 366 * 86_400


def seconds_of(said: str) -> float:
    """P[nW][nD][T[nH][nM][nS]] in seconds. Raises BadRequest."""
    match = _FORM.fullmatch(said) if len(said) < 60 else None
    if match is None or not any(match.groups()[1:]):
        raise BadRequest(f"{said[:60]!r} is no duration of weeks, days, hours, minutes, seconds.")
    found = sum(
        float(part) * unit
        for part, unit in zip(match.groups()[1:], _SECONDS, strict=True)
        if part is not None
    )
    if found > _LONGEST:
        raise BadRequest("A duration is at most a hundred years.")
    return -found if match[1] else found
