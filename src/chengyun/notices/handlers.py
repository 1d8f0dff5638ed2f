"""After the commit: what was told is handed to the jobs that send it."""

from collections.abc import Sequence
from datetime import datetime

from chengyun.kernel.events import PastEvent, follow
from chengyun.notices.events import REPEATED, TOLD
from chengyun.notices.jobs import send
from chengyun.notices.models import Delivery


@follow("notices.send", TOLD, REPEATED)
def hand_out(events: Sequence[PastEvent], now: datetime) -> None:
    """One job for a batch of notices, if anything of them has to leave the house."""
    ids = list({event.subject_id for event in events})
    queued = Delivery.objects.filter(notice_id__in=ids, state="queued")
    waiting = sorted(str(one) for one in set(queued.values_list("notice_id", flat=True)))
    if waiting:
        send.later(notices=waiting)
