"""JSON as devices send it: bounded in depth, exact in numbers, no surprises."""

from typing import Any

import orjson

from chengyun.sensing.decide.points import DEPTH_MAX, Malformed


def read(payload: bytes) -> Any:
    """The value.

    Raises:
        Malformed: no JSON (NaN and Infinity are none), or nested too deep.
    """
    try:
        value = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise Malformed("no_json", f"the payload is no JSON: {error}"[:200]) from None
    if isinstance(value, (dict, list)):
        _bound(value, DEPTH_MAX)
    return value


def _bound(value: Any, left: int) -> None:
    if left == 0:
        raise Malformed("too_deep", f"nested deeper than {DEPTH_MAX} levels")
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, (dict, list)):
            _bound(item, left - 1)
