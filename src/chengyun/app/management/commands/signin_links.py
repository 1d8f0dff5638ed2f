"""Print one-time sign-in links of the demo's people, one JSON line each."""

import json
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from chengyun.app.setup.links import LINKS
from chengyun.kernel.clock import system_clock
from chengyun.people import verbs
from chengyun.people.models import Appointment

_LIFE = timedelta(hours=24)


class Command(BaseCommand):
    help = "Print one-time sign-in links, one for each post, as JSON lines."

    def handle(self, *args: Any, **options: Any) -> None:
        now = system_clock.now()
        for post, level in LINKS:
            held = (
                Appointment.objects.held_at(now)
                .filter(post=post, organisation__level=level, user__is_active=True)
                .filter(user__simulated=True)
                .select_related("user", "organisation")
                .order_by("area_no", "user__username")
                .first()
            )
            if held is None:
                continue
            token = verbs.issue_link(held.user, now, _LIFE)
            line = {
                "post": post,
                "name": held.user.display_name,
                "organisation": held.organisation.name,
                "url_path": f"/signin?token={token}",
            }
            self.stdout.write(json.dumps(line, ensure_ascii=False))
