"""Rules as packs declare and cities change them."""

from django.db import models

from chengyun.kernel.ids import new_id


class Rule(models.Model):
    """A rule by its id, and which version is in force; switched off, it looks at nothing."""

    id = models.TextField(primary_key=True)
    pack = models.TextField()
    version = models.IntegerField()
    enabled = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.id


class RuleVersion(models.Model):
    """One version of a rule (`decide.declared.Rule` as JSON); immutable, cited by signals.

    `pack_version` is empty where a city wrote it; `note` says why.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="versions")
    version = models.IntegerField()
    pack_version = models.TextField(default="")
    hash = models.TextField()
    content = models.JSONField()
    source = models.TextField(default="")
    effective_from = models.DateField(null=True)
    verified = models.BooleanField(default=False)
    note = models.TextField(default="")
    by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "version"], name="rule_written_once"),
            models.UniqueConstraint(fields=["rule", "hash"], name="rule_hash_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.version}"


class FigureSet(models.Model):
    """A figure a city set itself, for one area and all inside it; where it comes from is said."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="figures")
    word = models.TextField()
    area_no = models.BigIntegerField()
    value = models.FloatField()
    source = models.TextField()
    by_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "word", "area_no"], name="figure_once")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}.{self.word} = {self.value}"
