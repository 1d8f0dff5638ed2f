"""What was done beside the loop: paper typed in, moderation, imports; what a desk keeps."""

from __future__ import annotations

from django.db import models

from chengyun.kernel.ids import new_id


class PaperEntry(models.Model):
    """One line that was done on paper and typed later; an organisation's number enters once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    org_id = models.UUIDField()
    no = models.TextField()
    case_id = models.UUIDField()
    what = models.TextField()  # "report" or a move's id
    occurred_at = models.DateTimeField()
    acted_by = models.UUIDField()
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField(null=True)
    entered_by_name = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_id", "no"], name="paper_once")]
        indexes = [models.Index(fields=["case_id"], name="paper_case")]


class ModerationAct(models.Model):
    """What a moderator did, on what, and why. Of what was destroyed only a keyed hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case_id = models.UUIDField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    by_name = models.TextField()
    act = models.TextField()  # hide, show, correct, approve, redact, erase, open
    what = models.TextField()  # case, text, photo, address, attributes, words
    target = models.TextField(default="")  # the id of the report or photo, or an event's version
    reason = models.TextField(default="")  # its id in the pack
    salt = models.BinaryField(null=True)
    commitment = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case_id", "at"], name="moderation_case")]


class ImportRun(models.Model):
    """One run of a case import: what was read and what became of it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    mapping = models.TextField()
    file_name = models.TextField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    read = models.IntegerField(default=0)
    imported = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    merged = models.IntegerField(default=0)
    # Imported rows that an earlier run had brought in.
    already = models.IntegerField(default=0)
    done = models.FloatField(default=0)  # share of the file, 0..1
    failure = models.TextField(default="")
    rejects_file = models.TextField(default="")
    actor_id = models.UUIDField(null=True)


class SavedFilter(models.Model):
    """What somebody narrows the queue to, by name; for themselves or for their unit."""

    id = models.UUIDField(primary_key=True, default=new_id)
    owner_id = models.UUIDField()
    owner_name = models.TextField()
    unit_id = models.UUIDField(null=True)  # shared with this unit
    name = models.TextField()
    query = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_id", "name"], name="saved_filter_once")
        ]
        indexes = [models.Index(fields=["unit_id"], name="saved_filter_unit")]


class Presence(models.Model):
    """Who has which case open now, a row for each of their windows; unlogged, gone in seconds."""

    id = models.BigAutoField(primary_key=True)
    user_id = models.UUIDField()
    tab = models.UUIDField()
    case_id = models.UUIDField()
    name = models.TextField()
    doing = models.TextField()  # "looking" or "acting"
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "tab"], name="presence_once")]
        indexes = [models.Index(fields=["seen_at"], name="presence_seen")]


class CaseComponent(models.Model):
    """The component of the register that a case is about, as somebody said; one a case."""

    case_id = models.UUIDField(primary_key=True)
    component_id = models.UUIDField()
    metres = models.FloatField(null=True)
    named_by = models.UUIDField(null=True)
    named_by_name = models.TextField()
    named_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["component_id"], name="cases_of_component")]
