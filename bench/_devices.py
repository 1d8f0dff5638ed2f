"""Inside a node's own process: gauges of the bench with a credential each, as JSON on stdout."""

import json
import secrets
import sys
from datetime import UTC, datetime

import django

django.setup()

from django.db import transaction  # noqa: E402

from chengyun.kernel.actor import SYSTEM  # noqa: E402
from chengyun.kernel.scope import bind  # noqa: E402
from chengyun.places.models import City  # noqa: E402
from chengyun.sensing import verbs  # noqa: E402
from chengyun.sensing.decide.secrets import DEVICE_MARK, PREFIX_LENGTH, secret_hash  # noqa: E402
from chengyun.sensing.models import DeviceKey, Thing  # noqa: E402

_SENSES = {
    "properties": [
        {"id": "mqtt_level", "name": {"zh": "水位", "en": "level"}, "unit": "m"}
        | {"result": "number", "values": [], "definition": ""}
    ],
    "things": [
        {
            "id": "mqtt_gauge",
            "name": {"zh": "水位计", "en": "gauge"},
            "owner": "drainage",
            "streams": [
                {"property": "mqtt_level", "low": None, "high": None, "every": 60}
                | {"stuck_after": None, "jump": None, "keep_days": 90, "keep_hours_days": 90}
            ],
        }
    ],
}


def register(count: int) -> list[tuple[str, str]]:
    """Gauges `mqtt-<n>` with one datastream, and the password of each."""
    now = datetime.now(UTC)
    verbs.load_senses(SYSTEM, now=now, pack="bench", pack_version="1", content=_SENSES)
    city_no = City.objects.order_by("area_no").values_list("area_no", flat=True)[0]
    codes = [f"mqtt-{n}" for n in range(count)]
    items = tuple(verbs.NewThing(code=one, kind="mqtt_gauge", area_no=city_no) for one in codes)
    done = verbs.register_things(SYSTEM, now=now, items=items)
    assert not done["rejects"], done["rejects"][:3]
    found, rows = [], []
    with transaction.atomic():
        bind(SYSTEM.scope())
        for thing in Thing.objects.filter(code__in=codes):
            password = DEVICE_MARK + secrets.token_urlsafe(32)
            found.append((thing.code, password))
            rows.append(
                DeviceKey(
                    thing=thing,
                    prefix=password[:PREFIX_LENGTH],
                    secret_hash=secret_hash(password),
                    created_at=now,
                    area_no=thing.area_no,
                )
            )
        DeviceKey.objects.bulk_create(rows)
    return found


if __name__ == "__main__":
    print(json.dumps(register(int(sys.argv[1]))))
