"""What of people has had its time: sessions, links and failed sign-ins."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from chengyun.kernel.housekeeping import step
from chengyun.people.models import SignInAttempt, SignInLink, UserSession

# Long enough to see in the list what was open yesterday; what was done is in the audit.
KEPT = timedelta(days=7)


def _remove(rows: "QuerySet[Any]", limit: int) -> int:
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    rows.filter(pk__in=keys).delete()
    return len(keys)


@step("people.sessions")
def sessions(now: datetime, limit: int) -> int:
    """Sessions that ended or ran out a week ago."""
    before = now - KEPT
    over = Q(expires_at__lt=before) | Q(ended_at__lt=before)
    return _remove(UserSession.objects.filter(over), limit)


@step("people.links")
def links(now: datetime, limit: int) -> int:
    """One-time links that ran out a week ago."""
    return _remove(SignInLink.objects.filter(expires_at__lt=now - KEPT), limit)


@step("people.attempts")
def attempts(now: datetime, limit: int) -> int:
    """Failures in a row that ended a week ago."""
    return _remove(SignInAttempt.objects.filter(last_at__lt=now - KEPT), limit)
