"""Add the codes of areas and grids to the points of a CSV."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from chengyun.app.exchange.locating import locate_file
from chengyun.app.exchange.tables import Unreadable
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.places import verbs
from chengyun.places.decide.frames import UnknownFrame, frame
from chengyun.places.models import City


class Command(BaseCommand):
    help = "Locate the points of a CSV; see ./cy locate --help."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--out", type=Path, required=True)
        for name in ("--lon", "--lat", "--city"):
            parser.add_argument(name)
        parser.add_argument("--datum", default="WGS84")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        held = dict(City.objects.order_by("area_no").values_list("code", "area_no"))
        code = options["city"] or (next(iter(held)) if len(held) == 1 else None)
        if code not in held:
            raise CommandError(f"Name the city: --city {' | '.join(held) or '(there is none)'}")
        columns = {"lon": options["lon"], "lat": options["lat"]}
        try:
            known = frame(options["datum"])
            told = locate_file(options["file"], options["out"], held[code], frame=known, **columns)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror or error}") from error
        except Unreadable as error:
            raise CommandError(f"{options['file']}: {error.reason} [{error.code}]") from error
        except UnknownFrame as error:
            raise CommandError(str(error)) from error
        if known != "WGS84":
            with transaction.atomic():
                verbs.log_use(
                    SYSTEM,
                    now=system_clock.now(),
                    purpose=f"locate {options['file'].name}",
                    frames=(known, "WGS84"),
                    rows=told.read,
                    refused=told.refused,
                    accuracy_m=told.accuracy_m,
                )
        if options["json"]:
            self.stdout.write(json.dumps(asdict(told), ensure_ascii=False))
        else:
            self.stdout.write(
                f"read {told.read} · located {told.located} · outside {told.outside}"
                f" · refused {told.refused}"
            )
