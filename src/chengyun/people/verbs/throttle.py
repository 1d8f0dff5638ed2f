"""Counting failed sign-ins, in the database, so that every process counts the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from chengyun.kernel import crypto
from chengyun.kernel.problems import TooMany
from chengyun.people.decide import throttle
from chengyun.people.models import SignInAttempt

_PURPOSE = "people.attempt"


@dataclass(frozen=True, slots=True)
class Subject:
    """What failures are counted for: an account name or an address, as a keyed hash."""

    key: bytes
    rule: throttle.Throttle


def account(name: str) -> Subject:
    """The failures of one account name, whether or not there is such an account."""
    return Subject(crypto.blind_index(f"account:{name}", purpose=_PURPOSE), throttle.ACCOUNT)


def address(ip: str) -> Subject:
    """The failures from one address."""
    return Subject(crypto.blind_index(f"address:{ip}", purpose=_PURPOSE), throttle.ADDRESS)


def reserve(subjects: Sequence[Subject], *, now: datetime) -> None:
    """Count a try as failed before it is made; `release` takes it back.

    Counted first and under row locks, so that tries made at the same time cannot all be free.

    Raises:
        TooMany: one of the subjects has to wait; the try is not counted then.
    """
    ordered = sorted(subjects, key=lambda subject: subject.key)
    with transaction.atomic():
        SignInAttempt.objects.bulk_create(
            [SignInAttempt(subject=one.key, last_at=now) for one in ordered],
            ignore_conflicts=True,
        )
        rows = {
            bytes(row.subject): row
            for row in SignInAttempt.objects.select_for_update()
            .filter(subject__in=[one.key for one in ordered])
            .order_by("subject")
        }
        wait = max(
            throttle.wait(one.rule, rows[one.key].failures, rows[one.key].last_at, now)
            for one in ordered
        )
        if wait > timedelta():
            raise TooMany(retry_after=max(1, int(wait.total_seconds() + 0.999)))
        for one in ordered:
            row = rows[one.key]
            row.failures = throttle.counted(one.rule, row.failures, row.last_at, now) + 1
            row.last_at = now
            row.save(update_fields=["failures", "last_at"])


def release(subjects: Sequence[Subject]) -> None:
    """Take one reserved failure back: the try was no failure, but says nothing of earlier ones."""
    with transaction.atomic():
        found = SignInAttempt.objects.select_for_update().filter(
            subject__in=[one.key for one in subjects]
        )
        for row in found.order_by("subject"):
            row.failures = max(0, row.failures - 1)
            row.save(update_fields=["failures"])


def forgive(subject: Subject) -> None:
    """Forget the failures of an account whose owner has come in."""
    SignInAttempt.objects.filter(subject=subject.key).delete()
