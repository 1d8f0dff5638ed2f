"""What is real at an address (一标多实), without people: population only as a count."""

from django.db import models
from django.db.models import Q

from chengyun.kernel.ids import new_id
from chengyun.places.decide.binding import KINDS
from chengyun.places.models.addresses import OfTheCity


class EntityQuerySet(OfTheCity["Entity"]):
    """Entities by sight."""


class Entity(models.Model):
    """A house, legal unit, facility, device or video point on one standard address, or how many
    people live there (`count`; nobody's name). `code` is a unit's unified social credit code or
    the thing's own number. `attributes` are flat text, number or truth values."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city_no = models.BigIntegerField()
    area_no = models.BigIntegerField()
    address_id = models.UUIDField(null=True)
    kind = models.TextField()
    name = models.TextField()
    code = models.TextField(default="")
    count = models.IntegerField(null=True)
    attributes = models.JSONField(default=dict)
    source = models.TextField(default="")
    synthetic = models.BooleanField(default=False)
    origin = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    version = models.IntegerField(default=1)
    updated_at = models.DateTimeField()

    objects = EntityQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["address_id", "kind"], name="entity_of_address"),
            models.Index(fields=["city_no", "kind", "code"], name="entity_code"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["city_no", "origin"], name="entity_origin_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="entity_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class EntityVersion(models.Model):
    """What an entity was from a day on; rows are only ever added (a trigger refuses the rest)."""

    entity_id = models.UUIDField()
    version = models.IntegerField()
    content = models.JSONField(null=True)  # null: retired
    actor_name = models.TextField(default="")
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["entity_id", "version"], name="entity_as_it_was")]

    def __str__(self) -> str:
        return f"{self.entity_id} {self.version}"
