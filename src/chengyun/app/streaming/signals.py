"""Hearing of the end in time: a stream is open for ever, and the server waits for open answers."""

import asyncio
import signal
import threading
from collections.abc import Callable


def also_on_signal(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    """Call on the loop when asked to end, before the server says so.

    The loop keeps its own handler: it hears of signals by its wake-up descriptor.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(call))
        signal.siginterrupt(number, False)
