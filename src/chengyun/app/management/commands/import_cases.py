"""Bring a file of cases in as history."""

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from chengyun.app.exchange.importing import (
    HeaderError,
    Import,
    MappedImport,
    Unreadable,
    rejects_beside,
)
from chengyun.app.exchange.own import NAME as OWN
from chengyun.app.exchange.own import OwnImport
from chengyun.app.exchange.user_mapping import BadMapping, load_mapping
from chengyun.app.packs.loading import default_roots, load_catalog
from chengyun.kernel.clock import system_clock


class Command(BaseCommand):
    help = "Import cases as history; see ./cy import --help."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", required=True)
        parser.add_argument("--rejects", type=Path)
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        packs = load_catalog(default_roots())
        path: Path = options["file"]
        folder = Path(settings.DATA_DIR) / "imports"
        rejects = options["rejects"] or rejects_beside(path, folder, system_clock.now())

        def say(said: str) -> None:
            print(said, file=sys.stderr, flush=True)

        try:
            if options["mapping"] == OWN:
                run: Import[Any] = OwnImport(
                    packs, path, rejects=rejects, dry_run=options["dry_run"], say=say
                )
            else:
                mapping = load_mapping(options["mapping"], packs)
                run = MappedImport(
                    packs, mapping, path, rejects=rejects, dry_run=options["dry_run"], say=say
                )
            outcome = run.run()
        except (BadMapping, HeaderError) as error:
            raise CommandError(str(error)) from error
        except Unreadable as error:
            raise CommandError(f"{path}: {error.reason} [{error.code}]") from error
        if options["json"]:
            print(json.dumps(outcome.as_dict(), ensure_ascii=False), flush=True)
            return
        for name in ("read", "imported", "already", "merged", "rejected"):
            print(f"{name:<9} {getattr(outcome, name):>12,}")
        if outcome.rejects_file:
            print(f"rejects   {outcome.rejects_file}")
