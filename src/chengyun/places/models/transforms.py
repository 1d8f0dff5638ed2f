"""Engineering grids that a city ties its surveys to, and the log of bulk transforms."""

from django.db import models
from django.db.models import Q

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.places.models.cities import City


class EngineeringGrid(models.Model):
    """A local grid from a day on, as a fit of decide.engineering; rows are only ever added.

    `fit` holds its numbers and residuals, `control` the points it came from. `verified` says that
    somebody who answers for it has checked it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="engineering_grids")
    code = models.TextField()
    name_zh = models.TextField()
    name_en = models.TextField(default="")
    method = models.TextField()
    fit = models.JSONField()
    control = models.JSONField(default=list)
    source = models.TextField()
    verified = models.BooleanField(default=False)
    valid_from = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["city", "code", "valid_from"], name="grid_tie_as_it_was")]

    def __str__(self) -> str:
        return self.code


class TransformUseQuerySet(models.QuerySet["TransformUse"]):
    """The log by sight."""

    def visible_to(self, actor: Actor) -> "TransformUseQuerySet":
        """One's own uses; all of them for those who audit."""
        if actor.kind == "system" or actor.has("audit_admin", "system_admin"):
            return self
        return self.filter(Q(actor_id=actor.id) & ~Q(actor_id=None))


class TransformUse(models.Model):
    """One bulk use of a transform: who, what for, from which frame to which, how many rows."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.TextField()
    purpose = models.TextField()
    source = models.TextField()
    target = models.TextField()
    rows = models.IntegerField()
    refused = models.IntegerField(default=0)
    accuracy_m = models.FloatField()

    objects = TransformUseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-at"], name="transform_use_newest")]

    def __str__(self) -> str:
        return f"{self.source} → {self.target} × {self.rows}"
