"""Bring regions of a city in from GeoJSON or CSV, with a report of what was refused."""

import csv
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.kernel.problems import Problem
from chengyun.places import verbs
from chengyun.places.models import City

_DATUMS = ("WGS84", "CGCS2000", "GCJ02")


class Command(BaseCommand):
    help = "Import regions; see ./cy import --help."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--city", required=True)
        parser.add_argument("--source", required=True)
        parser.add_argument("--datum", choices=_DATUMS, default="WGS84")
        parser.add_argument("--rejects", type=Path)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        city = City.objects.filter(code=options["city"]).first()
        if city is None:
            raise CommandError(f"No city here has the code {options['city']!r}.")
        try:
            done = verbs.import_regions(
                SYSTEM,
                now=system_clock.now(),
                city_no=city.area_no,
                source=options["source"],
                content=path.read_bytes(),
                file_format="csv" if path.suffix.lower() == ".csv" else "geojson",
                datum=options["datum"],
            )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except Problem as problem:
            raise CommandError(problem.detail) from problem
        told = {
            name: done[name] for name in ("read", "created", "changed", "unchanged", "rejected")
        }
        told["rejects_file"] = str(self._keep(options["rejects"], path, done["rejects"]))
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(" · ".join(f"{name} {value}" for name, value in told.items()))

    def _keep(self, wanted: Path | None, path: Path, rejects: list[dict[str, Any]]) -> Path | str:
        """Where the refused rows are told, one line each; nothing when there are none."""
        if not rejects:
            return ""
        target = wanted or path.with_suffix(".rejects.csv")
        with target.open("w", newline="", encoding="utf-8-sig") as file:
            rows = csv.DictWriter(file, ["number", "code", "field", "reason"])
            rows.writeheader()
            rows.writerows(rejects)
        return target
