"""Published tables, which never change."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.vitals.models.sight import in_sight


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Published tables by sight."""

    def visible_to(self, actor: Actor) -> "PublicationQuerySet":
        """Those of the actor's areas, or in which the actor's units stand."""
        return self.filter(in_sight(actor, "unit_ids__overlap"))


class Publication(models.Model):
    """A table as it was published. A correction is a new version; no row is ever changed.

    `content` holds rows, counters, rates, workings and the schemes in full; `hash` is its SHA-256.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    city_no = models.BigIntegerField()
    area_no = models.BigIntegerField()
    unit_ids = ArrayField(models.UUIDField(), default=list)
    period = models.TextField()
    by = models.TextField()
    level = models.TextField()
    version = models.IntegerField()
    as_of = models.DateTimeField()
    content = models.JSONField()
    hash = models.TextField()
    simulated = models.BooleanField(default=False)
    reason = models.TextField(default="")
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)
    published_by_name = models.TextField()

    objects = PublicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area_no", "period", "by", "level", "version"], name="published_once"
            )
        ]
        indexes = [models.Index(fields=["period", "published_at"], name="published_period")]
