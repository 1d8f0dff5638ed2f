"""The kernel's tables: events, audit, idempotency keys, follower positions, uploads."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.expressions import RawSQL

from chengyun.kernel.ids import new_id

ONCE_PER_VERSION = "event_once_per_version"


class Event(models.Model):
    """One fact that happened to one subject; append-only, the truth that rows are folded from.

    `(xid, seq)` orders events so that a reader below the oldest running transaction misses none:
    a sequence alone is not a commit order.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    seq = models.BigIntegerField(db_default=RawSQL("nextval('kernel_event_seq')", ()))
    xid = models.BigIntegerField(db_default=RawSQL("pg_current_xact_id()::text::bigint", ()))
    name = models.TextField()
    subject_id = models.UUIDField()
    subject_version = models.IntegerField()
    area_no = models.BigIntegerField(null=True)
    unit_ids = ArrayField(models.UUIDField(), default=list)
    actor_id = models.UUIDField(null=True)
    actor_kind = models.TextField()
    actor_name = models.TextField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "subject_version"], name=ONCE_PER_VERSION)
        ]
        indexes = [models.Index(fields=["xid", "seq"], name="event_commit_order")]


class AuditEntry(models.Model):
    """One command that somebody gave: what, when, on what, and whether it was done or refused.

    Holds no argument values, so no personal data: ids and field names only.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_kind = models.TextField()
    actor_name = models.TextField()
    verb = models.TextField()
    subject_id = models.UUIDField(null=True)
    outcome = models.TextField()  # "done" or a problem code
    fields = ArrayField(models.TextField(), default=list)
    count = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["subject_id", "at"], name="audit_subject"),
        ]


class IdempotencyKey(models.Model):
    """A command already carried out, and its receipt; kept for 30 days."""

    id = models.BigAutoField(primary_key=True)
    owner = models.TextField()
    key = models.TextField()
    verb = models.TextField()
    digest = models.BinaryField()
    receipt = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="command_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]


class FollowerPosition(models.Model):
    """How far a follower has read the events."""

    name = models.TextField(primary_key=True)
    xid = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    events = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failure = models.TextField(default="")


class Upload(models.Model):
    """A photo as we keep it: re-encoded, without EXIF, size-bounded, named by its id."""

    id = models.UUIDField(primary_key=True, default=new_id)
    owner_id = models.UUIDField(null=True)
    sha256 = models.BinaryField()  # of the bytes as received: the same photo used twice shows
    width = models.IntegerField()
    height = models.IntegerField()
    size = models.IntegerField()
    created_at = models.DateTimeField()
    # Set when something cites it; what nothing cites is removed after a day.
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["sha256"], name="upload_same"),
            models.Index(
                fields=["created_at"], name="upload_unused", condition=models.Q(used_at=None)
            ),
        ]


class ThrottleBucket(models.Model):
    """How often one caller knocked at one door in the present window."""

    key = models.TextField(primary_key=True)
    window = models.BigIntegerField()
    count = models.IntegerField()


class Heartbeat(models.Model):
    """When a process that answers nobody (follower, stream) last showed a sign of life."""

    name = models.TextField(primary_key=True)
    at = models.DateTimeField()
