"""Taking messages in whatever happens to the database, and one that nobody can take apart."""

import logging
import time
from collections.abc import Sequence

from django.db import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    close_old_connections,
)

from chengyun.kernel.clock import Clock
from chengyun.sensing.decide.points import Message
from chengyun.sensing.verbs.arriving import Door, arrive, hold_back

log = logging.getLogger(__name__)

_PATIENCE_S = 60.0
_PAUSE_S = 0.25
# What one message's content can cause; everything else is a fault of ours or of the database.
_ITS_OWN = (DataError, IntegrityError, ValueError, TypeError, OverflowError, ArithmeticError)


def take_in(messages: Sequence[Message], door: Door, clock: Clock) -> None:
    """Commit what the messages say; on return every one is a reading or is held.

    A database that is away is waited for. A message that breaks the taking is found and held.

    Raises:
        OperationalError: the database stays away; nothing may be acknowledged.
    """
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            arrive(messages, door, now=clock.now())
        except (OperationalError, InterfaceError) as fault:
            if time.monotonic() > until:
                raise
            log.warning("waiting for the database: %s", str(fault).partition("\n")[0])
            close_old_connections()
            time.sleep(_PAUSE_S)
        except _ITS_OWN as fault:
            if len(messages) == 1:
                log.exception("a message of %s breaks the taking", messages[0].thing[:64])
                hold_back(messages[0], door, f"{type(fault).__name__}: {fault}", now=clock.now())
                return
            half = len(messages) // 2
            take_in(messages[:half], door, clock)
            take_in(messages[half:], door, clock)
            return
        else:
            return
