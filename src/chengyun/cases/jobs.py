"""What cases has done later, and regularly."""

from datetime import datetime

from chengyun.cases import verbs
from chengyun.kernel.housekeeping import step


@step("cases.gone_presence")
def gone_presence(now: datetime, limit: int) -> int:
    """Windows that were closed without a word."""
    return verbs.forget_gone(now, most=limit)


@step("cases.expired_contacts")
def expired_contacts(now: datetime, limit: int) -> int:
    """How reporters could be reached, once nobody may need it any more."""
    return verbs.erase_expired(now, most=limit)


@step("cases.expired_originals")
def expired_originals(now: datetime, limit: int) -> int:
    """Sealed originals of covered photos, once their time is over."""
    return verbs.expire_originals(now, most=limit)


@step("cases.bare_originals")
def bare_originals(now: datetime, limit: int) -> int:
    """Their files in the clear, where we died before removing them."""
    return verbs.bare_originals(now, most=limit)
