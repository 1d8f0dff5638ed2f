"""Other houses' doors, and ours to them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.sensing.models.things import in_sight

FEED_KINDS = ("webhook", "poll", "broker")
FEED_STATES = ("active", "paused")
FEED_AUTHS = ("bearer", "hmac", "none")


class FeedQuerySet(models.QuerySet["Feed"]):
    """Feeds by sight."""

    def visible_to(self, actor: Actor) -> "FeedQuerySet":
        """Those of the actor's areas or units."""
        return self.filter(in_sight(actor))


class Feed(models.Model):
    """Another house's door or ours to it: a webhook it calls, an address we ask, a broker we hear.

    It may write readings of things inside its area only. `mapping` says what of its words is which
    thing, datastream, value and time (`decide.mapping`); `settings` how it is reached.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=64, unique=True)
    name = models.TextField()
    kind = models.TextField()
    protocol = models.TextField()
    mapping = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)
    state = models.TextField(default="active")
    auth = models.TextField(default="none")
    secret_hash = models.BinaryField(null=True)
    # A signature needs the secret itself: sealed by the kernel's crypto.
    secret_sealed = models.BinaryField(null=True)
    owner_id = models.UUIDField(null=True)
    unit_ids = ArrayField(models.UUIDField(), default=list)
    area_no = models.BigIntegerField()
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    next_at = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    last_ok_at = models.DateTimeField(null=True)
    last_fault_at = models.DateTimeField(null=True)
    last_fault = models.TextField(default="")

    objects = FeedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(kind="poll", state="active"),
                name="feed_due",
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FEED_KINDS), name="feed_kind"),
            models.CheckConstraint(condition=Q(state__in=FEED_STATES), name="feed_state"),
            models.CheckConstraint(condition=Q(auth__in=FEED_AUTHS), name="feed_auth"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Za-z0-9_-]{1,64}$"), name="feed_code"
            ),
        ]

    def __str__(self) -> str:
        return self.code
