"""Forgetting credentials that are spent, in small bites, so that no night finds a full table."""

from datetime import datetime

from django.db.models import Model, Q, QuerySet

from chengyun.people.decide import sessions, throttle
from chengyun.people.models import SignInAttempt, SignInLink, UserSession


def _bite(found: QuerySet[Model], most: int) -> int:
    ids = list(found.values_list("pk", flat=True)[:most])
    found.filter(pk__in=ids).delete()
    return len(ids)


def forget_spent(now: datetime, *, most: int = 1_000) -> int:
    """Delete counts that no longer count, and links and sessions long over; how many rows.

    Keys and appointments stay: who could do what, and when, is part of the record.
    """
    longest = max(throttle.ACCOUNT.forget, throttle.ADDRESS.forget)
    old = now - sessions.KEEP_SPENT
    return (
        _bite(SignInAttempt.objects.filter(last_at__lt=now - longest), most)
        + _bite(SignInLink.objects.filter(Q(expires_at__lt=old) | Q(used_at__lt=old)), most)
        + _bite(UserSession.objects.filter(Q(expires_at__lt=old) | Q(ended_at__lt=old)), most)
    )
