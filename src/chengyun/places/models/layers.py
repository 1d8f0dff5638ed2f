"""Layers of the map, their features in every version, and what became of each import."""

from django.db import models
from django.db.models import Q

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.places.models.cities import City

OPEN_GRADE = 2
"""Data graded above this is for administrators and the owner's own people."""


class MapLayerQuerySet(models.QuerySet["MapLayer"]):
    """Layers by sight."""

    def visible_to(self, actor: Actor) -> "MapLayerQuerySet":
        """Public ones; those of the actor's cities; graded ones for owner and administrator."""
        if actor.kind == "system":
            return self
        cities = {areas.city_of(grant.area_no) for grant in actor.grants}
        run = {areas.city_of(g.area_no) for g in actor.grants if g.post == "system_admin"}
        own = {grant.org_id for grant in actor.grants}
        return self.filter(
            Q(public=True)
            | Q(city_id__in=cities, grade__lte=OPEN_GRADE)
            | Q(city_id__in=run)
            | Q(city_id__in=cities, owner_id__in=own)
        )


class MapLayer(models.Model):
    """A set of features that one owner answers for: who, how secret, from where, as of when.

    `grade` is the data grade 1–4; a public layer is grade 1. `role` says what the base map draws it
    as ("" for no part of it). `schema` lists the properties: [{"name", "type"}].
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="map_layers")
    code = models.TextField()
    name_zh = models.TextField()
    name_en = models.TextField(default="")
    owner_id = models.UUIDField(null=True)
    owner_name = models.TextField(default="")
    grade = models.SmallIntegerField(default=2)
    public = models.BooleanField(default=False)
    source = models.TextField(default="")
    dated = models.DateField(null=True)
    licence = models.TextField(default="")
    role = models.TextField(default="")
    style = models.JSONField(default=dict)
    geometry = models.TextField(default="")
    schema = models.JSONField(default=list)
    min_zoom = models.FloatField(default=0)
    max_zoom = models.FloatField(default=22)
    synthetic = models.BooleanField(default=False)
    version = models.IntegerField(default=0)
    count = models.IntegerField(default=0)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = MapLayerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city", "code"], name="map_layer_once_per_city"),
            models.CheckConstraint(condition=Q(grade__range=(1, 4)), name="map_layer_grade"),
            models.CheckConstraint(
                condition=Q(public=False) | Q(grade=1), name="map_layer_public_is_grade_1"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class LayerVersion(models.Model):
    """One change to a layer: by whom, from what file or set, in what reference, and how much."""

    layer = models.ForeignKey(MapLayer, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    made_by_name = models.TextField()
    source = models.TextField(default="")
    file_name = models.TextField(default="")
    set_id = models.UUIDField(null=True)
    datum = models.TextField(default="WGS84")
    accuracy_m = models.FloatField(null=True)
    added = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    retired = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["layer", "number"], name="layer_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.layer_id} {self.number}"


class MapFeature(models.Model):
    """A feature from a time on. `shape` is WKB in WGS84 degrees; `cell` is of decide.celling.

    `datum` and `accuracy_m` say what its coordinates were measured in, and what moving them cost.
    """

    layer = models.ForeignKey(MapLayer, on_delete=models.CASCADE, related_name="features")
    key = models.TextField()
    shape = models.BinaryField()
    cell = models.BigIntegerField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    properties = models.JSONField()
    datum = models.TextField(default="WGS84")
    accuracy_m = models.FloatField(default=0)
    digest = models.BinaryField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["layer", "key"], condition=Q(valid_to=None), name="map_feature_key_once"
            )
        ]
        indexes = [models.Index(fields=["layer", "cell"], name="map_feature_place")]

    def __str__(self) -> str:
        return self.key
