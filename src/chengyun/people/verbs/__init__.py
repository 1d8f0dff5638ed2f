"""What can be done with organisations, people, posts, shifts, sessions, keys and links."""

from chengyun.people.verbs.appointments import appoint, dismiss
from chengyun.people.verbs.housekeeping import forget_spent
from chengyun.people.verbs.keys import create_api_key, issue_key, revoke_api_key
from chengyun.people.verbs.links import issue_link, reset_sign_in, sign_in_by_link
from chengyun.people.verbs.organisations import (
    OrganisationRow,
    close_organisation,
    create_organisation,
    import_organisations,
    move_organisation,
    rename_organisation,
)
from chengyun.people.verbs.passwords import set_password
from chengyun.people.verbs.roster import (
    Stretch,
    cancel_shift,
    change_shift,
    plan_roster,
    repeat_shift,
    swap_duty,
)
from chengyun.people.verbs.sessions import (
    Browser,
    Entered,
    note_key_used,
    note_seen,
    revoke_session,
    sign_out,
    start_session,
)
from chengyun.people.verbs.shifts import (
    accept_handover,
    go_off_duty,
    go_on_duty,
    hand_over,
    open_shift,
)
from chengyun.people.verbs.sign_in import sign_in, verify_second_factor
from chengyun.people.verbs.totp import begin_totp, confirm_totp
from chengyun.people.verbs.users import create_user, invite_user, set_active, set_locale

__all__ = [
    "Browser",
    "Entered",
    "OrganisationRow",
    "Stretch",
    "accept_handover",
    "appoint",
    "begin_totp",
    "cancel_shift",
    "change_shift",
    "close_organisation",
    "confirm_totp",
    "create_api_key",
    "create_organisation",
    "create_user",
    "dismiss",
    "forget_spent",
    "go_off_duty",
    "go_on_duty",
    "hand_over",
    "import_organisations",
    "invite_user",
    "issue_key",
    "issue_link",
    "move_organisation",
    "note_key_used",
    "note_seen",
    "open_shift",
    "plan_roster",
    "rename_organisation",
    "repeat_shift",
    "reset_sign_in",
    "revoke_api_key",
    "revoke_session",
    "set_active",
    "set_locale",
    "set_password",
    "sign_in",
    "sign_in_by_link",
    "sign_out",
    "start_session",
    "swap_duty",
    "verify_second_factor",
]
