"""The broker's gate: every connection is asked about here, and cut when its right has ended.

A client's id must be the thing's code, or begin with it and a colon: with another device's id it
would take over that device's session.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import transaction
from nats.aio.client import Client
from nats.aio.msg import Msg

from chengyun.app.devices.keys import BrokerKeys
from chengyun.app.devices.passes import Asked, NoRequest, admission, asked, refusal
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import Clock, system_clock
from chengyun.kernel.scope import bind
from chengyun.sensing.reads.device_keys import Admitted, admitted, ended_since, without_key
from chengyun.sensing.verbs.barring import bar, note_seen

log = logging.getLogger(__name__)

REQUESTS = "$SYS.REQ.USER.AUTH"
LOOK_EVERY_S = 1.0
SWEEP_EVERY = 30  # looks
_BACK = timedelta(seconds=60)
_PAGE = 1024


def fits(client: str, code: str) -> bool:
    """Whether a device may call its session so."""
    return client == code or client.startswith(f"{code}:")


@dataclass
class Gate:
    """Lets devices in while `opened`: the intake opens once nothing can be lost behind it."""

    broker: Client
    system: Client
    keys: BrokerKeys
    opened: threading.Event
    clock: Clock = system_clock
    _database: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="gate")
    )
    _cut: set[str] = field(default_factory=set)

    async def listen(self) -> None:
        """Answer from now on."""
        await self.broker.subscribe(REQUESTS, cb=self._answer)
        await self.broker.flush()

    async def watch(self) -> None:
        """Cut connections whose right has ended, for ever."""
        looks = 0
        while True:
            try:
                if looks % SWEEP_EVERY == 0:
                    await self._sweep()
                else:
                    await self._cut_ended()
            except Exception:
                log.exception("the gate could not look for ended credentials")
            looks += 1
            await asyncio.sleep(LOOK_EVERY_S)

    async def throw_out(self, code: str, until: datetime) -> None:
        """Cut a device that says too much, and keep it out until then."""
        await self._ask_database(lambda: bar(code, until))
        await self._kick({code})

    async def _answer(self, request: Msg) -> None:
        now = self.clock.now()
        try:
            who = asked(request.data)
        except NoRequest:
            log.warning("the broker asked what we do not understand")
            return
        try:
            found, reason = await self._judge(who, now)
        except Exception:
            log.exception("the gate could not ask the register")
            found, reason = None, "the register does not answer"
        if found is None:
            log.info("kept out %s from %s: %s", who.user[:64], who.address, reason)
            answer = refusal(self.keys, who, reason, now)
        else:
            answer = admission(self.keys, who, found.thing, found.until, now)
        await request.respond(answer)

    async def _judge(self, who: Asked, now: datetime) -> tuple[Admitted | None, str]:
        if not self.opened.is_set():
            return None, "not ready yet"
        if who.kind != "mqtt":
            return None, "only devices, only by MQTT"
        if not fits(who.client, who.user):
            return None, "the client id is neither the thing's code nor begins with it and a colon"
        found = await self._ask_database(lambda: self._admitted(who, now))
        return found, "" if found else "no such credential"

    @staticmethod
    def _admitted(who: Asked, now: datetime) -> Admitted | None:
        with transaction.atomic():
            bind(SYSTEM.scope())
            found = admitted(who.user, who.password, now=now)
            if found is not None:
                note_seen(found.key_id, now)
            return found

    async def _cut_ended(self) -> None:
        now = self.clock.now()
        ended = await self._ask_database(lambda: ended_since(now - _BACK))
        marks = {f"{code}@{at.isoformat()}" for code, at in ended}
        fresh = {code for code, at in ended if f"{code}@{at.isoformat()}" not in self._cut}
        if fresh:
            await self._kick(fresh)
        self._cut = marks

    async def _sweep(self) -> None:
        """Look at everybody who is in: a revocation while we were away must not be missed."""
        inside = {str(one["authorized_user"]) for one in await self._connections()}
        now = self.clock.now()
        if inside:
            lost = await self._ask_database(lambda: without_key(sorted(inside), now))
            await self._kick(lost)

    async def _connections(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            page = {"auth": True, "limit": _PAGE, "offset": len(found)}
            answer = await self.system.request(
                "$SYS.REQ.SERVER.PING.CONNZ", orjson.dumps(page), timeout=5
            )
            said = orjson.loads(answer.data)
            some = said["data"].get("connections") or []
            for one in some:
                one["server"] = said["server"]["id"]
            found += some
            if len(some) < _PAGE:
                return [one for one in found if one.get("type") == "mqtt"]

    async def _kick(self, codes: set[str]) -> None:
        if not codes:
            return
        for one in await self._connections():
            if one.get("authorized_user") in codes:
                log.info("cut %s", one["authorized_user"])
                subject = f"$SYS.REQ.SERVER.{one['server']}.KICK"
                await self.system.request(subject, orjson.dumps({"cid": one["cid"]}), timeout=5)

    async def _ask_database(self, ask: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._database, ask)
