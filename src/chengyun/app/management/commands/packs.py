"""List packs with their use, and decide about them for an area."""

from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.kernel.problems import NotFound, Problem
from chengyun.kernel.scope import bind
from chengyun.kernel.text import JsonObject
from chengyun.places.models import City, Region
from chengyun.rules import verbs
from chengyun.rules.reads import packs

_DONE = {
    "enable": "enabled",
    "disable": "disabled",
    "upgrade": "goes with the newest",
    "rollback": "rolled back",
}


class Command(BaseCommand):
    help = "List packs with their use, and decide about them for an area; see ./cy pack --help."

    def add_arguments(self, parser: CommandParser) -> None:
        known = ["list", "enable", "disable", "upgrade", "rollback"]
        parser.add_argument("what", choices=known)
        parser.add_argument("pack", nargs="?")
        parser.add_argument("--area")
        parser.add_argument("--to")
        parser.add_argument("--note", default="")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found: JsonObject | list[JsonObject]
        if options["what"] == "list":
            with transaction.atomic():
                bind(SYSTEM.scope())
                found = rows = packs.packs(SYSTEM)
            said = "\n".join(map(_line, rows))
        else:
            found = self._decide(options)
            where = options["area"] or "the whole city"
            said = f"{options['pack']}: {_DONE[options['what']]} for {where}"
        as_json = orjson.dumps(found, default=str, option=orjson.OPT_UTC_Z).decode()
        print(as_json if options["json"] else said, flush=True)

    def _decide(self, options: dict[str, Any]) -> JsonObject:
        asked: dict[str, Any] = {
            "now": system_clock.now(),
            "pack": options["pack"],
            "note": options["note"],
            "area_no": _area(options["area"]),
        }
        try:
            if options["what"] in ("enable", "disable"):
                return verbs.use_pack(SYSTEM, **asked, on=options["what"] == "enable")
            version = options["to"] if options["what"] == "rollback" else None
            return verbs.keep_pack(SYSTEM, **asked, version=version)
        except NotFound:
            raise CommandError(f"There is no pack {options['pack']!r}.") from None
        except Problem as problem:
            raise CommandError(problem.detail) from problem


def _area(code: str | None) -> int:
    with transaction.atomic():
        bind(SYSTEM.scope())
        if code is None:
            cities = list(City.objects.order_by("area_no").values_list("area_no", flat=True))
            if len(cities) != 1:
                raise CommandError("There are several cities: name an area with --area.")
            return int(cities[0])
        row = Region.objects.filter(code=code, valid_to=None).order_by("area_no").first()
    if row is None:
        raise CommandError(f"There is no area with the code {code!r}.")
    return int(row.area_no)


def _line(one: JsonObject) -> str:
    owner = one["owner"]["en"] if one["owner"] else "–"
    uses = [
        f"{'off' if use['off'] else 'at ' + use['version']} in {use['code'] or use['area_no']}"
        for use in one["uses"]
    ]
    where = "; ".join(uses) or "in use everywhere"
    return f"{one['pack']:16} {one['version']:8} {one['kind']:9} {owner:24} {where}"
