"""Geocode a column of a file with the node's own book."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from chengyun.app.cli.geocode import as_words
from chengyun.app.exchange.tables import Unreadable
from chengyun.app.geocoding import NoSuchColumn, geocode_file
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from chengyun.places import reads
from chengyun.places.models import City


class Command(BaseCommand):
    help = "Find the address of each text in a column; see ./cy geocode --help."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--column", required=True)
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--city")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            bind(SYSTEM.scope())
            cities = City.objects.order_by("area_no")
            wanted = cities.filter(code=options["city"]) if options["city"] else cities
            city = wanted.first()
            if city is None:
                raise CommandError("No such city is on this node.")
            book = reads.geocoder(city.area_no).book
        try:
            done = geocode_file(
                book, options["file"], column=options["column"], out=options["out"]
            ).told()
        except (Unreadable, NoSuchColumn, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            json.dumps(done, ensure_ascii=False) if options["json"] else as_words(done)
        )
