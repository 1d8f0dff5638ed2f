"""Bring a file of reference data in: regions, addresses and whatever else has a kind."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chengyun.app.exchange.places._asked import Asked, Unusable, kind
from chengyun.app.exchange.tables import Unreadable
from chengyun.kernel.problems import Problem
from chengyun.places.decide.frames import UnknownFrame, frame
from chengyun.places.decide.outlining import Datum
from chengyun.places.models import City

_DATUMS: tuple[Datum, ...] = ("WGS84", "CGCS2000", "GCJ02")
# Kinds that take every frame that decide.frames knows.
_ALL_FRAMES = ("layer", "control-points")


class Command(BaseCommand):
    help = "Import reference data about places; see ./cy import --help."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True)
        parser.add_argument("--city")
        parser.add_argument("--source")
        parser.add_argument("--datum")
        parser.add_argument("--rejects", type=Path)
        parser.add_argument("--option", action="append", default=[])
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        given = [one.partition("=")[::2] for one in options["option"]]
        try:
            given_frame = frame(options["datum"]) if options["datum"] else None
            told = kind(options["kind"])(
                Asked(
                    path=path,
                    city_no=_city(options["city"]),
                    source=options["source"] or path.name,
                    datum=_datum(options["kind"], given_frame),
                    frame=given_frame,
                    rejects=options["rejects"],
                    dry_run=options["dry_run"],
                    options=dict(given),
                    say=lambda said: print(said, file=sys.stderr, flush=True),
                )
            )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from error
        except Unreadable as error:
            raise CommandError(f"{path}: {error.reason} [{error.code}]") from error
        except (Unusable, UnknownFrame) as error:
            raise CommandError(str(error)) from error
        except Problem as problem:
            raise CommandError(problem.detail) from problem
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, default=str))
        else:
            self.stdout.write(" · ".join(f"{name} {value}" for name, value in told.items()))


def _city(code: str | None) -> int:
    """The city named, or the only one. Raises Unusable."""
    held = dict(City.objects.order_by("area_no").values_list("code", "area_no"))
    if code is None:
        if len(held) != 1:
            raise Unusable(f"name the city: --city {' | '.join(held) or '(there is none yet)'}")
        return next(iter(held.values()))
    if code not in held:
        raise Unusable(f"No city here has the code {code!r}, only {', '.join(held)}.")
    return held[code]


def _datum(kind_asked: str, given: str | None) -> Datum:
    """The datum for kinds that know three. Raises Unusable for another one."""
    found = next((one for one in _DATUMS if one == (given or "WGS84")), None)
    if found is None and kind_asked not in _ALL_FRAMES:
        raise Unusable(f"{kind_asked} are read in {', '.join(_DATUMS)}, not in {given}")
    return found or "WGS84"
