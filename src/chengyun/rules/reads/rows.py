"""A signal as lists show it."""

from chengyun.kernel.text import JsonObject
from chengyun.rules.models import Signal

_PLAIN = (
    *(
        "id",
        "rule_id",
        "rule_version",
        "pack",
        "thing_id",
        "thing_code",
        "thing_name",
        "lon",
        "lat",
    ),
    *("area_no", "simulated", "silent", "severity", "worst", "opened_at", "changed_at"),
    *("closed_at", "acknowledged_at", "acknowledged_by", "escalate_at", "escalated", "judged"),
    *("judged_reason", "muted", "joined_to", "case_id", "case_no", "words", "version"),
)


def row_of(signal: Signal) -> JsonObject:
    """A line: plain values of a signal, and how many things it stands for."""
    return {
        **{name: getattr(signal, name) for name in _PLAIN},
        "members": len(signal.members),
    }
