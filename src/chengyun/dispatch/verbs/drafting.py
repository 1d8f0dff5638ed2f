"""Writing drafts of a duty list: from the screen as JSON, or from a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chengyun.dispatch import policy
from chengyun.dispatch.decide.duties import DutyList as Duties
from chengyun.dispatch.decide.fields import NOTE_MAX
from chengyun.dispatch.decide.files import TABLES, Unreadable, kind_of, read_content, read_table
from chengyun.dispatch.decide.parsing import Fault, read_list
from chengyun.dispatch.decide.tabular import read_rows
from chengyun.dispatch.verbs.writing import receipt, write_draft
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.text import Json, JsonObject
from chengyun.kernel.verbs import verb

FAULTS_SHOWN = 200
_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class Head:
    """What a table does not say about its list. For YAML and JSON, what is given here wins."""

    name: str = ""
    version: str = ""
    source: str = ""
    effective_from: date | None = None
    verified: bool | None = None


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise Invalid(
            [
                FieldError(
                    f"entries.{f.entry - 1}.{f.field}" if f.entry else f.field, f.reason, f.code
                )
                for f in faults[:FAULTS_SHOWN]
            ],
            f"{len(faults)} faults in the list.",
        )


@verb("dispatch.save_draft")
def save_draft(
    actor: Actor, *, now: datetime, city_no: int, content: Json, base: str | None = None
) -> JsonObject:
    """Store a list as a draft; with any fault nothing is stored.

    Args:
        base: the hash of the draft it was written from; None overwrites whatever is there.

    Raises:
        Invalid: names each faulty entry and field.
        Conflict: the version is taken, or the draft is not the one it was written from.
    """
    policy.may_edit(actor, city_no)
    duties, faults = read_list(content)
    _refuse(faults)
    if duties is None:
        raise Invalid([FieldError("content", "is no duty list", "not_list")])
    return receipt(write_draft(actor, city_no, duties, now=now, base=base))


@verb("dispatch.import_list")
def import_list(
    actor: Actor, *, now: datetime, city_no: int, file_name: str, data: bytes, head: Head
) -> JsonObject:
    """Store the good rows of a file as a draft and tell which are not.

    Returns:
        The draft's receipt with read, imported, rejected and the rejects (row, field, reason,
        code); id is None when no row was good.

    Raises:
        Invalid: the file cannot be read, or its head lacks name or version.
        Conflict: the version is taken.
    """
    policy.may_edit(actor, city_no)
    try:
        if kind_of(file_name, data) in TABLES:
            duties, faults, read = _from_table(file_name, data, head)
        else:
            duties, faults, read = _from_content(file_name, data, head)
    except Unreadable as error:
        raise Invalid([FieldError("file", str(error), "unreadable")]) from error
    wrong = {fault.entry for fault in faults}
    told: JsonObject = {
        "read": read,
        "imported": len(duties.entries),
        "rejected": len(wrong),
        "rejects": [fault.as_dict() for fault in faults[:FAULTS_SHOWN]],
    }
    if not duties.entries:
        return {"id": None, **told}
    return {**receipt(write_draft(actor, city_no, duties, now=now)), **told}


def _from_table(file_name: str, data: bytes, head: Head) -> tuple[Duties, Sequence[Fault], int]:
    missing = [
        FieldError(name, f"must be given, at most {_LENGTH_MAX} characters", "required")
        for name, value in (("name", head.name), ("version", head.version))
        if not value.strip() or len(value) > _LENGTH_MAX or not value.isprintable()
    ]
    if len(head.source) > NOTE_MAX or not head.source.replace("\n", " ").isprintable():
        missing.append(FieldError("source", f"at most {NOTE_MAX} printable characters", "bad_text"))
    if missing:
        raise Invalid(missing)
    entries, faults = read_rows(read_table(file_name, data))
    duties = Duties(
        head.name, head.version, entries, head.source, head.effective_from, bool(head.verified)
    )
    return duties, faults, len(entries) + len({fault.entry for fault in faults})


def _from_content(file_name: str, data: bytes, head: Head) -> tuple[Duties, Sequence[Fault], int]:
    content = read_content(file_name, data)
    if isinstance(content, dict):
        given = {
            "id": head.name or None,
            "version": head.version or None,
            "source": head.source or None,
            "effective_from": head.effective_from,
            "verified": head.verified,
        }
        content = {**content, **{name: v for name, v in given.items() if v is not None}}
    duties, faults = read_list(content)
    if duties is None:
        _refuse(faults)
        raise Invalid([FieldError("file", "holds no duty list", "not_list")])
    return duties, faults, len(content["entries"])
