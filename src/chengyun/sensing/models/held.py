"""What devices and feeds said that could not be taken as a reading."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.sensing.models.things import in_sight

HELD_STATES = ("held", "redriven", "dropped")


class HeldQuerySet(models.QuerySet["HeldMessage"]):
    """Held messages by sight."""

    def visible_to(self, actor: Actor) -> "HeldQuerySet":
        """Those of the actor's areas or units."""
        return self.filter(in_sight(actor))


class HeldMessage(models.Model):
    """A message, or a part of one, that could not be taken as readings: kept as it came, with the
    reason, until somebody has put the cause right and drives it again, or drops it.

    `times` counts how often the same bytes came again with the same fault.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mark = models.BinaryField(unique=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.IntegerField(default=1)
    door = models.TextField()
    protocol = models.TextField()
    feed_id = models.UUIDField(null=True)
    thing_code = models.TextField()
    topic = models.TextField()
    payload = models.BinaryField()
    size = models.IntegerField()
    received_us = models.BigIntegerField()
    reason = models.TextField()
    detail = models.TextField()
    state = models.TextField(default="held")
    area_no = models.BigIntegerField()
    unit_ids = ArrayField(models.UUIDField(), default=list)

    objects = HeldQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["area_no", "-last_at"], name="held_area"),
            models.Index(fields=["thing_code", "first_at"], name="held_thing"),
            models.Index(fields=["last_at"], name="held_age"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=HELD_STATES), name="held_state")
        ]

    def __str__(self) -> str:
        return f"{self.thing_code}: {self.reason}"
