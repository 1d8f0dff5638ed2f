"""What can be done: tell, read, acknowledge, say how one wants to be told, load templates."""

from chengyun.notices.verbs.loading import load_notices
from chengyun.notices.verbs.own import acknowledge, read, read_all
from chengyun.notices.verbs.preferring import set_preference
from chengyun.notices.verbs.pushing import drop_browsers, subscribe_push, unsubscribe
from chengyun.notices.verbs.receiving import take_receipt
from chengyun.notices.verbs.sending import Trying, claim_due, settle
from chengyun.notices.verbs.telling import Contact, Telling, tell
from chengyun.notices.verbs.watching import expire, remove_expired, watch

__all__ = [
    "Contact",
    "Telling",
    "Trying",
    "acknowledge",
    "claim_due",
    "drop_browsers",
    "expire",
    "load_notices",
    "read",
    "read_all",
    "remove_expired",
    "set_preference",
    "settle",
    "subscribe_push",
    "take_receipt",
    "tell",
    "unsubscribe",
    "watch",
]
