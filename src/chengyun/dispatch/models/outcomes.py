"""What became of what a rule dispatched."""

from django.db import models
from django.db.models import Q

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id

# open: still with the unit · accurate: closed by it · refused: given back before work began ·
# returned: given back later · redispatched: a dispatcher sent it elsewhere · dropped: voided,
# merged, or rejected, which says nothing about the rule
OUTCOMES = ("open", "accurate", "refused", "returned", "redispatched", "dropped")


class RouteOutcomeQuerySet(models.QuerySet["RouteOutcome"]):
    """Outcomes by sight."""

    def visible_to(self, actor: Actor) -> "RouteOutcomeQuerySet":
        """Those inside the actor's areas, or of the actor's units."""
        scope = actor.scope()
        if scope.everything:
            return self
        seen = Q(unit__in=scope.units)
        for low, high in scope.areas:
            seen |= Q(area_no__gte=low, area_no__lte=high)
        return self.filter(seen)


class RouteOutcome(models.Model):
    """What became of one dispatch that a rule of a list decided."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case_id = models.UUIDField()
    # Version of the case at the dispatch: reading the same event twice changes nothing.
    case_version = models.IntegerField()
    city_no = models.BigIntegerField()
    area_no = models.BigIntegerField()
    kind_id = models.TextField()
    rule = models.TextField()
    rule_version = models.TextField()
    unit = models.UUIDField()
    simulated = models.BooleanField(default=False)
    dispatched_at = models.DateTimeField()
    outcome = models.CharField(max_length=16, default="open")
    settled_at = models.DateTimeField(null=True)

    objects = RouteOutcomeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_id", "case_version"], name="route_outcome_once"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="route_outcome_known"),
        ]
        indexes = [
            models.Index(fields=["city_no", "dispatched_at"], name="route_outcome_city"),
            models.Index(fields=["rule_version", "rule"], name="route_outcome_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_version} {self.rule}: {self.outcome}"
