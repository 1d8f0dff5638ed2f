"""Duty shifts: who is on, and how one shift passes to the next."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from chengyun.kernel.actor import POSTS, Actor
from chengyun.kernel.ids import new_id
from chengyun.people.decide import shifts
from chengyun.people.decide.reach import reach
from chengyun.people.models.organisations import Organisation, inside
from chengyun.people.models.users import User


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    """Shifts by sight, time and hand-over."""

    def visible_to(self, actor: Actor) -> "DutyShiftQuerySet":
        """Those of the actor's areas or units, and those they are on themselves."""
        seen = reach(actor)
        if seen.everything:
            return self
        found = inside("organisation__area_no", seen.staff) | Q(organisation_id__in=seen.units)
        if actor.kind == "user":
            own = DutyMember.objects.filter(shift=OuterRef("pk"), user=actor.id)
            found |= Q(Exists(own))
        return self.filter(found)

    def covering(self, at: datetime) -> "DutyShiftQuerySet":
        """Those that run at an instant."""
        return self.filter(starts_at__lte=at, ends_at__gt=at)

    def handover_open(self) -> "DutyShiftQuerySet":
        """Those handed over that nobody has accepted yet."""
        return self.filter(handed_over_at__isnull=False, accepted_at=None)


class DutyShift(models.Model):
    """One stretch of duty in one post of one organisation."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="shifts")
    post = models.CharField(max_length=32)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    opened_by = models.UUIDField(null=True)
    note = models.TextField(default="")
    # What the next shift must go on with: {case, no, why, note}; cases by id and number only.
    matters = models.JSONField(default=list)
    handed_over_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="shifts_handed_over"
    )
    handed_over_at = models.DateTimeField(null=True)
    # The shift that took over, and who signed for it.
    accepted_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="taken_over"
    )
    accepted_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="shifts_accepted"
    )
    accepted_at = models.DateTimeField(null=True)

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(post__in=sorted(POSTS)), name="shift_post"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="shift_period"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(handed_over_at__isnull=False),
                name="shift_accepted_after_handover",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "post", "starts_at"], name="shift_unit_post"),
            models.Index(
                fields=["organisation"],
                name="shift_handover_open",
                condition=Q(handed_over_at__isnull=False, accepted_at=None),
            ),
        ]

    def as_decided(self) -> shifts.Shift:
        """What the hand-over rules look at."""
        return shifts.Shift(
            members=frozenset(m.user_id for m in self.members.all()),
            handed_over_by=self.handed_over_by_id,
            accepted_by=self.accepted_by_id,
        )


class DutyMember(models.Model):
    """A person of a shift: when they came on and went off."""

    shift = models.ForeignKey(DutyShift, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="duty")
    on_at = models.DateTimeField(null=True)
    off_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shift", "user"], name="duty_member_once"),
            models.CheckConstraint(
                condition=Q(off_at=None) | Q(on_at__isnull=False), name="duty_off_after_on"
            ),
        ]
