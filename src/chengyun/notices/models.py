"""The tables of telling: what was said, to whom by which way, and how each wants to be told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.notices.decide.templates import CHANNELS, IN_APP

STATES = (
    "queued",
    "sent",
    "delivered",
    "failed",
    "acknowledged",
    "expired",
    "suppressed",
)


class NoticeDocument(models.Model):
    """A template, or the house rules, as a pack declared them; immutable, the newest is current."""

    id = models.BigAutoField(primary_key=True)
    what = models.TextField()  # "template" or "rules"
    key = models.TextField()
    pack = models.TextField()
    pack_version = models.TextField()
    hash = models.TextField()
    content = models.JSONField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["what", "key", "hash"], name="notice_document_once"),
            models.UniqueConstraint(
                fields=["what", "key"],
                condition=Q(current=True),
                name="notice_document_one_current",
            ),
        ]


class Notice(models.Model):
    """One message to one audience, in both languages."""

    id = models.UUIDField(primary_key=True, default=new_id)
    # What makes telling twice one telling; named by whoever tells.
    key = models.TextField(unique=True)
    # Counts the notice's own events, as the live stream needs.
    version = models.IntegerField(default=1)
    template = models.TextField()
    template_version = models.TextField()  # hash of the document
    area_no = models.BigIntegerField()
    subject_kind = models.TextField()
    subject_id = models.UUIDField(null=True)
    link = models.TextField(default="")
    title = models.JSONField()
    body = models.JSONField()
    level = models.SmallIntegerField(null=True)
    simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    needs_ack = models.BooleanField(default=False)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.UUIDField(null=True)
    repeated = models.IntegerField(default=0)
    # When an unacknowledged notice is repeated or told further up.
    look_at = models.DateTimeField(null=True)
    escalated_from = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["look_at"], name="notice_look", condition=Q(look_at__isnull=False)
            ),
            models.Index(fields=["expires_at"], name="notice_expires"),
            models.Index(fields=["subject_id"], name="notice_subject"),
        ]


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries; a door reaches them by `visible_to`."""

    def visible_to(self, actor: Actor) -> DeliveryQuerySet:
        """One's own; nobody reads another person's."""
        if actor.kind == "system":
            return self
        if actor.kind != "user" or actor.id is None:
            return self.none()
        return self.filter(user_id=actor.id)

    def in_app(self) -> DeliveryQuerySet:
        """Those that make a person's list of notices."""
        return self.filter(channel=IN_APP)


class Delivery(models.Model):
    """A notice on its way to one recipient by one channel."""

    id = models.UUIDField(primary_key=True, default=new_id)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", db_index=False)
    # "u:<user>" or "c:<keyed hash of an address>": one row a recipient, no address in it.
    recipient = models.TextField()
    user_id = models.UUIDField(null=True)
    # A resident's address, only while it is needed; then the key and it are gone.
    contact = models.BinaryField(null=True)
    masked = models.TextField(default="")
    channel = models.TextField()
    state = models.TextField(default="queued")
    # Which asking this is: 1, then one more each time the notice is repeated.
    round = models.IntegerField(default=1)
    not_before = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    receipt = models.TextField(default="")
    error = models.TextField(default="")
    sunk = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "recipient", "channel"], name="delivery_once"
            ),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="delivery_channel"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="delivery_state"),
        ]
        indexes = [
            models.Index(
                fields=["not_before"], name="delivery_due", condition=Q(not_before__isnull=False)
            ),
            models.Index(
                fields=["user_id", "-created_at", "-id"],
                name="delivery_own",
                condition=Q(channel=IN_APP),
            ),
            models.Index(
                fields=["user_id"],
                name="delivery_unread",
                condition=Q(channel=IN_APP, read_at__isnull=True),
            ),
            models.Index(fields=["-created_at", "-id"], name="delivery_log"),
            models.Index(
                fields=["channel", "receipt"],
                name="delivery_receipt",
                condition=~Q(receipt=""),
            ),
        ]


class SinkMessage(models.Model):
    """What would have left the house if a gateway were connected; the text lies with the notice."""

    id = models.UUIDField(primary_key=True, default=new_id)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="sunken")
    round = models.IntegerField()
    channel = models.TextField()
    masked = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "round"], name="sink_once_a_round")
        ]


class Preference(models.Model):
    """How one person wants to be told; addresses are sealed."""

    user_id = models.UUIDField(primary_key=True)
    # By level: the channels. A level that is missing follows the house rules.
    channels = models.JSONField(default=dict)
    # "22:00"; both empty: never quiet; None: the house rules.
    quiet_from = models.TextField(null=True)
    quiet_to = models.TextField(null=True)
    mail = models.BinaryField(null=True)
    mail_masked = models.TextField(default="")
    phone = models.BinaryField(null=True)
    phone_masked = models.TextField(default="")
    updated_at = models.DateTimeField()


class PushSubscription(models.Model):
    """A browser that takes web pushes; endpoint and keys are sealed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    user_id = models.UUIDField()
    endpoint_hash = models.BinaryField(max_length=32, unique=True)
    sealed = models.BinaryField()
    browser = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user_id"], name="push_user")]
