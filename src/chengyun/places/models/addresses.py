"""The standard address register: addresses as they are, as they were, and the numbers of codes."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.places.decide.addressing import STATES

M = TypeVar("M", bound=models.Model)


class OfTheCity(models.QuerySet[M]):
    """Rows by sight: the register of a city is for whoever holds a post there."""

    def visible_to(self, actor: Actor) -> Self:
        """Rows of the actor's cities."""
        if actor.kind == "system":
            return self
        return self.filter(city_no__in={areas.city_of(g.area_no) for g in actor.grants})


class AddressQuerySet(OfTheCity["Address"]):
    """Addresses by sight."""


class Address(models.Model):
    """A standard address as it is now. Parts are those of decide.addressing, `text` their sum.

    `main_id` is the main address of an auxiliary one. `area_no` and `grid_code` are located at
    write. The point is WGS84 degrees; `datum` says in which datum it was given, `accuracy_m` how
    far it may be off. `origin` recognises the address when its source is read again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city_no = models.BigIntegerField()
    area_no = models.BigIntegerField()
    grid_code = models.TextField(default="")
    kind = models.TextField()
    road = models.TextField(default="")
    lane = models.TextField(default="")
    sub_lane = models.TextField(default="")
    number = models.TextField(default="")
    compound = models.TextField(default="")
    building = models.TextField(default="")
    unit = models.TextField(default="")
    floor = models.TextField(default="")
    room = models.TextField(default="")
    poi = models.TextField(default="")
    cross = models.TextField(default="")
    text = models.TextField()
    search = models.TextField()
    names = models.JSONField(default=list)
    main_id = models.UUIDField(null=True)
    code = models.TextField(default="")
    point_code = models.TextField(default="")
    area_code = models.TextField(default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    height = models.FloatField(null=True)
    datum = models.TextField(default="")
    accuracy_m = models.FloatField(null=True)
    position_source = models.TextField(default="")
    state = models.TextField()
    source = models.TextField(default="")
    synthetic = models.BooleanField(default=False)
    origin = models.TextField()
    # Of the row it was read from last: a file read again undoes nothing that changed since.
    origin_hash = models.TextField(default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    version = models.IntegerField(default=1)
    proposed_by = models.UUIDField(null=True)
    updated_at = models.DateTimeField()

    objects = AddressQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["city_no", "text"], name="address_text"),
            models.Index(fields=["city_no", "area_no"], name="address_area"),
            models.Index(fields=["city_no", "road", "lane"], name="address_road"),
            models.Index(fields=["city_no", "code"], name="address_code"),
            models.Index(fields=["main_id"], name="address_main"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["city_no", "origin"], name="address_origin_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="address_state"),
        ]

    def __str__(self) -> str:
        return self.text


class AddressVersion(models.Model):
    """What an address was from a day on; rows are only ever added (a trigger refuses the rest)."""

    address_id = models.UUIDField()
    version = models.IntegerField()
    state = models.TextField()
    text = models.TextField()
    content = models.JSONField(null=True)  # the state changes are made to; null: retired
    set_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    actor_name = models.TextField(default="")
    reason = models.TextField(default="")
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["address_id", "valid_from", "id"], name="address_as_it_was")
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.version}"


class AddressOrdinal(models.Model):
    """The number that a street, building or room has in codes below `above`; never given again."""

    city_no = models.BigIntegerField()
    above = models.TextField()
    name = models.TextField()
    ordinal = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city_no", "above", "name"], name="ordinal_of_name"),
            models.UniqueConstraint(fields=["city_no", "above", "ordinal"], name="ordinal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.above}{self.ordinal} {self.name}"


class AddressRules(models.Model):
    """What packs say of addresses: digits of codes, who approves; the newest in force counts."""

    pack = models.TextField()
    pack_version = models.TextField()
    content = models.JSONField()
    effective_from = models.DateField(null=True)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pack", "pack_version"], name="address_rules_once")
        ]

    def __str__(self) -> str:
        return f"{self.pack}@{self.pack_version}"
