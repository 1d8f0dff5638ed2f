"""Findings of the checks against gaming, and what an evaluator made of them."""

from django.db import models

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.vitals.models.sight import in_sight

STATUSES = ("open", "confirmed", "dismissed")


class FindingQuerySet(models.QuerySet["Finding"]):
    """Findings by sight."""

    def visible_to(self, actor: Actor) -> "FindingQuerySet":
        """Those inside the actor's areas, or about the actor's units."""
        return self.filter(in_sight(actor, "unit__in"))


class Finding(models.Model):
    """One pattern in one period. Only a person makes it count (`status`)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    city_no = models.BigIntegerField()
    # The smallest area that holds all its cases.
    area_no = models.BigIntegerField()
    unit = models.UUIDField(null=True)
    period = models.TextField()
    what = models.TextField()
    mark = models.TextField()
    reason = models.JSONField()
    cases = models.IntegerField()
    simulated = models.BooleanField(default=False)
    found_at = models.DateTimeField()
    status = models.TextField(default="open")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.TextField(default="")
    decision_reason = models.TextField(default="")

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city_no", "period", "what", "mark"], name="finding_once"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=STATUSES), name="finding_status_known"
            ),
        ]
        indexes = [models.Index(fields=["period", "found_at"], name="finding_period")]


class FindingCase(models.Model):
    """A case of a finding and why it is one; `confirmed` takes it out of the good counters."""

    id = models.UUIDField(primary_key=True, default=new_id)
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="members")
    case_id = models.UUIDField()
    reason = models.JSONField()
    confirmed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "case_id"], name="finding_case_once")
        ]
        indexes = [
            models.Index(
                fields=["case_id"],
                name="finding_confirmed",
                condition=models.Q(confirmed=True),
            )
        ]
