"""What residents and channels said, and the photos."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from chengyun.kernel.ids import new_id


class Report(models.Model):
    """What one reporter told, and how that reporter follows it; a merged case has several.

    The contact is encrypted under the report's own key; destroying the key erases it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    case_id = models.UUIDField()
    track_code = models.TextField(unique=True)
    source = models.TextField()
    text = models.TextField(default="")
    reported_at = models.DateTimeField()
    reporter_id = models.UUIDField(null=True)  # a signed-in reporter, as a value
    contact_key = models.BinaryField(null=True)
    contact = models.BinaryField(null=True)
    contact_masked = models.TextField(default="")
    # Keyed hash of the number or address, to find what else the same reporter told.
    contact_mark = models.BinaryField(null=True)
    contact_expires_at = models.DateTimeField(null=True)
    # The reporter agreed to be told of each step by what they left.
    contact_tell = models.BooleanField(default=False)
    # What its text seems to hold (ids of masks); where others read it, these parts are covered.
    flags = ArrayField(models.TextField(), default=list, db_default=[])
    # A moderator's wording for whoever follows the link; null: the text with its masks.
    shown_text = models.TextField(null=True)
    # {"id", "zh", "en", "at"}: why the text is hidden from the link, or was destroyed.
    hidden = models.JSONField(null=True)
    removed = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="report_case"),
            models.Index(
                fields=["contact_expires_at"],
                name="report_contact_expires",
                condition=Q(contact_key__isnull=False),
            ),
            models.Index(
                fields=["contact_mark"],
                name="report_contact_mark",
                condition=Q(contact_mark__isnull=False),
            ),
        ]


class ContactReveal(models.Model):
    """Who opened a reporter's contact, when and what for; the contact itself is never here."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case_id = models.UUIDField()
    report_id = models.UUIDField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    by_name = models.TextField()
    reason = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["case_id", "at"], name="contact_reveal_case")]


class ReporterMessage(models.Model):
    """What a reporter is told, in both languages; the tracking page shows it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(Report, models.CASCADE)
    at = models.DateTimeField()
    zh = models.TextField()
    en = models.TextField()


class CasePhoto(models.Model):
    """A photo that stands as evidence on a case."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case_id = models.UUIDField()
    upload_id = models.UUIDField()
    role = models.TextField()  # scene, before, after, check
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True)
    # The report that brought it, where a further reporter did.
    report_id = models.UUIDField(null=True)
    # new, approved or hidden: only what was approved is shown to everybody.
    shown = models.TextField(default="new", db_default="new")
    # The redacted copy: wherever the photo is served, this is served in its place.
    redacted_id = models.UUIDField(null=True)
    # The key of the sealed original of a covered photo, and when both are destroyed.
    original_key = models.BinaryField(null=True)
    original_until = models.DateTimeField(null=True)
    # {"id", "zh", "en", "at"}: why it is hidden, or was destroyed.
    hidden = models.JSONField(null=True)
    removed = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_id", "upload_id"], name="photo_once_per_case")
        ]
        indexes = [
            models.Index(fields=["upload_id"], name="photo_upload"),
            models.Index(
                fields=["original_until"],
                name="photo_original",
                condition=models.Q(original_until__isnull=False),
            ),
        ]
