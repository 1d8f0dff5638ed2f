"""Play a file of cases through the doors of the running node."""

import json
import logging
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from chengyun.app.exchange.importing import HeaderError, Unreadable
from chengyun.app.exchange.replaying import LIMIT, NoPost, Replay
from chengyun.app.exchange.user_mapping import BadMapping, load_mapping
from chengyun.app.packs.loading import default_roots, load_catalog


class Command(BaseCommand):
    help = "Replay cases; see ./cy replay --help."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", required=True)
        parser.add_argument("--speed", type=float, required=True)
        parser.add_argument("--limit", type=int, default=LIMIT)
        parser.add_argument("--address", required=True)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        def say(said: str) -> None:
            print(said, file=sys.stderr, flush=True)

        # One line a request would hide the summary.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        try:
            packs = load_catalog(default_roots())
            mapping = load_mapping(options["mapping"], packs)
            summary = Replay(
                packs,
                mapping,
                options["file"],
                address=options["address"],
                keys=Path(settings.DATA_DIR) / "replay" / f"{mapping.name}.json",
                speed=options["speed"],
                limit=options["limit"],
                say=say,
            ).run()
        except (BadMapping, HeaderError, NoPost, httpx.TransportError) as error:
            raise CommandError(str(error) or type(error).__name__) from error
        except Unreadable as error:
            raise CommandError(f"{options['file']}: {error.reason} [{error.code}]") from error
        found = asdict(summary)
        if options["json"]:
            print(json.dumps(found, ensure_ascii=False), flush=True)
            return
        for name, value in found.items():
            print(f"{name:<14} {value if not isinstance(value, dict) else dict(value)}")
