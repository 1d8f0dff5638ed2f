"""Whether a simulation made cases here, so that every screen can say so."""

from time import monotonic

from django.db import transaction

from chengyun.cases.models import Case
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import working

_LOOK_S = 5.0
_looked: tuple[float, bool] = (-_LOOK_S, False)


def any_simulated() -> bool:
    """Whether this node holds a simulated case; looked at every few seconds at most."""
    global _looked
    at, found = _looked
    if found or monotonic() - at < _LOOK_S:
        return found
    with transaction.atomic(), working(SYSTEM.scope()):
        found = Case.objects.filter(simulated=True).exists()
    _looked = (monotonic(), found)
    return found


def forget_simulated() -> None:
    """Look again at the next question."""
    global _looked
    _looked = (-_LOOK_S, False)
