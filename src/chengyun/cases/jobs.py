"""What cases has done later, and regularly."""

from datetime import datetime

from chengyun.cases import verbs
from chengyun.kernel.housekeeping import step


@step("cases.expired_contacts")
def expired_contacts(now: datetime, limit: int) -> int:
    """How reporters could be reached, once nobody may need it any more."""
    return verbs.erase_expired(now, most=limit)
