"""The clock sweep: cases whose next tick has come are ticked, in batches, by the system."""

from datetime import datetime

from chengyun.cases import verbs

BATCH = 200


def sweep(now: datetime) -> int:
    """Tick what is due; how many cases a tick changed.

    A history that is being played ticks its own cases, by its own time.
    """
    real_only = False if verbs.playing() else None
    return verbs.tick_due(now, limit=BATCH, simulated=real_only)
