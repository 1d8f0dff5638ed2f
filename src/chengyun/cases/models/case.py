"""The case and what its list needs.

A case's row is the fold of its events, laid out for lists; both commit together, and a move is
decided on the events, never on the row.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from chengyun.cases.models.declared import KindVersion
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases; the only way to them from a door is `visible_to`."""

    def visible_to(self, actor: Actor) -> CaseQuerySet:
        """Cases inside the actor's areas, or handled by the actor's units."""
        scope = actor.scope()
        if scope.everything:
            return self
        seen = Q(pk__in=[])
        for low, high in scope.areas:
            seen |= Q(area_no__gte=low, area_no__lte=high)
        if scope.units:
            seen |= Q(unit_ids__overlap=list(scope.units))
        return self.filter(seen)

    def public(self) -> CaseQuerySet:
        """Cases that anybody may read of, without personal data."""
        return self.filter(is_public=True)


class Case(models.Model):
    """One matter the city handles, whichever door it came through (案件/工单)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    no = models.TextField()
    city_no = models.BigIntegerField()
    area_no = models.BigIntegerField()
    # Lead and co-handling units; departments see a case because they stand here.
    unit_ids = ArrayField(models.UUIDField(), default=list)
    is_public = models.BooleanField(default=False)
    # A moderator took it off the public's sight: filing it anew does not bring it back.
    hidden = models.BooleanField(default=False, db_default=False)
    # When a moderator last looked at what the public sees of it; null: nobody has.
    reviewed_at = models.DateTimeField(null=True)
    kind_id = models.TextField(null=True)
    kind_version = models.ForeignKey(KindVersion, models.PROTECT, null=True, db_index=False)
    condition_id = models.TextField(null=True)
    state = models.TextField()
    version = models.IntegerField()
    open = models.BooleanField()
    level = models.SmallIntegerField(null=True)
    source = models.TextField()
    simulated = models.BooleanField(default=False)
    imported = models.BooleanField(default=False)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    # "exact", "text" (address only), "default" (a source's stand-in point), "outside", "none"
    location = models.TextField()
    cell = models.BigIntegerField(null=True)
    grid_code = models.TextField(null=True)
    address = models.TextField(default="")
    # The standard address that the report's words or point name, where it is exactly one.
    address_id = models.UUIDField(null=True)
    text = models.TextField(default="")
    attributes = models.JSONField(default=dict)
    lead_unit = models.UUIDField(null=True)
    handler_id = models.UUIDField(null=True)
    reported_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    paused = models.BooleanField(default=False)
    # The queue's order: the running clock's deadline, else when it was reported.
    sort_at = models.DateTimeField()
    # The earliest instant at which a tick changes something (an index scan finds the due ones).
    next_tick_at = models.DateTimeField(null=True)
    supervised = models.SmallIntegerField(default=0)
    # How many stages ran past their limit; what a closed case was late by is read here.
    overtime = models.SmallIntegerField(default=0, db_default=0)
    # What waits for somebody's yes or no, as "extension:dispatcher".
    asks = ArrayField(models.TextField(), default=list, db_default=[])
    reports = models.IntegerField(default=1)
    merged_into = models.UUIDField(null=True)
    recurrence_of = models.UUIDField(null=True)
    external_source = models.TextField(null=True)
    external_id = models.TextField(null=True)
    updated_at = models.DateTimeField()

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["no"], name="case_no_once"),
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=Q(external_id__isnull=False),
                name="case_external_once",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "sort_at", "id"], name="case_queue"),
            models.Index(fields=["sort_at", "id"], name="case_open_queue", condition=Q(open=True)),
            models.Index(fields=["area_no", "sort_at"], name="case_area"),
            models.Index(
                fields=["lead_unit", "sort_at"],
                name="case_lead",
                condition=Q(lead_unit__isnull=False),
            ),
            models.Index(fields=["cell", "kind_id", "reported_at"], name="case_place"),
            models.Index(fields=["reported_at"], name="case_reported"),
            models.Index(
                fields=["address_id", "reported_at"],
                name="case_address",
                condition=Q(address_id__isnull=False),
            ),
            # Boards count what is open, what ended lately and what nobody may overlook.
            models.Index(fields=["area_no"], name="case_open_area", condition=Q(open=True)),
            models.Index(
                fields=["closed_at"], name="case_closed", condition=Q(closed_at__isnull=False)
            ),
            models.Index(
                fields=["sort_at", "id"],
                name="case_grave",
                condition=Q(open=True) & (Q(level__lte=2) | Q(supervised__gt=0)),
            ),
            models.Index(fields=["sort_at", "id"], name="case_asks", condition=~Q(asks=[])),
            # Only asked whether there is one.
            models.Index(fields=["simulated"], name="case_simulated", condition=Q(simulated=True)),
            models.Index(
                fields=["next_tick_at"],
                name="case_tick",
                condition=Q(next_tick_at__isnull=False),
            ),
            models.Index(
                fields=["reported_at"],
                name="case_unreviewed",
                condition=Q(is_public=True, reviewed_at__isnull=True),
            ),
        ]

    @property
    def units(self) -> tuple[UUID, ...]:
        """Lead and co-handling units."""
        return tuple(self.unit_ids)
