"""By what a device is known."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.sensing.models.things import Thing, in_sight


class DeviceKeyQuerySet(models.QuerySet["DeviceKey"]):
    """Credentials by sight."""

    def visible_to(self, actor: Actor) -> "DeviceKeyQuerySet":
        """Those of things of the actor's areas or units."""
        return self.filter(in_sight(actor))


class DeviceKey(models.Model):
    """One credential of a thing: its user name is the thing's code. The secret is 256 random bits,
    shown once; only its hash is kept. Area and units are the thing's.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thing = models.ForeignKey(Thing, models.PROTECT, related_name="keys")
    name = models.TextField(default="")
    prefix = models.TextField()
    secret_hash = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    # Let out for saying too much; may come back then.
    barred_until = models.DateTimeField(null=True)
    area_no = models.BigIntegerField()
    unit_ids = ArrayField(models.UUIDField(), default=list)

    objects = DeviceKeyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["thing", "revoked_at"], name="device_key_thing"),
            models.Index(
                fields=["revoked_at"],
                condition=Q(revoked_at__isnull=False),
                name="device_key_revoked",
            ),
        ]

    def __str__(self) -> str:
        return self.prefix
