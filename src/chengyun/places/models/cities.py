"""A city on this node and what differs between cities."""

from collections import Counter
from typing import Any

from django.db import models

from chengyun.kernel.ids import new_id

touches: Counter[int] = Counter()
"""How often this process changed each city's map: its own changes show at once, others' in 1 s."""
address_touches: Counter[int] = Counter()
"""The same for each city's standard addresses."""


class City(models.Model):
    """A city of its own: zone, calendar, language, code scheme and where its map opens."""

    area_no = models.BigIntegerField(primary_key=True)
    code = models.TextField(unique=True)
    time_zone = models.TextField()
    calendar = models.TextField()
    language = models.TextField()
    code_scheme = models.TextField()
    center_lon = models.FloatField()
    center_lat = models.FloatField()
    zoom = models.FloatField()
    attribution = models.TextField(default="")
    # Changes whenever a region or grid does; a new random value, so a roll-back never looks done.
    revision = models.UUIDField(default=new_id)
    # Changes whenever a standard address does: the geocoder's book is made again.
    address_revision = models.UUIDField(default=new_id)
    # Changes with every statement that writes components: a trigger of the database sees to it.
    component_revision = models.UUIDField(default=new_id)

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        touches[self.area_no] += 1

    def touch(self) -> None:
        """Say that the map changed, in the current transaction."""
        self.revision = new_id()
        self.save(update_fields=["revision"])
