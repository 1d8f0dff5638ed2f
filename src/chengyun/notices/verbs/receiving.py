"""What a provider says later of a message that it took."""

from datetime import datetime

from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.problems import NotFound
from chengyun.kernel.scope import working
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.notices.models import Delivery


@verb("notices.take_receipt")
def take_receipt(
    actor: Actor, *, now: datetime, channel: str, receipt: str, state: str
) -> JsonObject:
    """Keep that a message reached its person, or that it did not.

    Only a message that was sent and not heard of since changes; saying it again says the same.

    Returns:
        {"id", "state"} as it stands

    Raises:
        NotFound: no message of this channel has this receipt.
    """
    with working(SYSTEM.scope()):
        known = Delivery.objects.filter(channel=channel, receipt=receipt, sunk=False)
        row = known.select_for_update().order_by("created_at").first()
        if row is None:
            raise NotFound("There is no such message.")
        if row.state == "sent":
            row.state = state
            row.delivered_at = now if state == "delivered" else None
            row.error = "" if state == "delivered" else "the provider could not deliver it"
            row.save(update_fields=["state", "delivered_at", "error"])
    return {"id": str(row.id), "state": row.state}
