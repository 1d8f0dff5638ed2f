"""Removing what has had its time. The system's own housekeeping, a bounded amount a call."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from chengyun.people.models import SignInAttempt, SignInLink, UserSession


def _remove(rows: "QuerySet[Any]", limit: int) -> int:
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    rows.filter(pk__in=keys).delete()
    return len(keys)


def remove_sessions(before: datetime, limit: int) -> int:
    """Sessions that ended or ran out before an instant; how many were removed."""
    over = Q(expires_at__lt=before) | Q(ended_at__lt=before)
    return _remove(UserSession.objects.filter(over), limit)


def remove_links(before: datetime, limit: int) -> int:
    """One-time links that ran out before an instant."""
    return _remove(SignInLink.objects.filter(expires_at__lt=before), limit)


def remove_attempts(before: datetime, limit: int) -> int:
    """Failures in a row that ended before an instant."""
    return _remove(SignInAttempt.objects.filter(last_at__lt=before), limit)
