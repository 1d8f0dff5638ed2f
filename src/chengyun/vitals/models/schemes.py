"""Schemes as packs declared them: immutable, cited by every published table."""

from django.db import models


class SchemeVersion(models.Model):
    """One version of a scheme; the newest of an id and day is the one in force from that day."""

    id = models.BigAutoField(primary_key=True)
    key = models.TextField()
    effective_from = models.DateField()
    pack = models.TextField()
    pack_version = models.TextField()
    hash = models.TextField()
    content = models.JSONField()
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "hash"], name="scheme_version_once")]


class CheckVersion(models.Model):
    """One version of the thresholds of the checks against gaming."""

    id = models.BigAutoField(primary_key=True)
    effective_from = models.DateField()
    pack = models.TextField()
    pack_version = models.TextField()
    hash = models.TextField(unique=True)
    content = models.JSONField()
    loaded_at = models.DateTimeField()
