"""What of people has had its time: sessions, links and failed sign-ins."""

from datetime import datetime, timedelta

from chengyun.kernel.housekeeping import step
from chengyun.people.verbs import outdated

# Long enough to see in the list what was open yesterday; what was done is in the audit.
KEPT = timedelta(days=7)


@step("people.sessions")
def sessions(now: datetime, limit: int) -> int:
    """Sessions that ended or ran out a week ago."""
    return outdated.remove_sessions(now - KEPT, limit)


@step("people.links")
def links(now: datetime, limit: int) -> int:
    """One-time links that ran out a week ago."""
    return outdated.remove_links(now - KEPT, limit)


@step("people.attempts")
def attempts(now: datetime, limit: int) -> int:
    """Failures in a row that ended a week ago."""
    return outdated.remove_attempts(now - KEPT, limit)
