"""Objections to figures of published tables, and the cases they excuse."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.vitals.models.published import Publication
from chengyun.vitals.models.sight import in_sight


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Objections by sight."""

    def visible_to(self, actor: Actor) -> "ObjectionQuerySet":
        """Those about the actor's areas, or made by the actor's units."""
        return self.filter(in_sight(actor, "unit__in"))


class Objection(models.Model):
    """A unit's word against one figure of a published table, with the cases it is about."""

    id = models.UUIDField(primary_key=True, default=new_id)
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="objections")
    area_no = models.BigIntegerField()
    unit = models.UUIDField(null=True)
    key = models.TextField()
    counter = models.TextField()
    case_ids = ArrayField(models.UUIDField(), default=list)
    reason = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    made_by_name = models.TextField()
    status = models.TextField(default="open")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.TextField(default="")
    decision_reason = models.TextField(default="")
    # The version that an upheld objection led to.
    result = models.ForeignKey(Publication, models.PROTECT, null=True, related_name="+")

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=("open", "upheld", "refused")),
                name="objection_status_known",
            )
        ]


class Excuse(models.Model):
    """A case taken out of one counter because an objection was upheld."""

    id = models.UUIDField(primary_key=True, default=new_id)
    objection = models.ForeignKey(Objection, models.PROTECT, related_name="excuses")
    case_id = models.UUIDField()
    counter = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "counter"], name="excused_once")]
