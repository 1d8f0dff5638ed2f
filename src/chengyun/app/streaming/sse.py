"""What goes over the wire besides the messages themselves."""

import orjson

from chengyun.app.streaming.source import Position


def mark(position: Position) -> bytes:
    """A place to resume from, without an event: the browser remembers it silently."""
    return b"id: %d-%d\n" % position


def greeting(position: Position | None, retry_ms: int) -> bytes:
    """The first bytes of a stream; the position of one that does not resume."""
    return b"retry: %d\n%s: connected\n\n" % (retry_ms, mark(position) if position else b"")


def ping(position: Position) -> bytes:
    """Keeps proxies from closing, and moves the place to resume from."""
    return mark(position) + b": ping\n\n"


def reset(position: Position, reason: str) -> bytes:
    """Tell a screen to fetch everything anew; what follows is what comes after."""
    return mark(position) + b"event: reset\ndata: %s\n\n" % orjson.dumps({"reason": reason})


def comment(sentence: str) -> bytes:
    """A line that screens pass over and people read."""
    return b": %s\n\n" % sentence.replace("\n", " ").encode()
