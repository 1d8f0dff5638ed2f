"""The tables of dispatch: versions of duty lists, what became of their decisions, skills."""

from django.db import models
from django.db.models import F, Q

from chengyun.kernel import areas
from chengyun.kernel.actor import AREA_POSTS, UNIT_POSTS, Actor
from chengyun.kernel.ids import new_id
from chengyun.people.models import Appointment

STATUSES = ("draft", "active", "retired")
# open: still with the unit · accurate: closed by it · refused: given back before work began ·
# returned: given back later · redispatched: a dispatcher sent it elsewhere · dropped: voided,
# merged, or rejected, which says nothing about the rule
OUTCOMES = ("open", "accurate", "refused", "returned", "redispatched", "dropped")


class DutyListQuerySet(models.QuerySet["DutyList"]):
    """Versions by sight."""

    def visible_to(self, actor: Actor) -> "DutyListQuerySet":
        """The lists of the cities in which the actor holds a post."""
        if actor.kind == "system":
            return self
        return self.filter(city_no__in={areas.city_of(g.area_no) for g in actor.grants})


class DutyList(models.Model):
    """One version of a city's duty list. The content of an active or retired one never changes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city_no = models.BigIntegerField()
    name = models.CharField(max_length=200)
    version = models.CharField(max_length=200)
    pack = models.CharField(max_length=200, default="local")
    status = models.CharField(max_length=16, default="draft")
    source = models.TextField(default="")
    effective_from = models.DateField(null=True)
    verified = models.BooleanField(default=False)
    content = models.JSONField()
    hash = models.CharField(max_length=64)
    entries = models.IntegerField()
    # Counts changes of this row; the events about it carry it.
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)  # None: the system, from a pack
    created_by_name = models.TextField()
    activated_at = models.DateTimeField(null=True)
    activated_by = models.UUIDField(null=True)
    activated_by_name = models.TextField(default="")
    retired_at = models.DateTimeField(null=True)

    objects = DutyListQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["city_no", "name", "version"], name="duty_list_version_once"
            ),
            models.UniqueConstraint(
                fields=["city_no"], condition=Q(status="active"), name="duty_list_one_active"
            ),
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="duty_list_status"),
            models.CheckConstraint(
                condition=Q(activated_by=None)
                | Q(created_by=None)
                | ~Q(activated_by=F("created_by")),
                name="duty_list_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


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


class SkillQuerySet(models.QuerySet["Skill"]):
    """Skills by sight."""

    def visible_to(self, actor: Actor) -> "SkillQuerySet":
        """Those of people who hold their post in the actor's areas or units."""
        if actor.kind == "system":
            return self
        seen = Q(pk__in=[])
        for grant in actor.grants:
            if grant.post in UNIT_POSTS:
                seen |= Q(appointment__organisation_id=grant.org_id)
            elif grant.post in AREA_POSTS:
                low, high = areas.span(grant.area_no)
                seen |= Q(appointment__area_no__gte=low, appointment__area_no__lte=high)
        return self.filter(seen)


class Skill(models.Model):
    """What somebody can do in a post: kinds by pattern, 1 (some practice) to 3 (expert)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="skills")
    kinds = models.CharField(max_length=200)
    level = models.SmallIntegerField()
    source = models.CharField(max_length=200, default="")
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    objects = SkillQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appointment", "kinds"], name="skill_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="skill_level"),
        ]

    def __str__(self) -> str:
        return f"{self.kinds}: {self.level}"
