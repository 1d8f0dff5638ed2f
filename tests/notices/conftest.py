"""A city whose people are told things, and the houses their notices go to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from chengyun.cases.handlers import tell_reporters, tell_staff
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.events import PastEvent
from chengyun.kernel.models import Event
from chengyun.kernel.scope import bind
from chengyun.notices import jobs, reads
from chengyun.notices.models import Delivery, Notice
from tests.cases.conftest import city, clock, desk, world
from tests.cases.desk import NOBODY, Desk
from tests.notices.houses import HttpHouse, MailHouse, Post

__all__ = ["city", "clock", "desk", "world"]


@pytest.fixture(autouse=True)
def fresh_book() -> Iterator[None]:
    """No templates kept from one test to the next."""
    reads.forget_book()
    yield
    reads.forget_book()


@pytest.fixture
def mail_house(settings: Any) -> Iterator[MailHouse]:
    """A real SMTP server on loopback that the node is connected to."""
    house = MailHouse()
    controller = Post(house, hostname="127.0.0.1", port=0)
    controller.start()
    settings.MAIL_URL = f"smtp://127.0.0.1:{controller.port}?starttls=0&from=desk@city.example"
    yield house
    controller.stop()


@pytest.fixture
def http_house() -> Iterator[HttpHouse]:
    """A real HTTP server on loopback."""
    house = HttpHouse()
    yield house
    house.close()


@dataclass
class Mailroom:
    """Does what followers and worker do, in the test's own transaction."""

    desk: Desk
    _seen: int = 0

    def told(self) -> int:
        """Let cases tell of everything that happened since last time; how many events."""
        bind(SYSTEM.scope())
        rows = list(Event.objects.filter(seq__gt=self._seen).order_by("seq"))
        events = [_past(row) for row in rows if row.name.startswith("cases.")]
        for follower in (tell_staff, tell_reporters):
            follower(events, self.desk.clock.at)
        self._seen = max([self._seen, *(row.seq for row in rows)])
        bind(NOBODY)
        return len(events)

    def sent(self, now: datetime | None = None) -> int:
        """Let the worker send what is due; how many tries."""
        return jobs.send_due(now or self.desk.clock.at)

    def deliveries(self, **which: Any) -> list[Delivery]:
        """What the table holds."""
        bind(SYSTEM.scope())
        found = list(Delivery.objects.filter(**which).order_by("created_at", "id"))
        bind(NOBODY)
        return found

    def notices(self, **which: Any) -> list[Notice]:
        """What the table holds."""
        bind(SYSTEM.scope())
        found = list(Notice.objects.filter(**which).order_by("created_at", "id"))
        bind(NOBODY)
        return found

    def seen_by(self, who: str) -> list[dict[str, Any]]:
        """Somebody's list."""
        found: list[dict[str, Any]] = self.desk.get(who, "/notices")["items"]
        return found


def _past(row: Event) -> PastEvent:
    return PastEvent(
        xid=1,
        seq=row.seq,
        name=row.name,
        subject_id=row.subject_id,
        subject_version=row.subject_version,
        area_no=row.area_no,
        unit_ids=tuple(row.unit_ids),
        actor_id=row.actor_id,
        occurred_at=row.occurred_at,
        data=row.data,
    )


@pytest.fixture
def room(desk: Desk) -> Mailroom:
    """The mailroom of the desk's city, with nothing told yet."""
    made = Mailroom(desk)
    made.told()
    return made
