"""The cases behind each figure of a published table, as they counted when it was published."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.vitals.models.published import Publication
from chengyun.vitals.models.sight import in_sight


class FigureQuerySet(models.QuerySet["PublishedFigure"]):
    """Figures by sight."""

    def visible_to(self, actor: Actor) -> "FigureQuerySet":
        """Those of the actor's areas, or of the actor's units."""
        return self.filter(in_sight(actor, "unit__in"))


class PublishedFigure(models.Model):
    """All marks of one counter in one row, oldest first, as arrays of equal length.

    `key` is the row's without its post: posts of an area share its marks. `area_no` is the
    published table's, `unit` the row's.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="figures")
    area_no = models.BigIntegerField()
    unit = models.UUIDField(null=True)
    key = models.TextField()
    counter = models.TextField()
    case_ids = ArrayField(models.UUIDField())
    ats = ArrayField(models.DateTimeField())
    units = ArrayField(models.UUIDField(null=True))
    area_nos = ArrayField(models.BigIntegerField())

    objects = FigureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "key", "counter"], name="published_figure_once"
            )
        ]
