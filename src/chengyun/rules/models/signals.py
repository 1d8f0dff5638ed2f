"""Signals: what a rule found, what became of it, and what was asked to be left alone."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id

_COMMUNITY = areas.LEVELS.index("community") + 1
JUDGEMENTS = ("true", "false")


class SignalQuerySet(models.QuerySet["Signal"]):
    """Signals by sight."""

    def visible_to(self, actor: Actor) -> "SignalQuerySet":
        """Those of the actor's areas or units; of private things, of their community or units."""
        scope = actor.scope()
        if scope.everything:
            return self
        units = Q(unit_ids__overlap=list(scope.units)) if scope.units else Q(pk__in=[])
        seen = units
        for low, high in scope.areas:
            near = Q(area_no__gte=low, area_no__lte=high)
            seen |= near if areas.depth(low) >= _COMMUNITY else near & Q(private=False)
        return self.filter(seen)


class Signal(models.Model):
    """One matter: a rule and a thing (or an area), from the first sign until all is calm.

    Attributes:
        key: rule and what it stands for; one open signal has it at a time.
        severity: now (the last while it was open); worst: ever. 1 (I) … 4 (IV).
        silent: it is about a thing that fell silent.
        members: things by code, with the rank each stands at.
        words: what the inputs and figures were when it last moved.
        joined_to: the signal it is one matter with; only that one acts.
        judged: "true" or "false" alarm, once somebody said so.
        muted: somebody asked for silence there: it shows, and does nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.TextField()
    rule_id = models.TextField()
    rule_version = models.IntegerField()
    pack = models.TextField()
    thing_id = models.UUIDField(null=True)
    thing_code = models.TextField(default="")
    thing_name = models.TextField(default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    area_no = models.BigIntegerField()
    unit_ids = ArrayField(models.UUIDField(), default=list)
    private = models.BooleanField(default=False)
    simulated = models.BooleanField(default=False)
    silent = models.BooleanField(default=False)
    severity = models.SmallIntegerField()
    worst = models.SmallIntegerField()
    members = models.JSONField(default=dict)
    words = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.UUIDField(null=True)
    escalate_at = models.DateTimeField(null=True)
    escalated = models.SmallIntegerField(default=0)
    judged = models.TextField(default="")
    judged_by = models.UUIDField(null=True)
    judged_reason = models.TextField(default="")
    muted = models.BooleanField(default=False)
    joined_to = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    case_no = models.TextField(default="")
    version = models.IntegerField(default=1)

    objects = SignalQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["severity", "-opened_at"],
                condition=Q(closed_at=None),
                name="signal_open",
            ),
            models.Index(fields=["rule_id", "-opened_at"], name="signal_of_rule"),
            models.Index(fields=["thing_id", "-opened_at"], name="signal_of_thing"),
            models.Index(fields=["area_no", "-opened_at"], name="signal_area"),
            models.Index(
                fields=["escalate_at"],
                condition=Q(closed_at=None, acknowledged_at=None, escalate_at__isnull=False),
                name="signal_escalate",
            ),
            models.Index(fields=["case_id"], name="signal_case"),
            GinIndex(fields=["unit_ids"], name="signal_units"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(closed_at=None), name="signal_once_open"
            ),
            models.CheckConstraint(condition=Q(severity__range=(1, 4)), name="signal_severity"),
            models.CheckConstraint(
                condition=Q(judged__in=("", *JUDGEMENTS)), name="signal_judgement"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.severity}"


class SignalStep(models.Model):
    """One step of a signal: what happened when, by whom, with the words and readings of then."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    signal = models.ForeignKey(Signal, models.CASCADE, related_name="steps")
    what = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    severity = models.SmallIntegerField()
    thing_code = models.TextField(default="")
    words = models.JSONField(default=dict)
    readings = models.JSONField(default=dict)
    by_id = models.UUIDField(null=True)
    note = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["signal", "recorded_at"], name="step_of_signal")]

    def __str__(self) -> str:
        return f"{self.signal_id} {self.what}"


class Silence(models.Model):
    """For a time nothing is to be done about a rule, a thing, or either within an area."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule_id = models.TextField(default="")
    thing_id = models.UUIDField(null=True)
    area_no = models.BigIntegerField()
    unit_ids = ArrayField(models.UUIDField(), default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.TextField()
    by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="silence_end")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="silence_span")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.thing_id} {self.ends_at}"
