"""Print the OpenAPI description of the HTTP API."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from chengyun.app.api import api


class Command(BaseCommand):
    help = "Print the OpenAPI description."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        described = api.get_openapi_schema(path_prefix="/api/v1")
        self.stdout.write(json.dumps(described, ensure_ascii=False, indent=2, sort_keys=True))
