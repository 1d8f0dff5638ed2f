"""What reporters told, and how to reach them: encrypted, masked, expiring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from chengyun.cases.decide.masking import found_in
from chengyun.cases.models import Report
from chengyun.cases.reads.public_rules import public_rules
from chengyun.kernel import audit, crypto
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.copy import NewRows, pg_array
from chengyun.kernel.ids import new_id

# Purpose: telling the reporter and calling back; two years cover a suspension and an appeal.
KEEP_CONTACT = timedelta(days=730)
# Shorter numbers are extensions that many share.
LEAST_DIGITS = 7

_REPORT = {
    "id": "uuid",
    "case_id": "uuid",
    "track_code": "text",
    "source": "text",
    "text": "text",
    "reported_at": "timestamptz",
    "reporter_id": "uuid",
    "contact_key": "bytea",
    "contact": "bytea",
    "contact_masked": "text",
    "contact_mark": "bytea",
    "contact_expires_at": "timestamptz",
    "contact_tell": "bool",
    "flags": "text[]",
}


@dataclass(frozen=True, slots=True)
class Contact:
    """How a reporter may be reached, all optional, and whether to tell them of each step."""

    name: str = ""
    phone: str = ""
    email: str = ""
    tell: bool = False

    def mark(self) -> bytes | None:
        """What finds the same reporter again: a keyed hash of the number, else of the address."""
        digits = "".join(one for one in self.phone if one.isdigit())[-11:]
        if len(digits) >= LEAST_DIGITS:
            return crypto.blind_index(digits, purpose="reporter")
        return crypto.blind_index(self.email, purpose="reporter") if self.email else None

    def masked(self) -> str:
        """What a desk sees: first character of the name, last two digits of the number."""
        parts = []
        if self.name:
            parts.append(self.name[0] + "＊")
        if self.phone:
            parts.append("•••" + self.phone[-2:])
        if self.email:
            at = self.email.find("@")
            parts.append(self.email[:1] + "•••" + (self.email[at:] if at > 0 else ""))
        return " ".join(parts)


def contact_of(report: Report) -> Contact | None:
    """A report's contact in the clear, None where there is none any more."""
    if report.contact is None or report.contact_key is None:
        return None
    try:
        plain = crypto.open_with(bytes(report.contact_key), bytes(report.contact))
    except crypto.Sealed:
        return None
    return Contact(**orjson.loads(plain), tell=report.contact_tell)


def report_row(
    case_id: UUID,
    code: str,
    source: str,
    text: str,
    reported_at: datetime,
    actor: Actor,
    contact: Contact | None,
    now: datetime,
) -> tuple[Any, ...]:
    """A row of `cases_report`; a contact is sealed under a key of its own."""
    key = sealed = expires = mark = None
    masked, tell = "", False
    if contact is not None and contact.masked():
        key = crypto.new_wrapped_key()
        plain = orjson.dumps(
            {"name": contact.name, "phone": contact.phone, "email": contact.email}
        ).decode()
        sealed = crypto.seal_with(key, plain)
        masked = contact.masked()
        mark = contact.mark()
        expires = now + KEEP_CONTACT
        tell = contact.tell and bool(contact.email or contact.phone)
    reporter = actor.id if actor.kind == "user" else None
    return (
        new_id(),
        case_id,
        code,
        source,
        text,
        reported_at,
        reporter,
        key,
        sealed,
        masked,
        mark,
        expires,
        tell,
        pg_array(found_in(text, public_rules().masks)) if text else "{}",
    )


def report_rows(rows: Sequence[tuple[Any, ...]]) -> NewRows:
    """New report rows, to be written with their cases."""
    return NewRows("cases_report", _REPORT, rows)


def erase_expired(now: datetime, *, most: int) -> int:
    """Destroy the keys of contacts whose time is over, and what was sealed under them.

    Returns:
        How many were erased, at most `most`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_report SET contact_key = NULL, contact = NULL, contact_masked = '',"
            " contact_tell = FALSE, contact_mark = NULL"
            " WHERE id IN (SELECT id FROM cases_report WHERE contact_key IS NOT NULL"
            " AND contact_expires_at <= %s ORDER BY contact_expires_at LIMIT %s"
            " FOR UPDATE SKIP LOCKED)",
            [now, most],
        )
        erased = int(cursor.rowcount)
    if erased:
        audit.write(SYSTEM, "cases.erase_contacts", now=now, count=erased)
    return erased
