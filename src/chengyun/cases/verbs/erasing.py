"""Destroying what somebody told, everywhere: rows, files, history. What is gone stays gone.

Of the content only a keyed hash with a salt of its own is left, by which this installation can
say that a given text is what was removed, and nobody else can guess it. Ids, instants, states and
clocks stay, so that the history still adds up to the case.
"""

import hashlib
import os
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from chengyun.cases.events.moderating import ModeratedPart
from chengyun.cases.models import Case, Report
from chengyun.cases.verbs.moves import Held
from chengyun.cases.verbs.register import (
    Erased,
    held_for,
    note_of,
    photo_on,
    recorded,
    report_on,
)
from chengyun.kernel import crypto, uploads
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.models import Event
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.redacting import destroy, open_sealed
from chengyun.kernel.scope import bind
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb

WORDS = ("reason", "note")
# What a corrected place says of the old one and the new one.
ADDRESSES = ("was_address", "address")
# What a command that told the words left behind to know itself again by.
_TOLD_BY = ("cases.CaseReported", "cases.ReportJoined", "cases.CaseImported")


@verb("cases.erase")
def erase(
    actor: Actor,
    *,
    now: datetime,
    case_id: UUID,
    what: ModeratedPart,
    reason: str,
    target: str = "",
) -> JsonObject:
    """Destroy a report's words, a photo, the address, the form's answers, or words of the history.

    Args:
        target: the report's id ("" for the words of the case itself), the photo's upload id, or
            the version of the event whose reason and note go.

    Raises:
        NotFound: out of scope, or nothing there to remove.
        Forbidden: no shift leader of the area.
        Invalid: no such reason, or a part that cannot be removed.
    """
    held = held_for(actor, case_id)
    content = _content(held, what, target)
    salt = os.urandom(16)
    kept = Erased(salt, crypto.commitment(content, salt))
    done = recorded(actor, held, "erase", what, now=now, target=target, reason=reason, erased=kept)
    note = note_of(reason, now)
    # A merged or split case holds the same words in rows that this actor may not see.
    bind(SYSTEM.scope())
    if what == "photo":
        _photo(held, target, note)
    elif what == "words":
        _history(held, int(target), note, kept)
    elif what == "text":
        _text(held, content.decode(), note)
    else:
        empty: str | JsonObject = "" if what == "address" else {}
        Case.objects.filter(pk__in=_family(held)).update(**{what: empty})
        if what == "address":
            for event in _relocations(held):
                _mark(event, ADDRESSES, note, kept)
    if what in ("text", "address"):
        _from_rows_as_read(held, content.decode().strip())
    _forget_commands(held, what, target)
    bind(actor.scope())
    return done


def _content(held: Held, what: ModeratedPart, target: str) -> bytes:
    case = held.row
    if what == "photo":
        photo = photo_on(case.id, target)
        if photo.original_key is not None:
            return open_sealed(photo.upload_id, bytes(photo.original_key))
        path = uploads.path_of(photo.upload_id)
        return path.read_bytes() if path.is_file() else b""
    if what == "text":
        said = report_on(case.id, target).text if target else case.text
    elif what == "address":
        # Of the words that a corrected place left behind as well.
        words = [event.data.get(name) for event in _relocations(held) for name in ADDRESSES]
        told = [case.address, *(one for one in words if isinstance(one, str))]
        said = "\n".join(dict.fromkeys(one for one in told if one))
    elif what == "attributes":
        said = orjson.dumps(case.attributes, option=orjson.OPT_SORT_KEYS).decode()
        said = "" if said == "{}" else said
    elif what == "words":
        said = "\n".join(_words_of(held, target).values())
    else:
        raise Invalid([FieldError("what", "cannot be removed; hide it", "misfit")])
    if not said:
        raise NotFound("There is nothing to remove.")
    return said.encode()


