"""Things and their datastreams: what stands where, whose it is, what it measures."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id

_COMMUNITY = areas.LEVELS.index("community") + 1
STATES = ("planned", "active", "retired")


def in_sight(actor: Actor) -> Q:
    """Rows inside the actor's areas, or of the actor's units (owner or shared with)."""
    scope = actor.scope()
    if scope.everything:
        return Q()
    seen = Q(pk__in=[])
    for low, high in scope.areas:
        seen |= Q(area_no__gte=low, area_no__lte=high)
    if scope.units:
        seen |= Q(unit_ids__overlap=list(scope.units))
    return seen


class ObservedProperty(models.Model):
    """What is measured, as packs name it; `unit` in UCUM."""

    id = models.TextField(primary_key=True)
    name = models.JSONField()
    unit = models.TextField()
    result = models.TextField()
    values = ArrayField(models.TextField(), default=list)
    definition = models.TextField(default="")
    pack = models.TextField(default="")

    def __str__(self) -> str:
        return self.id


class ThingKind(models.Model):
    """A sort of things as packs declare it (`sdk.senses.ThingKindDeclared` as JSON)."""

    id = models.TextField(primary_key=True)
    pack = models.TextField(default="")
    pack_version = models.TextField(default="")
    content = models.JSONField()

    def __str__(self) -> str:
        return self.id


class ThingQuerySet(models.QuerySet["Thing"]):
    """Things by sight."""

    def visible_to(self, actor: Actor) -> "ThingQuerySet":
        """Those of the actor's areas or units; private ones, of their community or their units."""
        scope = actor.scope()
        found = self.filter(in_sight(actor))
        if scope.everything:
            return found
        near = Q(private=False) | Q(unit_ids__overlap=list(scope.units))
        for low, high in scope.areas:
            if areas.depth(low) >= _COMMUNITY:
                near |= Q(area_no__gte=low, area_no__lte=high)
        return found.filter(near)


class Thing(models.Model):
    """A thing as it is now. `code` is its name on the wire, unique in the node.

    The point is WGS84 degrees (none: not placed yet). `unit_ids` are its owner and whoever it is
    shared with. `private` things (care by consent) are never in lists beyond their community.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=64, unique=True)
    kind_id = models.TextField()
    name = models.TextField()
    state = models.TextField(default="active")
    owner_id = models.UUIDField(null=True)
    unit_ids = ArrayField(models.UUIDField(), default=list)
    city_no = models.BigIntegerField()
    area_no = models.BigIntegerField()
    grid_code = models.TextField(default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    moved_at = models.DateTimeField(null=True)
    component_id = models.UUIDField(null=True)
    address_id = models.UUIDField(null=True)
    properties = models.JSONField(default=dict)
    private = models.BooleanField(default=False)
    simulated = models.BooleanField(default=False)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = ThingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["area_no", "kind_id"], name="thing_area"),
            models.Index(fields=["kind_id", "id"], name="thing_of_kind"),
            GinIndex(fields=["unit_ids"], name="thing_units"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="thing_state"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Za-z0-9_-]{1,64}$"), name="thing_code"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ThingPlace(models.Model):
    """Where a thing was from an instant on (a HistoricalLocation)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thing_id = models.UUIDField()
    at = models.DateTimeField()
    lon = models.FloatField()
    lat = models.FloatField()
    area_no = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thing_id", "at"], name="thing_place_once")]


class Datastream(models.Model):
    """One series of one thing. `no` is its key in the table of observations.

    `low`, `high`, `every_s`, … are the kind's unless the thing's own differ. Area and units are
    the thing's, so that sight needs no join.
    """

    no = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=new_id, editable=False)
    thing = models.ForeignKey(Thing, models.PROTECT, related_name="datastreams")
    code = models.CharField(max_length=64)  # of the property, unless a thing has it twice
    property_id = models.TextField()
    unit = models.TextField()
    result = models.TextField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    every_s = models.IntegerField()
    stuck_after_s = models.IntegerField(null=True)
    jump = models.FloatField(null=True)
    keep_days = models.IntegerField()
    keep_hours_days = models.IntegerField()
    area_no = models.BigIntegerField()
    unit_ids = ArrayField(models.UUIDField(), default=list)
    properties = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["property_id", "no"], name="datastream_of_property")]
        constraints = [models.UniqueConstraint(fields=["thing", "code"], name="datastream_once")]

    def __str__(self) -> str:
        return f"{self.thing_id}/{self.code}"
