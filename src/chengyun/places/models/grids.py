"""Grid layers, their cells, who owns a cell, and how layers lie over each other."""

from django.db import models

from chengyun.kernel.ids import new_id
from chengyun.places.models.cities import City


class GridLayer(models.Model):
    """One division of a city into grids: "base" unit grids, "police", "comprehensive" …"""

    id = models.UUIDField(primary_key=True, default=new_id)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="layers")
    code = models.TextField()
    name_zh = models.TextField()
    name_en = models.TextField()
    synthetic = models.BooleanField(default=False)
    source = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "code"], name="layer_once_per_city")]

    def __str__(self) -> str:
        return self.code


class Grid(models.Model):
    """A cell of a layer. `area_no` is the deepest region that holds all of it.

    The owner is a value: organisations live in another room.
    """

    layer = models.ForeignKey(GridLayer, on_delete=models.PROTECT, related_name="grids")
    code = models.TextField()
    area_no = models.BigIntegerField()
    boundary = models.BinaryField()
    size_m2 = models.FloatField()
    owner_id = models.UUIDField(null=True)
    owner_name = models.TextField(default="")
    synthetic = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["layer", "code"],
                condition=models.Q(valid_to=None),
                name="grid_code_once_per_layer",
            )
        ]
        indexes = [models.Index(fields=["layer", "area_no"], name="grid_of_area")]

    def __str__(self) -> str:
        return self.code


class GridOwner(models.Model):
    """Who answers for a grid from a day on; rows are only ever added."""

    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="owners")
    owner_id = models.UUIDField(null=True)
    owner_name = models.TextField()
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["grid", "valid_from"], name="grid_owner_as_it_was")]

    def __str__(self) -> str:
        return f"{self.owner_name} from {self.valid_from}"


class GridOverlap(models.Model):
    """The union table (多格合一): ground that a base cell shares with a cell of another layer."""

    base = models.ForeignKey(Grid, on_delete=models.CASCADE, related_name="overlaid_by")
    other = models.ForeignKey(Grid, on_delete=models.CASCADE, related_name="lies_over")
    size_m2 = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["base", "other"], name="overlap_once")]

    def __str__(self) -> str:
        return f"{self.base_id}/{self.other_id}"
