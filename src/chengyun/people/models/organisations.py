"""Organisations: one tree per city, each standing for an area."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.people.decide.posts import ORGANISATION_KINDS
from chengyun.people.decide.reach import Span, reach


def inside(field: str, spans: tuple[Span, ...]) -> Q:
    """Rows whose area lies in one of the ranges; none when there are no ranges."""
    found = Q(pk__in=[])
    for low, high in spans:
        found |= Q(**{f"{field}__gte": low, f"{field}__lte": high})
    return found


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations by sight, time and place in the tree."""

    def visible_to(self, actor: Actor) -> "OrganisationQuerySet":
        """Those inside the actor's areas, and those responsible for an area around them."""
        seen = reach(actor)
        if seen.everything:
            return self
        return self.filter(
            inside("area_no", seen.directory) | Q(area_no__in=seen.above) | Q(id__in=seen.units)
        )

    def valid_at(self, at: datetime) -> "OrganisationQuerySet":
        """Those that exist at an instant."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)

    def below(self, *roots: "Organisation") -> "OrganisationQuerySet":
        """The roots themselves and everything under them."""
        return self.filter(path__overlap=[root.id for root in roots])


class Organisation(models.Model):
    """A centre, department, committee or company, at one level of one city."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=64)
    name = models.JSONField()  # Text: {"zh", "en"}
    kind = models.CharField(max_length=32)
    # Department roles it answers for (sanitation, drainage …), as the duty list names them.
    roles = ArrayField(models.CharField(max_length=64), default=list)
    area_no = models.BigIntegerField()
    level = models.CharField(max_length=16)  # of the area
    city_no = models.BigIntegerField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    # Ids from the root down to itself, so that a branch is one index look-up.
    path = ArrayField(models.UUIDField())
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    simulated = models.BooleanField(default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["area_no", "code"]
        constraints = [
            models.UniqueConstraint(fields=["city_no", "code"], name="organisation_code_in_city"),
            models.CheckConstraint(
                condition=Q(kind__in=ORGANISATION_KINDS), name="organisation_kind"
            ),
            models.CheckConstraint(
                condition=Q(level__in=areas.LEVELS[:4]), name="organisation_level"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")),
                name="organisation_valid_range",
            ),
        ]
        indexes = [
            models.Index(fields=["area_no"], name="organisation_area"),
            models.Index(fields=["changed_at"], name="organisation_changed"),
            GinIndex(fields=["path"], name="organisation_path"),
            GinIndex(fields=["roles"], name="organisation_roles"),
        ]

    def __str__(self) -> str:
        return str(self.name["zh"])
