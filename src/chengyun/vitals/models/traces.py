"""What gaming would show in; rebuilt from the cases' events at any time."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from chengyun.kernel.actor import Actor
from chengyun.vitals.models.sight import in_sight


class CaseTraceQuerySet(models.QuerySet["CaseTrace"]):
    """Traces by sight."""

    def visible_to(self, actor: Actor) -> "CaseTraceQuerySet":
        """Those inside the actor's areas, or of the actor's units."""
        return self.filter(in_sight(actor, "unit__in"))


class CaseTrace(models.Model):
    """What gaming would show in, of one case (see decide.facts.Trace); `id` is the case's."""

    id = models.UUIDField(primary_key=True)
    city_no = models.BigIntegerField()
    area_no = models.BigIntegerField()
    unit = models.UUIDField(null=True)
    kind_id = models.TextField(null=True)
    simulated = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    forced = models.BooleanField(default=False)
    fed_back_at = models.DateTimeField(null=True)
    quickest_s = models.IntegerField(null=True)
    after_photos = models.IntegerField(default=0)
    words = models.TextField(default="")
    extensions = models.IntegerField(default=0)
    late_asks = models.JSONField(default=list)
    photos = ArrayField(models.UUIDField(), default=list)
    split = models.BooleanField(default=False)

    objects = CaseTraceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["closed_at"], name="trace_closed"),
            models.Index(fields=["fed_back_at"], name="trace_fed_back"),
        ]
