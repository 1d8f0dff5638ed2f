"""Inside a node's own process: gauges in the small city, and a credential for each."""

from datetime import UTC, datetime
from typing import Any

from chengyun.kernel.actor import SYSTEM
from chengyun.sensing import verbs
from chengyun.sensing.models import DeviceKey
from chengyun.sensing.verbs.device_keys import issue_device_key
from tests.app import world
from tests.sensing import senses

COUNT = 24


def run() -> dict[str, Any]:
    """Build the city and its gauges; passwords and credentials' ids by code."""
    world.NOW = senses.NOW = datetime.now(UTC)
    world.build()
    verbs.load_senses(SYSTEM, now=world.NOW, pack="test", pack_version="1", content=senses.SENSES)
    codes = senses.gauges(COUNT)
    issued = {
        code: issue_device_key(SYSTEM, now=world.NOW, thing=code, name="test") for code in codes
    }
    assert DeviceKey.objects.count() == COUNT
    return {code: [said["password"], said["id"]] for code, said in issued.items()}
