"""How far the rules have read, and where they stand."""

from django.db import models

from chengyun.kernel.ids import new_id


class Place(models.Model):
    """The one row that says how far the batches were followed.

    Whoever holds its lock evaluates. `turn` counts steps: a process whose own count differs was
    not the last one, and builds its engine anew. `book` counts changes of rules and figures.
    """

    no = models.IntegerField(primary_key=True)
    xid = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    turn = models.BigIntegerField(default=0)
    book = models.BigIntegerField(default=0)
    ticked_at = models.DateTimeField(null=True)
    readings = models.BigIntegerField(default=0)
    failure = models.TextField(default="")
    failing_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.xid}-{self.seq}"


class StandingRow(models.Model):
    """Where a rule stands with a thing (`decide.levels.Standing`); calm ones have no row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule_id = models.TextField()
    thing_id = models.UUIDField()
    rank = models.SmallIntegerField()
    way = models.SmallIntegerField()
    goal = models.SmallIntegerField()
    since = models.BigIntegerField()  # µs since 1970 UTC
    silent = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule_id", "thing_id"], name="standing_once")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.thing_id}"
