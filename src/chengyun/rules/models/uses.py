"""Packs that were taken up, and what areas decided about using them."""

from django.db import models

from chengyun.kernel.ids import new_id


class PackVersion(models.Model):
    """One version of a pack as it was taken up: what it says of itself, what it brings, which
    figures nobody verified, and its dashboards."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pack = models.TextField()
    version = models.TextField()
    content = models.JSONField()
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pack", "version"], name="pack_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.pack} {self.version}"


class PackUse(models.Model):
    """What was decided for an area and all inside it: the pack is `off`, or kept at `version`.

    Where nothing was decided a pack is in use at its newest version. It is no secret: whoever is
    signed in may see it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pack = models.TextField()
    area_no = models.BigIntegerField()
    off = models.BooleanField()
    version = models.TextField(default="")
    note = models.TextField(default="")
    by_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pack", "area_no", "off"], name="pack_use_once")
        ]

    def __str__(self) -> str:
        return f"{self.pack} {self.area_no} {'off' if self.off else self.version}"
