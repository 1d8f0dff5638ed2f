"""Issue an API key from the machine itself."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chengyun.kernel.actor import POSTS, UNIT_POSTS
from chengyun.kernel.clock import system_clock
from chengyun.kernel.problems import Problem
from chengyun.people import verbs
from chengyun.people.models import Organisation
from chengyun.people.reads import organisation_for
from chengyun.places.models import Region


class Command(BaseCommand):
    help = "Print an API key for a script."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--post", required=True, choices=sorted(POSTS))
        parser.add_argument("--area", required=True, help="the area's code")
        parser.add_argument(
            "--org", help="the organisation's code; else the nearest one that may give the post"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        now = system_clock.now()
        region = Region.objects.filter(code=options["area"], valid_to=None).first()
        if region is None:
            raise CommandError(f"No area has the code {options['area']!r}.")
        if options["org"]:
            unit = Organisation.objects.filter(code=options["org"], city_no=region.city_id).first()
        else:
            unit = organisation_for(region.area_no, options["post"], now=now)
        if unit is None:
            raise CommandError("No organisation there may give this post; name one by --org.")
        area_no = None if options["post"] in UNIT_POSTS else region.area_no
        try:
            token = verbs.issue_key(options["post"], unit.id, area_no, now=now)
        except Problem as problem:
            raise CommandError(problem.detail) from problem
        said = {"token": token, "post": options["post"], "area": region.code, "org": unit.code}
        self.stdout.write(json.dumps(said) if options["json"] else token)
