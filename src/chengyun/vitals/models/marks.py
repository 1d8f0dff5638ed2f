"""What cases add to the evaluation; rebuilt from their events at any time."""

from django.db import models
from django.db.models import Q

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.vitals.models.sight import in_sight


class CaseMarkQuerySet(models.QuerySet["CaseMark"]):
    """Marks by sight."""

    def visible_to(self, actor: Actor) -> "CaseMarkQuerySet":
        """Those inside the actor's areas, or of the actor's units."""
        return self.filter(in_sight(actor, "unit__in"))


class CaseMark(models.Model):
    """A counter set by a case (see decide.facts.Mark)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case_id = models.UUIDField()
    city_no = models.BigIntegerField()
    area_no = models.BigIntegerField()
    unit = models.UUIDField(null=True)
    counter = models.TextField()
    at = models.DateTimeField()
    lasting = models.BooleanField(default=False)
    until = models.DateTimeField(null=True)
    manual = models.BooleanField(default=True)
    simulated = models.BooleanField(default=False)

    objects = CaseMarkQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="mark_case"),
            models.Index(fields=["at", "area_no"], name="mark_at", condition=Q(lasting=False)),
            models.Index(fields=["unit", "at"], name="mark_unit", condition=Q(unit__isnull=False)),
            # What was done was overdue for a while only: few periods end inside.
            models.Index(fields=["at", "until"], name="mark_lasting", condition=Q(lasting=True)),
        ]
