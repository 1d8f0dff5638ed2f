"""Looking after things: maintenance windows, calibrations, and sharing between departments."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from chengyun.kernel.ids import new_id

SHARE_STATES = ("requested", "approved", "refused", "ended")


class Maintenance(models.Model):
    """A thing is being worked on: its readings of that time are kept, and no rule reads them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thing_id = models.UUIDField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.TextField()
    by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["thing_id", "starts_at"], name="maintenance_of_thing"),
            models.Index(fields=["ends_at"], name="maintenance_end"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="maintenance_span")
        ]

    def __str__(self) -> str:
        return f"{self.thing_id} {self.starts_at}"


class Calibration(models.Model):
    """A comparison of one stream with a known reference; `due_on` when the next is owed.

    `offset` is what the sensor showed too much, in the stream's unit.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thing_id = models.UUIDField()
    stream = models.BigIntegerField()
    at = models.DateTimeField()
    reference = models.FloatField()
    shown = models.FloatField()
    certificate = models.TextField(default="")
    due_on = models.DateField(null=True)
    by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["stream", "-at"], name="calibration_of_stream"),
            models.Index(fields=["due_on"], name="calibration_due"),
        ]

    @property
    def offset(self) -> float:
        """What it showed too much."""
        return self.shown - self.reference

    def __str__(self) -> str:
        return f"{self.stream} {self.at}"


class Share(models.Model):
    """A department's wish to see a thing that is another's; approved ones end by themselves."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thing_id = models.UUIDField()
    unit_id = models.UUIDField()
    state = models.TextField(default="requested")
    reason = models.TextField()
    until = models.DateTimeField()
    asked_by_id = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    decided_by_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    area_no = models.BigIntegerField()
    unit_ids = ArrayField(models.UUIDField(), default=list)

    class Meta:
        indexes = [models.Index(fields=["until"], name="share_end")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SHARE_STATES), name="share_state"),
            models.UniqueConstraint(
                fields=["thing_id", "unit_id"],
                condition=Q(state__in=("requested", "approved")),
                name="share_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thing_id} → {self.unit_id}"
