"""Run inside a node's environment: a small city, its people, and one-time links for each of them.

Prints one JSON line: {person: [path, …]}.
"""

import json
import sys
from datetime import timedelta

from chengyun.kernel.clock import system_clock
from chengyun.people import verbs as people
from chengyun.people.models import User
from tests.app.world import PEOPLE, build

_LINKS = 20


def main() -> None:
    """Build the city unless it stands, and give everybody links."""
    if not User.objects.filter(username=PEOPLE[0][0]).exists():
        build()
    now, life = system_clock.now(), timedelta(hours=2)
    links = {}
    for who, _, _ in PEOPLE:
        user = User.objects.get(username=who.replace("_", "."))
        links[who] = [f"/signin?token={people.issue_link(user, now, life)}" for _ in range(_LINKS)]
    sys.stdout.write(json.dumps(links))


if __name__ in {"__main__", "<run_path>"}:
    main()
