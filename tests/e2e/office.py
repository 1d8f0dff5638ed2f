"""Run inside a node's environment: the people who keep the directory, signed in with two factors.

Prints one JSON line: {person: token of a session}.
"""

import json
import sys
from datetime import timedelta

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.people import verbs as people
from chengyun.people.models import Organisation, User

# key, post, organisation
KEEPERS = (
    ("root", "system_admin", "310000-ops"),
    ("guard", "security_admin", "310000-ops"),
    ("planner", "dispatcher", "310000-ops"),
    ("chief", "leader", "310000-ops"),
    ("night", "shift_leader", "310101-sup"),
    ("morning", "shift_leader", "310101-sup"),
)


def keeper(name: str, post: str, unit: Organisation) -> User:
    """Somebody with a post, made once."""
    now = system_clock.now()
    found = User.objects.filter(username=f"keeper.{name}").first()
    if found is not None:
        return found
    asked = {"username": f"keeper.{name}", "display_name": name, "organisation": unit.id}
    made = people.create_user(SYSTEM, now=now, **asked)
    user = User.objects.get(pk=made["id"])
    since = now - timedelta(days=1)
    people.appoint(SYSTEM, now=since, user=user.id, post=post, organisation=unit.id)
    return user


def main() -> None:
    """Give everybody a session that has shown a second factor."""
    now = system_clock.now()
    browser = people.Browser("203.0.113.7", "Mozilla/5.0 (Windows) Chrome/140")
    tokens = {}
    for name, post, code in KEEPERS:
        user = keeper(name, post, Organisation.objects.get(code=code))
        entered = people.start_session(
            user, now=now, method="link", browser=browser, second_factor=True
        )
        tokens[name] = entered.token
    sys.stdout.write(json.dumps(tokens))


if __name__ in {"__main__", "<run_path>"}:
    main()
