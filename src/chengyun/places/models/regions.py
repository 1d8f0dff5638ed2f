"""Regions of four levels, and what they were."""

from django.db import models

from chengyun.places.models.cities import City


class Region(models.Model):
    """A city, district, street/town or community as it is now.

    `boundary` is WKB in lon/lat degrees of CGCS2000 (EPSG:4490; WGS84 within a metre), null where
    no outline is known. `synthetic` marks what was generated and is no survey.
    """

    area_no = models.BigIntegerField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="regions")
    parent_no = models.BigIntegerField(null=True)
    level = models.TextField()
    code = models.TextField()
    name_zh = models.TextField()
    name_en = models.TextField(default="")
    boundary = models.BinaryField(null=True)
    center_lon = models.FloatField(null=True)
    center_lat = models.FloatField(null=True)
    synthetic = models.BooleanField(default=False)
    source = models.TextField(default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "code"],
                condition=models.Q(valid_to=None),
                name="region_code_once_per_city",
            )
        ]
        indexes = [
            models.Index(fields=["parent_no", "code"], name="region_below"),
            models.Index(fields=["city", "level"], name="region_level"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class RegionHistory(models.Model):
    """What a region was from a day on; rows are only ever added (a trigger refuses the rest)."""

    area_no = models.BigIntegerField()
    change = models.TextField()  # created, changed or closed
    code = models.TextField()
    name_zh = models.TextField()
    name_en = models.TextField(default="")
    boundary = models.BinaryField(null=True)
    synthetic = models.BooleanField(default=False)
    source = models.TextField(default="")
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["area_no", "valid_from", "id"], name="region_as_it_was")]

    def __str__(self) -> str:
        return f"{self.code} {self.change} {self.valid_from}"
