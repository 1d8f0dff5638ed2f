"""Questions about people, answered within the asker's sight."""

from chengyun.people.reads.actors import (
    SESSION_COOKIE,
    LiveKey,
    SignedIn,
    actor_for,
    actor_for_key,
    forget_actors,
    live_key,
    second_factor_missing,
    signed_in,
)
from chengyun.people.reads.credentials import keys, own_sessions, sessions_of
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
from chengyun.people.reads.holders import holders_of_units, holders_over_areas
from chengyun.people.reads.roster import rosterable
from chengyun.people.reads.session import session_of, session_view
from chengyun.people.reads.views import (
    appointment_views,
    key_views,
    organisation_short,
    organisation_views,
    session_rows,
    shift_view,
    user_views,
)

__all__ = [
    "SESSION_COOKIE",
    "LiveKey",
    "OnDuty",
    "SignedIn",
    "actor_for",
    "actor_for_key",
    "appointment_views",
    "appointments_of",
    "forget_actors",
    "holders_of_units",
    "holders_over_areas",
    "key_views",
    "keys",
    "live_key",
    "on_duty",
    "organisation",
    "organisation_for",
    "organisation_revision",
    "organisation_short",
    "organisation_views",
    "organisations",
    "own_sessions",
    "rosterable",
    "second_factor_missing",
    "session_of",
    "session_rows",
    "session_view",
    "sessions_of",
    "shift",
    "shift_view",
    "shifts",
    "signed_in",
    "user",
    "user_names",
    "user_views",
    "users",
]
