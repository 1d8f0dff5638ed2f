"""What the broker's gate notes of a device: that it came, and that it must stay out for a while."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from chengyun.kernel import audit
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from chengyun.sensing.models import DeviceKey


def note_seen(key_id: UUID, now: datetime) -> None:
    """That a credential was used. The caller has opened the transaction."""
    DeviceKey.objects.filter(pk=key_id).update(seen_at=now)


def bar(code: str, until: datetime) -> None:
    """Keep a thing out of the broker until then."""
    with transaction.atomic():
        bind(SYSTEM.scope())
        DeviceKey.objects.filter(thing__code=code, revoked_at=None).update(barred_until=until)
        audit.write(SYSTEM, "sensing.bar_device", now=until, fields=["barred_until"])
