"""Layers and tools of the map that packs declare."""

from django.db import models


class MapPlugins(models.Model):
    """What one pack declares for the map.

    `content`: {"rank", "cities" (ordinals; none: all), "groups", "layers", "tools"}.
    """

    pack = models.TextField(primary_key=True)
    pack_version = models.TextField()
    content = models.JSONField()
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pack}@{self.pack_version}"
