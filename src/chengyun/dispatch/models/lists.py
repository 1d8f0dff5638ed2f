"""Versions of duty lists."""

from collections import Counter

from django.db import models
from django.db.models import F, Q

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id

STATUSES = ("draft", "active", "retired")
# How often this process changed what is in force in a city: its own changes show at once.
changes: Counter[int] = Counter()


class DutyListQuerySet(models.QuerySet["DutyList"]):
    """Versions by sight."""

    def visible_to(self, actor: Actor) -> "DutyListQuerySet":
        """The lists of the cities in which the actor holds a post."""
        if actor.kind == "system":
            return self
        return self.filter(city_no__in={areas.city_of(g.area_no) for g in actor.grants})


class DutyList(models.Model):
    """One version of a city's duty list. The content of an active or retired one never changes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city_no = models.BigIntegerField()
    name = models.CharField(max_length=200)
    version = models.CharField(max_length=200)
    pack = models.CharField(max_length=200, default="local")
    status = models.CharField(max_length=16, default="draft")
    source = models.TextField(default="")
    effective_from = models.DateField(null=True)
    verified = models.BooleanField(default=False)
    content = models.JSONField()
    hash = models.CharField(max_length=64)
    entries = models.IntegerField()
    # Counts changes of this row; the events about it carry it.
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)  # None: the system, from a pack
    created_by_name = models.TextField()
    activated_at = models.DateTimeField(null=True)
    activated_by = models.UUIDField(null=True)
    activated_by_name = models.TextField(default="")
    retired_at = models.DateTimeField(null=True)

    objects = DutyListQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["city_no", "name", "version"], name="duty_list_version_once"
            ),
            models.UniqueConstraint(
                fields=["city_no"], condition=Q(status="active"), name="duty_list_one_active"
            ),
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="duty_list_status"),
            models.CheckConstraint(
                condition=Q(activated_by=None)
                | Q(created_by=None)
                | ~Q(activated_by=F("created_by")),
                name="duty_list_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"
