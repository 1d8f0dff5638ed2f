"""How people want to be told."""

from collections.abc import Collection
from uuid import UUID

from chengyun.kernel import crypto
from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject
from chengyun.notices.decide.templates import CHANNELS, NO_LEVEL
from chengyun.notices.models import Preference, PushSubscription
from chengyun.notices.policy import person
from chengyun.notices.reads.book import book

MAIL, PHONE = "notices.mail", "notices.phone"
LEVELS = ("1", "2", "3", "4", NO_LEVEL)


def preferences(users: Collection[UUID]) -> dict[UUID, Preference]:
    """What each of these people has set; who has set nothing is left out."""
    return {row.user_id: row for row in Preference.objects.filter(pk__in=list(users))}


def address(sealed: bytes | memoryview | None, purpose: str) -> str:
    """A sealed address in the clear, empty where there is none or it cannot be opened any more."""
    if sealed is None:
        return ""
    try:
        return crypto.open_(bytes(sealed), purpose=purpose)
    except crypto.Sealed:
        return ""


def preferences_view(actor: Actor) -> JsonObject:
    """The actor's own settings; what they left to the house is shown as the house has it."""
    rules, mine = book().rules, person(actor)
    row = Preference.objects.filter(pk=mine).first()
    kept = row.channels if row else {}
    quiet = row is not None and row.quiet_from is not None
    return {
        "channels": {
            level: list(kept.get(level, rules.channels.get(level, CHANNELS))) for level in LEVELS
        },
        "quiet_from": (row.quiet_from if row and quiet else rules.quiet_from) or "",
        "quiet_to": (row.quiet_to if row and quiet else rules.quiet_to) or "",
        "breaks_quiet": list(rules.breaks_quiet),
        "mail": row.mail_masked if row else "",
        "phone": row.phone_masked if row else "",
        "browsers": [
            {"id": one.id, "name": one.browser, "since": one.created_at}
            for one in PushSubscription.objects.filter(user_id=mine).order_by("created_at")
        ],
    }
