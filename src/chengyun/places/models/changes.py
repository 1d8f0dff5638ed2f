"""Change sets: what shall change on the map, by whom, looked at by somebody else, and undone."""

from django.db import models
from django.db.models import F, Q

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.places.decide.changing import ACTIONS, STATES


class ChangeSetQuerySet(models.QuerySet["ChangeSet"]):
    """Sets by sight."""

    def visible_to(self, actor: Actor) -> "ChangeSetQuerySet":
        """The sets of the cities in which the actor holds a post."""
        if actor.kind == "system":
            return self
        return self.filter(city_no__in={areas.city_of(g.area_no) for g in actor.grants})


class ChangeSet(models.Model):
    """Changes to one subject ("addresses", "components", "layer" …) that stand or fall together.

    `subject_id` tells subjects of one sort apart (a layer's id) or is empty. `area_no` is the area
    the set keeps to. `base_version` is the subject's version the set was written against;
    `version` the one that applying or rolling back made.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city_no = models.BigIntegerField()
    area_no = models.BigIntegerField()
    subject = models.TextField()
    subject_id = models.TextField(default="")
    title = models.TextField()
    source = models.TextField(default="")
    state = models.TextField(default="draft")
    base_version = models.BigIntegerField(default=0)
    version = models.BigIntegerField(null=True)
    # Counts changes of this row; the events about it carry it.
    revision = models.IntegerField(default=1)
    reason = models.TextField(default="")
    made_by = models.UUIDField(null=True)  # None: the system
    made_by_name = models.TextField()
    made_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True)
    reviewed_by = models.UUIDField(null=True)
    reviewed_by_name = models.TextField(default="")
    reviewed_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    rolled_back_at = models.DateTimeField(null=True)

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(
                fields=["city_no", "subject", "subject_id", "version"], name="change_order"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="change_set_state"),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | Q(made_by=None) | ~Q(reviewed_by=F("made_by")),
                name="change_set_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.title}"


class Change(models.Model):
    """One target before and after. `before` null: it is added; `after` null: it is retired.

    `result` is the target as applying left it, so that a roll-back sees what changed since.
    `problems` are of decide.changing.Problem's fields.
    """

    set = models.ForeignKey(ChangeSet, on_delete=models.CASCADE, related_name="changes")
    order = models.IntegerField()
    action = models.TextField()
    target_id = models.TextField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    result = models.JSONField(null=True)
    problems = models.JSONField(default=list)

    class Meta:
        ordering = ["set", "order"]
        indexes = [models.Index(fields=["target_id"], name="change_of_target")]
        constraints = [
            models.UniqueConstraint(fields=["set", "target_id"], name="change_once_per_target"),
            models.CheckConstraint(condition=Q(action__in=ACTIONS), name="change_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target_id}"
