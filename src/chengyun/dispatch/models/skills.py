"""What people can do in their posts."""

from django.db import models
from django.db.models import Q

from chengyun.kernel import areas
from chengyun.kernel.actor import AREA_POSTS, UNIT_POSTS, Actor
from chengyun.kernel.ids import new_id
from chengyun.people.models import Appointment


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
