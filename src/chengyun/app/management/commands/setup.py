"""Bring packs, the demo city and its people into the database."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from chengyun.app import setup


class Command(BaseCommand):
    help = "Load packs and set up the demo city; what is there already is left as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="load packs only")

    def handle(self, *args: Any, **options: Any) -> None:
        setup.run(
            lambda said: print(said, file=sys.stderr, flush=True), demo=not options["no_demo"]
        )
