"""What packs declare and the node loads: kinds, rules, standard texts."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from chengyun.kernel.ids import new_id


class KindVersion(models.Model):
    """One version of a case kind as a pack declared it; immutable, cited by cases."""

    id = models.BigAutoField(primary_key=True)
    kind_id = models.TextField()
    pack = models.TextField()
    pack_version = models.TextField()
    hash = models.TextField()
    content = models.JSONField()
    # The version new cases use; older ones stay for the cases that cite them.
    current = models.BooleanField(default=True)
    # Cities whose own scheme this is; empty: every city may use it.
    city_no = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind_id", "hash"], name="kind_version_once"),
            models.UniqueConstraint(
                fields=["kind_id"], condition=Q(current=True), name="kind_one_current"
            ),
        ]


class RuleDocument(models.Model):
    """A calendar or the stage limits as a pack declared them; immutable, the newest is current."""

    id = models.BigAutoField(primary_key=True)
    what = models.TextField()  # "calendar" or "limits"
    key = models.TextField()
    pack = models.TextField()
    pack_version = models.TextField()
    hash = models.TextField()
    content = models.JSONField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["what", "key", "hash"], name="rule_version_once"),
            models.UniqueConstraint(
                fields=["what", "key"], condition=Q(current=True), name="rule_one_current"
            ),
        ]


class StandardText(models.Model):
    """A unit's own words for a move, beside those that packs bring."""

    id = models.UUIDField(primary_key=True, default=new_id)
    unit_id = models.UUIDField()
    moves = ArrayField(models.TextField())
    title = models.TextField()
    text = models.TextField()
    changed_by = models.UUIDField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit_id"], name="standard_text_unit")]
