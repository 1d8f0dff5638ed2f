"""Telling: notices and their deliveries, written in the caller's transaction; sent after it."""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import orjson

from chengyun.kernel import audit, crypto
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.events import NewEvent, publish
from chengyun.kernel.scope import working
from chengyun.kernel.text import Text
from chengyun.notices.decide.masking import masked_mail, masked_phone
from chengyun.notices.decide.quiet import not_before
from chengyun.notices.decide.repeating import first_look
from chengyun.notices.decide.templates import IN_APP, HouseRules, Template, fill, level_key
from chengyun.notices.events import TOLD
from chengyun.notices.models import Delivery, Notice, Preference, PushSubscription
from chengyun.notices.ports import zones
from chengyun.notices.reads.book import book
from chengyun.notices.reads.preferences import preferences

log = logging.getLogger(__name__)

CONTACT = "notices.contact"


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody without an account is reached."""

    mail: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """One notice to one audience.

    `key` names it for ever: told again it is not told twice. A level given here goes before the
    template's. What is simulated is told in-app only: nobody outside is disturbed by a game.
    """

    key: str
    template: str
    area_no: int
    subject_kind: str
    subject_id: UUID | None = None
    values: Mapping[str, Text] = field(default_factory=dict)
    users: tuple[UUID, ...] = ()
    contacts: tuple[Contact, ...] = ()
    link: str = ""
    level: int | None = None
    simulated: bool = False
    escalated_from: UUID | None = None


def tell(tellings: Sequence[Telling], *, now: datetime) -> int:
    """Queue notices and their deliveries; how many notices are new.

    Part of the caller's transaction: rolled back with it, and nothing is sent before it commits.
    A template no pack declares is told in the log and left out: it must not stop the caller.
    """
    wanted = {one.key: one for one in tellings if one.users or one.contacts}
    with working(SYSTEM.scope()):
        return _tell(wanted, now)


def _tell(wanted: Mapping[str, Telling], now: datetime) -> int:
    known = set(Notice.objects.filter(key__in=list(wanted)).values_list("key", flat=True))
    made: list[tuple[Notice, Telling, Template]] = []
    for key, one in wanted.items():
        found = book().templates.get(one.template)
        if found is None:
            log.warning("no pack declares the notice template %s", one.template)
        elif key not in known:
            made.append((_notice(one, *found, now), one, found[0]))
    if not made:
        return 0
    Notice.objects.bulk_create([notice for notice, _, _ in made])
    people = _People({user for _, one, _ in made for user in one.users})
    Delivery.objects.bulk_create(
        [row for notice, one, _ in made for row in _deliveries(notice, one, people, now)]
    )
    publish([news(notice, TOLD, now) for notice, _, _ in made])
    audit.write(SYSTEM, "notices.tell", now=now, count=len(made))
    return len(made)


def news(notice: Notice, name: str, now: datetime) -> NewEvent:
    """An event of a notice as it stands: who hears of it is read from its deliveries."""
    return NewEvent(name, notice.id, notice.version, None, SYSTEM, now, now, {})


def _notice(one: Telling, template: Template, version: str, now: datetime) -> Notice:
    return Notice(
        key=one.key,
        template=template.id,
        template_version=version,
        area_no=one.area_no,
        subject_kind=one.subject_kind,
        subject_id=one.subject_id,
        link=one.link,
        title=fill(template.title, one.values),
        body=fill(template.body, one.values),
        level=template.level if one.level is None else one.level,
        simulated=one.simulated,
        created_at=now,
        expires_at=now + timedelta(days=template.keep_days),
        needs_ack=template.needs_ack and bool(one.users),
        look_at=first_look(template, now) if one.users else None,
        escalated_from=one.escalated_from,
    )


class _People:
    """What is known of the people told together: a few questions, however many they are."""

    def __init__(self, users: Collection[UUID]) -> None:
        self.preferences: dict[UUID, Preference] = preferences(users)
        pushed = PushSubscription.objects.filter(user_id__in=list(users))
        self.browsers: set[UUID] = set(pushed.values_list("user_id", flat=True))
        self.rules: HouseRules = book().rules

    def ways(self, user: UUID, level: int | None) -> Iterator[str]:
        """The outside channels by which a person is reached for a level."""
        own = self.preferences.get(user)
        kept = own.channels.get(level_key(level)) if own else None
        chosen = self.rules.ways(level) if kept is None else kept
        reached = {
            "mail": own is not None and own.mail is not None,
            "sms": own is not None and own.phone is not None,
            "gov_im": own is not None and own.phone is not None,
            "web_push": user in self.browsers,
        }
        return (way for way in chosen if reached.get(way, False))

    def quiet(self, user: UUID | None) -> tuple[str | None, str | None]:
        """A person's quiet hours; those of the house where they set none."""
        own = self.preferences.get(user) if user else None
        if own is not None and own.quiet_from is not None:
            return own.quiet_from, own.quiet_to
        return self.rules.quiet_from, self.rules.quiet_to


def wait(
    notice: Notice, quiet: tuple[str | None, str | None], rules: HouseRules, now: datetime
) -> datetime:
    """From when on an outside channel may carry a notice."""
    breaks = notice.level is not None and notice.level in rules.breaks_quiet
    return not_before(now, zones().zone(notice.area_no), *quiet, breaks=breaks)


def _deliveries(notice: Notice, one: Telling, people: _People, now: datetime) -> Iterator[Delivery]:
    def row(recipient: str, channel: str, at: datetime | None, **more: object) -> Delivery:
        return Delivery(
            notice=notice,
            recipient=recipient,
            channel=channel,
            not_before=at,
            created_at=now,
            **more,
        )

    for user in dict.fromkeys(one.users):
        mark = f"u:{user}"
        # The commit is the delivery.
        here = {"state": "delivered", "sent_at": now, "delivered_at": now}
        yield row(mark, IN_APP, None, user_id=user, **here)
        if not one.simulated:
            at = wait(notice, people.quiet(user), people.rules, now)
            for way in people.ways(user, notice.level):
                yield row(mark, way, at, user_id=user)
    if one.simulated:
        return
    at = wait(notice, people.quiet(None), people.rules, now)
    for contact in dict.fromkeys(one.contacts):
        for way, where, masked in (
            ("mail", contact.mail, masked_mail(contact.mail)),
            ("sms", contact.phone, masked_phone(contact.phone)),
        ):
            if where:
                mark = f"c:{crypto.blind_index(where, purpose=CONTACT).hex()}"
                sealed = crypto.seal(orjson.dumps({way: where}).decode(), purpose=CONTACT)
                yield row(mark, way, at, contact=sealed, masked=masked)
