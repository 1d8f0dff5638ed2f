"""Sending: a due delivery is claimed in one transaction, tried outside, settled in another.

A claim puts the next try ahead, so that whoever dies in between delays it and loses nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from django.conf import settings
from django.db import transaction

from chengyun.kernel import crypto
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from chengyun.notices.decide.outgoing import Answer, Outgoing, Subscription
from chengyun.notices.decide.trying import CLAIMED, next_try
from chengyun.notices.models import Delivery, Preference, PushSubscription, SinkMessage
from chengyun.notices.reads.preferences import MAIL, PHONE, address
from chengyun.notices.verbs.pushing import PUSH
from chengyun.notices.verbs.telling import CONTACT
from chengyun.people.models import User


@dataclass(frozen=True, slots=True)
class Trying:
    """A claimed delivery: which channel is to carry what."""

    delivery_id: UUID
    channel: str
    round: int
    out: Outgoing


def claim_due(now: datetime, *, most: int, notices: Collection[UUID] | None = None) -> list[Trying]:
    """Claim deliveries whose time has come; nobody else tries them meanwhile.

    Args:
        notices: only those of these notices.
    """
    with transaction.atomic():
        bind(SYSTEM.scope())
        due = Delivery.objects.filter(state="queued", not_before__lte=now)
        if notices is not None:
            due = due.filter(notice_id__in=list(notices))
        rows = list(
            due.select_related("notice")
            .order_by("not_before")
            .select_for_update(skip_locked=True, of=("self",))[:most]
        )
        for row in rows:
            row.attempts += 1
            row.not_before = now + CLAIMED
        Delivery.objects.bulk_update(rows, ["attempts", "not_before"])
        return _tryings(rows, now)


def _tryings(rows: list[Delivery], now: datetime) -> list[Trying]:
    users = {row.user_id for row in rows if row.user_id is not None}
    own = {row.user_id: row for row in Preference.objects.filter(pk__in=users)}
    locales = dict(User.objects.filter(pk__in=users).values_list("id", "locale"))
    browsers: dict[UUID, list[Subscription]] = {}
    for one in PushSubscription.objects.filter(user_id__in=users).order_by("created_at"):
        said = orjson.loads(crypto.open_(bytes(one.sealed), purpose=PUSH))
        browsers.setdefault(one.user_id, []).append(Subscription(one.id, **said))
    found = []
    for row in rows:
        mail = phone = ""
        if row.contact is not None:
            said = orjson.loads(crypto.open_(bytes(row.contact), purpose=CONTACT))
            mail, phone = said.get("mail", ""), said.get("sms", "")
        elif row.user_id in own:
            mail = address(own[row.user_id].mail, MAIL)
            phone = address(own[row.user_id].phone, PHONE)
        notice = row.notice
        out = Outgoing(
            key=f"{row.id}.{row.round}",
            notice_id=notice.id,
            title=notice.title,
            body=notice.body,
            locale=locales.get(row.user_id, "") if row.user_id else "",
            level=notice.level,
            link=f"{settings.SITE_URL}{notice.link}" if notice.link else "",
            seconds_left=int((notice.expires_at - now).total_seconds()),
            mail=mail,
            phone=phone,
            subscriptions=tuple(browsers.get(row.user_id, ())) if row.user_id else (),
        )
        found.append(Trying(row.id, row.channel, row.round, out))
    return found


def settle(trying: Trying, answer: Answer, now: datetime) -> None:
    """Keep what became of a try; a resident's address is needed no longer once it is final."""
    with transaction.atomic():
        bind(SYSTEM.scope())
        row = Delivery.objects.select_for_update().filter(pk=trying.delivery_id).first()
        if row is None or row.state != "queued" or row.round != trying.round:
            return  # settled by somebody else, expired, or asked again meanwhile
        state = answer.state
        if state == "later":
            row.not_before = next_try(row.attempts, now)
            state = "failed" if row.not_before is None else state
        row.error = answer.error[:200]
        if state != "later":
            row.state, row.not_before, row.contact = state, None, None
            row.receipt, row.sunk = answer.receipt, answer.sunk
        if state in ("sent", "delivered"):
            row.sent_at = now
            row.delivered_at = now if state == "delivered" else None
        row.save()
        if answer.sunk:
            SinkMessage.objects.get_or_create(
                delivery=row,
                round=row.round,
                defaults={"channel": row.channel, "masked": row.masked, "at": now},
            )
