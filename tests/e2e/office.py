"""Run inside a node's environment: people beside the small city's own, signed in with two factors.

Prints one JSON line: {person: token of a session}.
"""

import json
import sys
from datetime import timedelta

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.people import verbs as people
from chengyun.people.models import Organisation, User
from chengyun.places import reads as places

# key, post, organisation, area when it is a part of the organisation's
KEEPERS = (
    ("root", "system_admin", "310000-ops", ""),
    ("guard", "security_admin", "310000-ops", ""),
    ("planner", "dispatcher", "310000-ops", ""),
    ("chief", "leader", "310000-ops", ""),
    ("night", "shift_leader", "310101-sup", ""),
    ("morning", "shift_leader", "310101-sup", ""),
    ("warden", "leader", "310101-sup", ""),
    ("street", "shift_leader", "310101-sup", "310101001"),
    ("neighbour", "collector", "310101-sup", "310101001001"),
)


def keeper(name: str, post: str, unit: Organisation, part: str) -> User:
    """Somebody with a post, made once."""
    now = system_clock.now()
    found = User.objects.filter(username=f"keeper.{name}").first()
    if found is not None:
        return found
    asked = {"username": f"keeper.{name}", "display_name": name, "organisation": unit.id}
    made = people.create_user(SYSTEM, now=now, **asked)
    user = User.objects.get(pk=made["id"])
    since = now - timedelta(days=1)
    area = places.area_by_code(unit.city_no, part) if part else None
    over = area.no if area else None
    given = {"user": user.id, "post": post, "organisation": unit.id, "area_no": over}
    people.appoint(SYSTEM, now=since, **given)
    return user


def main() -> None:
    """Give everybody a session that has shown a second factor."""
    now = system_clock.now()
    browser = people.Browser("203.0.113.7", "Mozilla/5.0 (Windows) Chrome/140")
    tokens = {}
    for name, post, code, part in KEEPERS:
        user = keeper(name, post, Organisation.objects.get(code=code), part)
        entered = people.start_session(
            user, now=now, method="link", browser=browser, second_factor=True
        )
        tokens[name] = entered.token
    sys.stdout.write(json.dumps(tokens))


if __name__ in {"__main__", "<run_path>"}:
    main()
