"""What sensing has done regularly: days, hours, how streams are, and the end of shares."""

from datetime import datetime

from chengyun.kernel.housekeeping import step
from chengyun.kernel.jobs import job
from chengyun.sensing import verbs
from chengyun.sensing.verbs import holding, subscribing


@job("sensing.every_minute", cron="* * * * *")
def every_minute(*, now: datetime) -> None:
    """Hours that are over, and who has fallen silent."""
    verbs.work_out(now)
    verbs.check_streams(now)


@job("sensing.every_hour", cron="7 * * * *")
def every_hour(*, now: datetime) -> None:
    """Days ahead, trees for days that are over, and the end of days nobody keeps."""
    verbs.make_days(now)
    verbs.plant_trees(now)
    verbs.sweep(now)


@job("sensing.every_day", cron="40 18 * * *")
def every_day(*, now: datetime) -> None:
    """Streams that leave their neighbours; a quiet hour in China."""
    verbs.check_drift(now)


@step("sensing.shares")
def shares(now: datetime, limit: int) -> int:
    """What was shared for a time that is over."""
    return verbs.expire_shares(now, limit)


@step("sensing.batches")
def batches(now: datetime, limit: int) -> int:
    """Batches that followers had two days for."""
    return verbs.forget_batches(now, limit)


@step("sensing.hours")
def hours(now: datetime, limit: int) -> int:
    """Figures by the hour past their time."""
    return verbs.forget_hours(now, limit)


@step("sensing.held_messages")
def held_messages(now: datetime, limit: int) -> int:
    """Messages that nobody put right for a month."""
    return holding.expire(now, limit)


@step("sensing.context_changes")
def context_changes(now: datetime, limit: int) -> int:
    """Changes of entities that subscribers had two days for."""
    return subscribing.forget_changes(now, limit)


@step("sensing.context_past")
def context_past(now: datetime, limit: int) -> int:
    """What was said of entities longer ago than their past is kept."""
    return subscribing.forget_past(now, limit)
