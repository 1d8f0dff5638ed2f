"""The loop that asks feeds when they are due; one that hangs or lies does not stop the others."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import close_old_connections, connection

from chengyun.app.devices.asking import NotAnswered, ask
from chengyun.app.devices.taking import take_in
from chengyun.kernel.clock import Clock, system_clock
from chengyun.sensing.decide.feeds import PollSettings
from chengyun.sensing.decide.naming import microseconds
from chengyun.sensing.decide.points import Message
from chengyun.sensing.models import Feed
from chengyun.sensing.verbs.arriving import door_of
from chengyun.sensing.verbs.polling import claim_due, note_asked, secret_of

log = logging.getLogger(__name__)
AT_ONCE = 4
_LOOK_EVERY_S = 1.0


def ask_one(feed: Feed, clock: Clock = system_clock) -> str:
    """Ask one feed and take what it says; the fault as a sentence, empty when all went well."""
    fault = ""
    try:
        how = PollSettings.model_validate(feed.settings)
        hosts, private = settings.FEED_HOSTS, settings.PRIVATE_FEED_HOSTS
        body = ask(how, secret_of(feed), hosts, private)
        message = Message("", "", body, microseconds(clock.now()), f"feeds/{feed.code}")
        take_in([message], door_of(feed), clock)
    except NotAnswered as refused:
        fault = str(refused)
    note_asked(feed.id, fault, now=clock.now())
    return fault


def poll(stopping: threading.Event, clock: Clock = system_clock) -> None:
    """Ask who is due, until told to stop."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="poll") as hands:
        while not stopping.is_set():
            try:
                for feed in claim_due(clock.now(), AT_ONCE):
                    hands.submit(_one, feed, clock)
            except DatabaseFault as fault:
                log.warning("feeds wait for the database: %s", fault)
                close_old_connections()
            stopping.wait(_LOOK_EVERY_S)


def _one(feed: Feed, clock: Clock) -> None:
    try:
        ask_one(feed, clock)
    except Exception:
        log.exception("feed %s could not be asked", feed.code)
    finally:
        connection.close()
