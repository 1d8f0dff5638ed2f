"""The component register (部件): things of the street as they are, as they were, as inspected."""

from django.db import models
from django.db.models import Q

from chengyun.kernel.ids import new_id
from chengyun.places.decide.components import STATES
from chengyun.places.models.addresses import OfTheCity


class ComponentKind(models.Model):
    """A class of components as packs name it; id is "<scheme>/component/<code>".

    `layout` is how the scheme writes a component's 16 digits ("" where it has none), `near_m` how
    far a case may be from the component it is about, in metres.
    """

    id = models.TextField(primary_key=True)
    scheme = models.TextField()
    major_code = models.TextField()
    minor_code = models.TextField()
    name = models.JSONField()
    major = models.JSONField()
    layout = models.TextField(default="")
    near_m = models.FloatField(null=True)
    city_no = models.BigIntegerField(null=True)
    pack = models.TextField(default="")

    def __str__(self) -> str:
        return self.id


class ComponentQuerySet(OfTheCity["Component"]):
    """Components by sight."""


class Component(models.Model):
    """A component as it is now. Its key is the city, the coding scheme and the code: the schemes
    write the same 16 digits for different things.

    The point is WGS84 degrees; `datum` says in which datum it was given. `area_no` and `grid_code`
    are located at write. Units (主管, 权属, 养护) are names and codes as the source has them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city_no = models.BigIntegerField()
    area_no = models.BigIntegerField()
    grid_code = models.TextField(default="")
    scheme = models.TextField()
    kind_id = models.TextField()
    code = models.TextField(default="")
    name = models.TextField(default="")
    state = models.TextField()
    manager = models.TextField(default="")
    manager_code = models.TextField(default="")
    owner = models.TextField(default="")
    owner_code = models.TextField(default="")
    maintainer = models.TextField(default="")
    maintainer_code = models.TextField(default="")
    address_id = models.UUIDField(null=True)
    lon = models.FloatField()
    lat = models.FloatField()
    datum = models.TextField(default="")
    accuracy_m = models.FloatField(null=True)
    position_source = models.TextField(default="")
    photos = models.JSONField(default=list)  # ids of uploads
    note = models.TextField(default="")
    source = models.TextField(default="")
    synthetic = models.BooleanField(default=False)
    origin = models.TextField()
    # Of the row it was read from last: a file read again undoes nothing that changed since.
    origin_hash = models.TextField(default="")
    inspected_at = models.DateTimeField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    version = models.IntegerField(default=1)
    updated_at = models.DateTimeField()

    objects = ComponentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["city_no", "area_no"], name="component_area"),
            models.Index(fields=["city_no", "kind_id", "id"], name="component_of_kind"),
            models.Index(fields=["address_id"], name="component_address"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["city_no", "origin"], name="component_origin_once"),
            models.UniqueConstraint(
                fields=["city_no", "scheme", "code"],
                condition=~Q(code=""),
                name="component_code_once",
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="component_state"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.code}"


class ComponentCell(models.Model):
    """How many components are in force in a cell of zoom 17, `bad` of them not intact, and the
    sums of their degrees; written by triggers alone."""

    city_no = models.BigIntegerField()
    x = models.IntegerField()
    y = models.IntegerField()
    n = models.BigIntegerField()
    bad = models.BigIntegerField()
    lon_sum = models.FloatField()
    lat_sum = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city_no", "x", "y"], name="component_cell_once")
        ]

    def __str__(self) -> str:
        return f"{self.x}/{self.y} {self.n}"


class ComponentVersion(models.Model):
    """What a component was from a day on; rows are only ever added (a trigger refuses the rest)."""

    component_id = models.UUIDField()
    version = models.IntegerField()
    content = models.JSONField(null=True)  # null: retired
    set_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    actor_name = models.TextField(default="")
    reason = models.TextField(default="")
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["component_id", "valid_from", "id"], name="component_as_it_was")
        ]

    def __str__(self) -> str:
        return f"{self.component_id} {self.version}"


class ComponentInspection(models.Model):
    """What somebody found at a component; rows are only ever added."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    component_id = models.UUIDField()
    finding = models.TextField()
    note = models.TextField(default="")
    photos = models.JSONField(default=list)
    set_id = models.UUIDField(null=True)  # the census that proposes what follows from it
    actor_id = models.UUIDField(null=True)
    actor_name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["component_id", "at"], name="inspection_of_component")]

    def __str__(self) -> str:
        return f"{self.component_id} {self.finding}"
