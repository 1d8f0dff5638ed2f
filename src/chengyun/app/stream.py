"""The ASGI application of the live stream's process: no Django request cycle, only its database."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengyun.app.settings")
django.setup()

# What follows needs the apps loaded.
from django.conf import settings  # noqa: E402

from chengyun.app.metrics import live_clients  # noqa: E402
from chengyun.app.streaming.doorman import PeopleDoorman  # noqa: E402
from chengyun.app.streaming.mapped import MapWatch  # noqa: E402
from chengyun.app.streaming.origins import Origins  # noqa: E402
from chengyun.app.streaming.presence import Watch, everybody  # noqa: E402
from chengyun.app.streaming.sensed import SenseWatch  # noqa: E402
from chengyun.app.streaming.service import Stream  # noqa: E402
from chengyun.app.streaming.source import EventSource  # noqa: E402
from chengyun.kernel.heartbeat import Heart  # noqa: E402

application = Stream(
    PeopleDoorman(),
    EventSource(),
    Origins(
        port=int(os.environ.get("CHENGYUN_PORT", "8420")),
        public_url=settings.PUBLIC_URL,
        hosts=tuple(settings.ALLOWED_HOSTS),
    ),
    cookie=PeopleDoorman.cookie,
    beat=Heart("stream").beat,
    gauge=live_clients,
    watch=Watch(everybody),
    map_watch=MapWatch(),
    sense_watch=SenseWatch(),
)
