"""Saying how one wants to be told."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from chengyun.kernel import crypto
from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.notices.decide.masking import masked_mail, masked_phone
from chengyun.notices.models import Preference
from chengyun.notices.policy import person
from chengyun.notices.reads.preferences import MAIL, PHONE


@verb("notices.set_preference")
def set_preference(
    actor: Actor,
    *,
    now: datetime,
    channels: Mapping[str, Sequence[str]],
    quiet_from: str,
    quiet_to: str,
    mail: str | None = None,
    phone: str | None = None,
) -> JsonObject:
    """Keep the actor's settings.

    Args:
        channels: by level; in-app is always one of them.
        quiet_from: "22:00", empty for no quiet hours.
        mail: a new address; empty takes it away, None leaves it.
    """
    mine = person(actor)
    row = Preference.objects.filter(pk=mine).first() or Preference(user_id=mine)
    row.channels = {level: list(ways) for level, ways in channels.items()}
    row.quiet_from, row.quiet_to, row.updated_at = quiet_from, quiet_to, now
    if mail is not None:
        row.mail = crypto.seal(mail, purpose=MAIL) if mail else None
        row.mail_masked = masked_mail(mail)
    if phone is not None:
        row.phone = crypto.seal(phone, purpose=PHONE) if phone else None
        row.phone_masked = masked_phone(phone)
    row.save()
    return {"id": str(mine)}
