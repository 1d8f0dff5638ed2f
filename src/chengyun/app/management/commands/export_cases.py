"""Write cases into a file."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chengyun.app.exchange.exporting import Wanted, export
from chengyun.app.exchange.writers import FORMATS, TooMuch
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.kernel.problems import Problem


def _instant(said: str) -> datetime:
    at = datetime.fromisoformat(said)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


class Command(BaseCommand):
    help = "Export cases; see ./cy export --help."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=list(FORMATS), default="csv")
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--area")
        parser.add_argument("--since", type=_instant)
        parser.add_argument("--until", type=_instant)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        part = out.with_name(f"{out.name}.part")
        wanted = Wanted(area=options["area"], since=options["since"], until=options["until"])
        try:
            with part.open("wb") as file:
                count = export(SYSTEM, wanted, options["format"], file, now=system_clock.now())
                file.flush()
                os.fsync(file.fileno())
            part.replace(out)
        except (Problem, TooMuch, OSError) as error:
            raise CommandError(str(error)) from error
        finally:
            part.unlink(missing_ok=True)
        said = {"exported": count, "file": str(out), "format": options["format"]}
        print(json.dumps(said) if options["json"] else f"{count:,} cases in {out}", flush=True)
