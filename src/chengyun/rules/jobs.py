"""What rules have done regularly: escalation, silences that end, old signals removed."""

from datetime import datetime

from django.db import transaction

from chengyun.kernel.housekeeping import step
from chengyun.kernel.jobs import job
from chengyun.rules import verbs


@job("rules.every_minute", cron="* * * * *")
def every_minute(*, now: datetime) -> None:
    """Signals nobody acknowledged, and those whose silence is over."""
    with transaction.atomic():
        verbs.escalate(now)
    with transaction.atomic():
        verbs.unmute(now)


@step("rules.signals")
def signals(now: datetime, limit: int) -> int:
    """Closed signals past their time."""
    return verbs.forget_signals(now, limit)