def _words_of(held: Held, target: str) -> dict[str, str]:
    if not target.isdecimal() or len(target) > 9:
        raise NotFound("There is no such step.")
    event = Event.objects.filter(subject_id=held.row.id, subject_version=int(target)).first()
    data = event.data if event is not None else {}
    return {
        name: data[name] for name in WORDS if isinstance(data.get(name), str) and data.get(name)
    }


def _family(held: Held) -> list[UUID]:
    """The case and those that may hold the same words."""
    state = held.state
    joined = [state.merged_into] if state.merged_into else []
    parent = [state.split_from] if state.split_from else []
    return [state.id, *state.merged_from, *state.children, *joined, *parent]


def _text(held: Held, said: str, note: JsonObject) -> None:
    family = _family(held)
    Case.objects.filter(pk__in=family, text=said.strip()).update(text="")
    Report.objects.filter(case_id__in=family, text__in=(said, said.strip())).update(
        text="", shown_text=None, flags=[], hidden=None, removed=note
    )


def _from_rows_as_read(held: Held, said: str) -> None:
    """An imported case also holds the row as its file had it, word for word."""
    for case in Case.objects.filter(pk__in=_family(held), attributes__has_key="imported"):
        case.attributes = {
            **case.attributes,
            "imported": _without(case.attributes["imported"], said),
        }
        case.save(update_fields=["attributes"])


def _without(value: Any, said: str) -> Any:
    """JSON without the texts that are part of what is removed, or hold it."""
    if isinstance(value, dict):
        return {name: _without(one, said) for name, one in value.items()}
    if isinstance(value, list):
        return [_without(one, said) for one in value]
    if isinstance(value, str) and value.strip() and (value.strip() in said or said in value):
        return ""
    return value


def _photo(held: Held, target: str, note: JsonObject) -> None:
    photo = photo_on(held.row.id, target)
    photo.removed, photo.shown, photo.hidden = note, "hidden", None
    copy, photo.redacted_id = photo.redacted_id, None
    photo.original_key = photo.original_until = None
    photo.save(
        update_fields=[
            "removed",
            "shown",
            "hidden",
            "redacted_id",
            "original_key",
            "original_until",
        ]
    )
    destroy(photo.upload_id)
    if copy is not None:
        destroy(copy)


def _relocations(held: Held) -> list[Event]:
    found = Event.objects.filter(subject_id__in=_family(held), name="cases.CaseRelocated")
    return list(found)


def _history(held: Held, version: int, note: JsonObject, kept: Erased) -> None:
    names = tuple(_words_of(held, str(version)))
    for event in Event.objects.filter(subject_id=held.row.id, subject_version=version):
        _mark(event, names, note, kept)


def _mark(event: Event, names: tuple[str, ...], note: JsonObject, kept: Erased) -> None:
    """Put a marker where words stood; what is no text is left alone by the function."""
    marker = {
        "removed": True,
        "reason": note["id"],
        "at": note["at"],
        "sha256": kept.commitment.hex(),
        "salt": kept.salt.hex(),
    }
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(
                "SELECT cases_erase_words(%s, %s, %s, %s::jsonb)",
                [
                    event.subject_id,
                    event.subject_version,
                    name,
                    orjson.dumps(marker).decode(),
                ],
            )


def _forget_commands(held: Held, what: ModeratedPart, target: str) -> None:
    """Replace the hashes by which a repeated command is known: they were made of the words.

    Whoever repeats it is told that the key was used; the words do not come back.
    """
    if what == "photo":
        return
    told = Event.objects.filter(subject_id__in=_family(held))
    told = (
        told.filter(subject_version=int(target))
        if what == "words"
        else told.filter(name__in=(*_TOLD_BY, "cases.CaseRelocated"))
    )
    times = list(told.values_list("recorded_at", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_idempotencykey SET digest = %s WHERE created_at = ANY(%s)",
            [hashlib.sha256(os.urandom(32)).digest(), times],
        )
