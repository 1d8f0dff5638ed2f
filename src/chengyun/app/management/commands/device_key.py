"""Issue a device's credential from the machine itself."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.kernel.problems import Problem
from chengyun.sensing.verbs.device_keys import issue_device_key, revoke_device_key


class Command(BaseCommand):
    help = "Print a credential for a device."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("thing", nargs="?", help="the thing's code")
        parser.add_argument("--revoke", metavar="ID", help="end a credential instead")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["revoke"]:
            revoke_device_key(SYSTEM, now=system_clock.now(), device_key=UUID(options["revoke"]))
            return
        try:
            said = issue_device_key(
                SYSTEM, now=system_clock.now(), thing=options["thing"], name="console"
            )
        except Problem as problem:
            raise CommandError(f"{options['thing']}: {problem.detail}") from problem
        told = {
            "username": said["username"],
            "password": said["password"],
            "client_id": said["username"],
            "topic": f"things/{said['username']}/<datastream>",
            "mqtt": settings.MQTT_URL,
            "id": said["id"],
        }
        if options["json"]:
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write("\n".join(f"{key:<10} {value}" for key, value in told.items()))
