"""The tables of the case loop.

A case's row is the fold of its events, laid out for lists; both commit together, and a move is
decided on the events, never on the row.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id


class KindVersion(models.Model):
    """One version of a case kind as a pack declared it; immutable, cited by cases."""

    id = models.BigAutoField(primary_key=True)
    kind_id = models.TextField()
    pack = models.TextField()
    pack_version = models.TextField()
    hash = models.TextField()
    content = models.JSONField()
    # The version new cases use; older ones stay for the cases that cite them.
    current = models.BooleanField(default=True)
    # Cities whose own scheme this is; empty: every city may use it.
    city_no = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind_id", "hash"], name="kind_version_once"),
            models.UniqueConstraint(
                fields=["kind_id"], condition=Q(current=True), name="kind_one_current"
            ),
        ]


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases; the only way to them from a door is `visible_to`."""

    def visible_to(self, actor: Actor) -> CaseQuerySet:
        """Cases inside the actor's areas, or handled by the actor's units."""
        scope = actor.scope()
        if scope.everything:
            return self
        seen = Q(pk__in=[])
        for low, high in scope.areas:
            seen |= Q(area_no__gte=low, area_no__lte=high)
        if scope.units:
            seen |= Q(unit_ids__overlap=list(scope.units))
        return self.filter(seen)

    def public(self) -> CaseQuerySet:
        """Cases that anybody may read of, without personal data."""
        return self.filter(is_public=True)


class Case(models.Model):
    """One matter the city handles, whichever door it came through (案件/工单)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    no = models.TextField()
    city_no = models.BigIntegerField()
    area_no = models.BigIntegerField()
    # Lead and co-handling units; departments see a case because they stand here.
    unit_ids = ArrayField(models.UUIDField(), default=list)
    is_public = models.BooleanField(default=False)
    # A moderator took it off the public's sight: filing it anew does not bring it back.
    hidden = models.BooleanField(default=False, db_default=False)
    # When a moderator last looked at what the public sees of it; null: nobody has.
    reviewed_at = models.DateTimeField(null=True)
    kind_id = models.TextField(null=True)
    kind_version = models.ForeignKey(KindVersion, models.PROTECT, null=True, db_index=False)
    condition_id = models.TextField(null=True)
    state = models.TextField()
    version = models.IntegerField()
    open = models.BooleanField()
    level = models.SmallIntegerField(null=True)
    source = models.TextField()
    simulated = models.BooleanField(default=False)
    imported = models.BooleanField(default=False)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    # "exact", "text" (address only), "default" (a source's stand-in point), "outside", "none"
    location = models.TextField()
    cell = models.BigIntegerField(null=True)
    grid_code = models.TextField(null=True)
    address = models.TextField(default="")
    text = models.TextField(default="")
    attributes = models.JSONField(default=dict)
    lead_unit = models.UUIDField(null=True)
    handler_id = models.UUIDField(null=True)
    reported_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    paused = models.BooleanField(default=False)
    # The queue's order: the running clock's deadline, else when it was reported.
    sort_at = models.DateTimeField()
    # The earliest instant at which a tick changes something (an index scan finds the due ones).
    next_tick_at = models.DateTimeField(null=True)
    supervised = models.SmallIntegerField(default=0)
    # How many stages ran past their limit; what a closed case was late by is read here.
    overtime = models.SmallIntegerField(default=0, db_default=0)
    # What waits for somebody's yes or no, as "extension:dispatcher".
    asks = ArrayField(models.TextField(), default=list, db_default=[])
    reports = models.IntegerField(default=1)
    merged_into = models.UUIDField(null=True)
    recurrence_of = models.UUIDField(null=True)
    external_source = models.TextField(null=True)
    external_id = models.TextField(null=True)
    updated_at = models.DateTimeField()

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["no"], name="case_no_once"),
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=Q(external_id__isnull=False),
                name="case_external_once",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "sort_at", "id"], name="case_queue"),
            models.Index(fields=["sort_at", "id"], name="case_open_queue", condition=Q(open=True)),
            models.Index(fields=["area_no", "sort_at"], name="case_area"),
            models.Index(
                fields=["lead_unit", "sort_at"],
                name="case_lead",
                condition=Q(lead_unit__isnull=False),
            ),
            models.Index(fields=["cell", "kind_id", "reported_at"], name="case_place"),
            models.Index(fields=["reported_at"], name="case_reported"),
            # Boards count what is open, what ended lately and what nobody may overlook.
            models.Index(fields=["area_no"], name="case_open_area", condition=Q(open=True)),
            models.Index(
                fields=["closed_at"], name="case_closed", condition=Q(closed_at__isnull=False)
            ),
            models.Index(
                fields=["sort_at", "id"],
                name="case_grave",
                condition=Q(open=True) & (Q(level__lte=2) | Q(supervised__gt=0)),
            ),
            models.Index(fields=["sort_at", "id"], name="case_asks", condition=~Q(asks=[])),
            models.Index(
                fields=["next_tick_at"],
                name="case_tick",
                condition=Q(next_tick_at__isnull=False),
            ),
            models.Index(
                fields=["reported_at"],
                name="case_unreviewed",
                condition=Q(is_public=True, reviewed_at__isnull=True),
            ),
        ]

    @property
    def units(self) -> tuple[UUID, ...]:
        """Lead and co-handling units."""
        return tuple(self.unit_ids)


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


class RuleDocument(models.Model):
    """A calendar or the stage limits as a pack declared them; immutable, the newest is current."""

    id = models.BigAutoField(primary_key=True)
    what = models.TextField()  # "calendar" or "limits"
    key = models.TextField()
    pack = models.TextField()
    pack_version = models.TextField()
    hash = models.TextField()
    content = models.JSONField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["what", "key", "hash"], name="rule_version_once"),
            models.UniqueConstraint(
                fields=["what", "key"], condition=Q(current=True), name="rule_one_current"
            ),
        ]


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


class StandardText(models.Model):
    """A unit's own words for a move, beside those that packs bring."""

    id = models.UUIDField(primary_key=True, default=new_id)
    unit_id = models.UUIDField()
    moves = ArrayField(models.TextField())
    title = models.TextField()
    text = models.TextField()
    changed_by = models.UUIDField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit_id"], name="standard_text_unit")]


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
