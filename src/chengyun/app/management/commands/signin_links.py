"""Print one-time sign-in links of a city's simulated people, one JSON line each."""

import json
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Case, Value, When

from chengyun.app.setup.links import LINKS
from chengyun.kernel import areas
from chengyun.kernel.clock import system_clock
from chengyun.people import verbs
from chengyun.people.models import Appointment
from chengyun.places.models import City

_LIFE = timedelta(hours=24)


class Command(BaseCommand):
    help = "Print one-time sign-in links, one for each post, as JSON lines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--city", help="the city's code; the first city without it")

    def handle(self, *args: Any, **options: Any) -> None:
        now = system_clock.now()
        cities = City.objects.order_by("area_no")
        city = cities.filter(code=options["city"]).first() if options["city"] else cities.first()
        if city is None:
            return
        low, high = areas.span(city.area_no)
        for post, level in LINKS:
            # A city without that tier has the post at another.
            nearest = When(organisation__level=level, then=Value(0))
            held = (
                Appointment.objects.held_at(now)
                .filter(post=post, area_no__range=(low, high))
                .filter(user__is_active=True, user__simulated=True)
                .select_related("user", "organisation")
                .order_by(Case(nearest, default=Value(1)), "area_no", "user__username")
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
