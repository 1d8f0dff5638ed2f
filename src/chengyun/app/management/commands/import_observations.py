"""Bring a file of readings in."""

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from chengyun.app.exchange.importing import rejects_beside
from chengyun.app.exchange.readings.importing import ReadingsImport
from chengyun.app.exchange.readings.mappings import load_readings_mapping
from chengyun.app.exchange.tables import Unreadable
from chengyun.app.exchange.user_mapping import BadMapping
from chengyun.app.packs.loading import default_roots, load_catalog
from chengyun.kernel.clock import system_clock


class Command(BaseCommand):
    help = "Import readings as history; see ./cy import --help."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", required=True)
        parser.add_argument("--rejects", type=Path)
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        folder = Path(settings.DATA_DIR) / "imports"
        rejects = options["rejects"] or rejects_beside(path, folder, system_clock.now())

        def say(said: str) -> None:
            print(said, file=sys.stderr, flush=True)

        try:
            mapping = load_readings_mapping(options["mapping"], load_catalog(default_roots()))
            run = ReadingsImport(
                mapping, path, rejects=rejects, dry_run=options["dry_run"], say=say
            )
            outcome = run.run()
        except BadMapping as error:
            raise CommandError(str(error)) from error
        except Unreadable as error:
            raise CommandError(f"{path}: {error.reason} [{error.code}]") from error
        if options["json"]:
            print(json.dumps(outcome.as_dict(), ensure_ascii=False), flush=True)
            return
        for name in ("read", "readings", "stored", "duplicates", "corrected", "rejected"):
            print(f"{name:<10} {getattr(outcome, name):>12,}")
        if outcome.rejects_file:
            print(f"rejects    {outcome.rejects_file}")
