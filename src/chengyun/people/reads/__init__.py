"""Questions about people, answered within the asker's sight."""

from chengyun.people.reads.actors import (
    SESSION_COOKIE,
    SignedIn,
    actor_for,
    actor_for_key,
    forget_actors,
    signed_in,
)
from chengyun.people.reads.credentials import keys, sessions
from chengyun.people.reads.directory import (
    appointments_of,
    organisation,
    organisation_for,
    organisation_revision,
    organisations,
    user,
    user_names,
    users,
)
from chengyun.people.reads.duty import OnDuty, on_duty, shift, shifts
from chengyun.people.reads.session import session_view

__all__ = [
    "SESSION_COOKIE",
    "OnDuty",
    "SignedIn",
    "actor_for",
    "actor_for_key",
    "appointments_of",
    "forget_actors",
    "keys",
    "on_duty",
    "organisation",
    "organisation_for",
    "organisation_revision",
    "organisations",
    "session_view",
    "sessions",
    "shift",
    "shifts",
    "signed_in",
    "user",
    "user_names",
    "users",
]
