"""What notices does later: sending, sending again, asking again, tidying up."""

import logging
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from chengyun.kernel.housekeeping import step
from chengyun.kernel.jobs import job
from chengyun.notices import verbs
from chengyun.notices.channels import channels
from chengyun.notices.decide.outgoing import Answer

log = logging.getLogger(__name__)

AT_ONCE = 10
WATCHED_AT_ONCE = 200
# A claim holds for ten minutes; a run ends well before its first claim does.
LONGEST_RUN_S = 240.0


@job("notices.send", queue="notices")
def send(*, now: datetime, notices: list[str]) -> None:
    """Send what these notices have due."""
    send_due(now, [UUID(one) for one in notices])


@job("notices.look_after", queue="notices", cron="* * * * *")
def look_after(*, now: datetime) -> None:
    """Every minute: ask again, tell further up, give up what is over, send what is due."""
    while verbs.watch(now, most=WATCHED_AT_ONCE) == WATCHED_AT_ONCE:
        pass
    verbs.expire(now, most=WATCHED_AT_ONCE)
    send_due(now)


@step("notices.expired")
def expired(now: datetime, limit: int) -> int:
    """Notices past their time."""
    return verbs.remove_expired(now, most=limit)


def send_due(now: datetime, notices: list[UUID] | None = None) -> int:
    """Try everything that is due, of these notices or of all; how many tries there were."""
    began, tried = monotonic(), 0
    while (passed := monotonic() - began) < LONGEST_RUN_S:
        claimed = verbs.claim_due(now + timedelta(seconds=passed), most=AT_ONCE, notices=notices)
        for trying in claimed:
            answer = _try(trying)
            if answer.gone:
                verbs.drop_browsers(answer.gone)
            verbs.settle(trying, answer, now + timedelta(seconds=monotonic() - began))
        tried += len(claimed)
        if len(claimed) < AT_ONCE:
            break
    return tried


def _try(trying: verbs.Trying) -> Answer:
    try:
        return channels[trying.channel].send(trying.out)
    except Exception as fault:  # noqa: BLE001 - one message must not hold up the others
        # By its kind alone: its words may hold an address.
        kind = type(fault).__name__
        log.error("delivery %s by %s failed: %s", trying.delivery_id, trying.channel, kind)
        return Answer("later", error=kind)
