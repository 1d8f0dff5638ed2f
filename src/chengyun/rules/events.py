"""What rules tell: a signal opened, moved or closed, was answered, or asks for an incident."""

OPENED = "rules.opened"
WORSENED = "rules.worsened"
EASED = "rules.eased"
CLOSED = "rules.closed"
WITHDRAWN = "rules.withdrawn"
ANSWERED = "rules.answered"
ESCALATED = "rules.escalated"
INCIDENT_ASKED = "rules.incident_asked"
"""Data: {"plan", "severity", "rule", "simulated"}; whoever leads incidents hears it."""

OF_STEP = {
    "opened": OPENED,
    "worsened": WORSENED,
    "eased": EASED,
    "closed": CLOSED,
    "withdrawn": WITHDRAWN,
    "acknowledged": ANSWERED,
    "judged": ANSWERED,
    "muted": ANSWERED,
    "unmuted": ANSWERED,
    "case": ANSWERED,
    "escalated": ESCALATED,
    "incident": INCIDENT_ASKED,
}
