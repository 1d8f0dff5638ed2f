"""Print the evaluation of a month."""

import sys
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from chengyun.app.exchange.evaluating import as_csv, as_text
from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.kernel.following import step
from chengyun.kernel.problems import Problem
from chengyun.kernel.scope import bind
from chengyun.places.models import City, Region
from chengyun.vitals import reads, verbs

FOLLOWER = "vitals.marks"


def _area(code: str | None) -> int:
    if code is None:
        cities = list(City.objects.values_list("area_no", flat=True)[:2])
        if len(cities) != 1:
            raise CommandError("Name the area by --area: this node holds several cities, or none.")
        return cities[0]
    found = Region.objects.filter(code=code, valid_to=None).values_list("area_no", flat=True)
    if not found:
        raise CommandError(f"No area has the code {code!r}.")
    return found[0]


class Command(BaseCommand):
    help = "Print the evaluation of a month; see ./cy evaluate --help."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--period", required=True)
        parser.add_argument("--by", choices=["unit", "area", "post"], default="unit")
        parser.add_argument("--area")
        parser.add_argument("--level", choices=reads.LEVELS)
        for name in ("search", "rebuild", "csv", "json"):
            parser.add_argument(f"--{name}", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        now = system_clock.now()
        area_no = _area(options["area"])
        city_no = areas.city_of(area_no)
        try:
            if options["rebuild"]:
                done = verbs.rebuild(SYSTEM, now=now, city_no=city_no)
                print(f"{done['cases']:,} cases, {done['marks']:,} marks", file=sys.stderr)
            # What happened a moment ago counts too; the node's follower may be at it meanwhile.
            while step(FOLLOWER, now):
                pass
            if options["search"]:
                found = verbs.search(SYSTEM, now=now, city_no=city_no, period=options["period"])
                print(f"{found['found']:,} findings", file=sys.stderr)
            with transaction.atomic():
                bind(SYSTEM.scope())
                wanted = reads.wanted(
                    area_no, options["period"], options["by"], options["level"], now
                )
                table = reads.table(SYSTEM, wanted)
        except Problem as problem:
            said = "; ".join(f"{one.field} {one.reason}" for one in problem.errors)
            raise CommandError(said or problem.detail) from problem
        if options["json"]:
            print(orjson.dumps(table, option=orjson.OPT_UTC_Z).decode(), flush=True)
        elif options["csv"]:
            print(as_csv(table), end="", flush=True)
        else:
            print(as_text(table), flush=True)
