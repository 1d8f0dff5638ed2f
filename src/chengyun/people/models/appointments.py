"""Who holds which post, where, and from when until when."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from chengyun.kernel.actor import POSTS
from chengyun.kernel.ids import new_id
from chengyun.people.models.organisations import Organisation


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments by time."""

    def held_at(self, at: datetime) -> "AppointmentQuerySet":
        """Those in force at an instant."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)

    def not_over(self, at: datetime) -> "AppointmentQuerySet":
        """Those in force at an instant or later."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=at))


class Appointment(models.Model):
    """One person in one post of one organisation over one area. Ended, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments"
    )
    post = models.CharField(max_length=32)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="appointments"
    )
    area_no = models.BigIntegerField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    appointed_by = models.UUIDField(null=True)  # None: set up by the system

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["valid_from", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(post__in=sorted(POSTS)), name="appointment_post"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="appointment_valid_range",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "valid_to"], name="appointment_user"),
            models.Index(fields=["organisation", "post"], name="appointment_unit_post"),
            models.Index(fields=["area_no"], name="appointment_area"),
        ]
