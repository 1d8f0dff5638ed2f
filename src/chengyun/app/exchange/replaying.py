"""Replay: rows of a file, shifted to now, live through every door of a running node.

Each row is reported, and staff of its city's own organisations (by API keys) carry it on: accept,
file, dispatch, handle, confirm, check, close, each when its time in the file says so, divided by
the speed. Everything is labelled: `simulated`, and an external source named after the replay.
A row that is there already is not reported again; it goes on from where it stands.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import connections

from chengyun.app.exchange.cities import Areas, make_city, pack_with, settle_city
from chengyun.app.exchange.doors import Doors, Refused
from chengyun.app.exchange.files import open_table
from chengyun.app.exchange.posts import DESK, NoPost, Posts
from chengyun.app.exchange.rejects import Mended
from chengyun.app.exchange.tables import BrokenRow
from chengyun.app.packs.loaded import Catalog
from chengyun.app.packs.mapping import MappedCase, bind
from chengyun.app.setup.packs import install_rules
from chengyun.cases.decide.kinds import CaseKind
from chengyun.cases.reads import kinds
from chengyun.cases.verbs import known_external
from chengyun.kernel.clock import system_clock
from chengyun.kernel.text import JsonObject
from chengyun.sdk.mappings import CaseMapping

CALLERS = 4
LIMIT = 10_000
TRIES = 6
# A row that does not say when it was closed takes this long, in the file's time.
UNTOLD = timedelta(days=1)
_DONE = frozenset({"closed", "force_closed", "voided", "archived", "rejected", "merged"})
_OPEN_IN_FILE = frozenset({"pending_accept", "pending_handle", "handling", "pending_dispatch"})
# How far into a case's life each state is left, as a share of its life in the file.
_LEFT_AT = {"pending_handle": 0.3, "handling": 0.8}


@dataclass(slots=True)
class Life:
    """A row on its way."""

    case: MappedCase
    area_no: int
    start: float  # seconds from the replay's beginning
    span: float  # seconds from report to close
    id: str = ""
    version: int = 0
    state: str = ""
    lead: str = ""
    tries: int = 0


@dataclass(slots=True)
class Summary:
    """What became of a replay."""

    read: int = 0
    rejected: int = 0
    reported: int = 0
    already: int = 0
    moves: int = 0
    closed: int = 0
    left_open: int = 0
    failed: int = 0
    seconds: float = 0.0
    actions_per_s: float = 0.0
    refusals: dict[str, int] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)


class Replay:
    """One run of one file at one speed."""

    def __init__(
        self,
        packs: Catalog,
        mapping: CaseMapping,
        path: Path,
        *,
        address: str,
        keys: Path,
        speed: float,
        limit: int = LIMIT,
        say: Callable[[str], None] = lambda _said: None,
    ) -> None:
        self.packs, self.mapping, self.path = packs, mapping, path
        self.address, self.speed, self.limit, self.say = address, speed, limit, say
        self.source = f"{mapping.external_source}-replay"
        self.summary = Summary()
        self._keys = keys
        self._ready = threading.Condition()
        self._queue: list[tuple[float, int, Life]] = []
        self._order = itertools.count()
        self._waiting = 0
        self._began = 0.0
        self._broken: BaseException | None = None

    def run(self) -> Summary:
        """Play every row to its end.

        Raises:
            Unreadable, HeaderError: the file cannot be read.
            NoPost: the city lacks an organisation that a post needs.
            httpx.TransportError: the node did not come back.
        """
        now = system_clock.now()
        self.city_no = make_city(self.mapping.city, self.mapping.source, now)
        pack = pack_with(self.packs, self.mapping.name)
        if pack is not None:
            install_rules(self.packs, now)
            settle_city(pack, self.city_no, now)
        self.posts = Posts(self._keys, self.city_no, now)
        self.desk = {post: self.posts.desk(post) for post in DESK}
        self.departments = {str(unit): self.posts.department(unit) for unit in self.posts.units()}
        self.kinds = kinds()
        lives = self._lives()
        self._pick_up(lives)
        self._began = time.monotonic()
        self._waiting = len(lives)
        for life in lives:
            heapq.heappush(self._queue, (life.start, next(self._order), life))
        callers = [threading.Thread(target=self._caller, daemon=True) for _ in range(CALLERS)]
        for caller in callers:
            caller.start()
        self._watch(callers)
        out = self.summary
        out.seconds = round(time.monotonic() - self._began, 3)
        out.actions_per_s = round((out.reported + out.moves) / max(out.seconds, 0.001), 1)
        if self._broken is not None:
            raise self._broken
        return out

    def _lives(self) -> list[Life]:
        now = system_clock.now()
        table = open_table(
            self.path, encoding=self.mapping.encoding, delimiter=self.mapping.delimiter
        )
        mended = Mended(table.header)
        reader = bind(self.mapping, mended.header)
        cases: dict[str, MappedCase] = {}
        for number, given in enumerate(itertools.islice(table.rows, self.limit), start=1):
            self.summary.read += 1
            if isinstance(given, BrokenRow):
                self.summary.rejected += 1
                continue
            case = reader.read(number, mended.values(given), now=now)
            if isinstance(case, MappedCase) and case.external_id not in cases:
                cases[case.external_id] = case
            else:
                self.summary.rejected += 1
        areas = Areas(self.city_no, self.mapping)
        areas.learn({case.areas for case in cases.values()}, now)
        ordered = sorted(cases.values(), key=lambda case: case.reported_at)
        first = ordered[0].reported_at if ordered else now
        return [
            Life(
                case,
                areas.find(case.areas)[0],
                (case.reported_at - first).total_seconds() / self.speed,
                max(
                    ((case.closed_at or case.reported_at + UNTOLD) - case.reported_at), timedelta()
                ).total_seconds()
                / self.speed,
            )
            for case in ordered
        ]

    def _pick_up(self, lives: list[Life]) -> None:
        """Find the rows that an earlier run reported, so that they go on where they stand."""
        known = known_external(self.source, [life.case.external_id for life in lives])
        for life in lives:
            found = known.get(life.case.external_id)
            if found is not None:
                life.id = str(found)
                self.summary.already += 1

    def _watch(self, callers: list[threading.Thread]) -> None:
        told = time.monotonic()
        for caller in callers:
            while caller.is_alive():
                caller.join(0.2)
                if time.monotonic() - told >= 5:
                    told = time.monotonic()
                    out = self.summary
                    self.say(
                        f"{out.reported + out.already:,} reported, {out.moves:,} moves,"
                        f" {out.closed:,} closed, {self._waiting:,} cases on their way"
                    )

    def _caller(self) -> None:
        doors = Doors(self.address)
        try:
            while (life := self._next()) is not None:
                again = self._step(doors, life)
                with self._ready:
                    if again is None:
                        self._waiting -= 1
                        _add(self.summary.states, life.state or "unreported")
                    else:
                        heapq.heappush(self._queue, (again, next(self._order), life))
                    self._ready.notify()
        except BaseException as error:  # noqa: BLE001 - told by `run`, in the thread that waits
            with self._ready:
                self._broken = self._broken or error
                self._ready.notify_all()
        finally:
            doors.close()
            connections.close_all()

    def _next(self) -> Life | None:
        """The next row whose time has come; None when all is over."""
        with self._ready:
            while True:
                if self._broken is not None or not self._waiting:
                    self._ready.notify_all()
                    return None
                pause = 0.5
                if self._queue:
                    pause = self._queue[0][0] - (time.monotonic() - self._began)
                    if pause <= 0:
                        return heapq.heappop(self._queue)[2]
                self._ready.wait(min(pause, 0.5))

    def _step(self, doors: Doors, life: Life) -> float | None:
        """Take one step of a case; when the next is due, None at its end."""
        try:
            if not life.id:
                self._report(doors, life)
            elif not life.version:
                self._look(doors, life)
            else:
                self._move(doors, life)
        except Refused as refused:
            return self._after_refusal(life, refused)
        if life.state in _DONE:
            self._count(closed=1)
            return None
        if life.case.state in _OPEN_IN_FILE and life.state == "pending_handle":
            # The file tells of no end.
            self._count(left_open=1)
            return None
        share = _LEFT_AT.get(life.state)
        if share is None:
            return time.monotonic() - self._began
        return life.start + life.span * share

    def _after_refusal(self, life: Life, refused: Refused) -> float | None:
        life.tries += 1
        with self._ready:
            _add(self.summary.refusals, refused.code)
        if refused.status == 409 and life.id and life.tries < TRIES:
            # Somebody else moved it: look again.
            life.version = 0
            return time.monotonic() - self._began
        if refused.code == "exists" and not life.id:
            found = known_external(self.source, [life.case.external_id])
            if life.case.external_id in found and life.tries < TRIES:
                life.id = str(found[life.case.external_id])
                return time.monotonic() - self._began
        self.say(f"{life.case.external_id}: {refused}")
        self._count(failed=1)
        return None

    def _count(self, **more: int) -> None:
        with self._ready:
            for name, number in more.items():
                setattr(self.summary, name, getattr(self.summary, name) + number)

    def _report(self, doors: Doors, life: Life) -> None:
        case = life.case
        entry = self.kinds.get(case.kind_id)
        body: JsonObject = {
            "kind": case.kind_id if entry else None,
            "text": case.text[:5_000],
            "address": case.address[:500],
            "city": self.city_no,
            # Collectors send photos, the file has none.
            "source": "hotline" if case.source == "collector" else case.source,
            "external_source": self.source,
            "external_id": case.external_id,
            "simulated": True,
        }
        if case.lon is not None and not {"default_point", "outside_city"} & set(case.flags):
            body |= {"lon": case.lon, "lat": case.lat}
        done = doors.report(self.desk["acceptor"], body, self._key(life, "report"))
        life.id, life.lead = str(done["id"]), str(done.get("lead_unit") or "")
        life.state, life.version = str(done["state"]), int(done["version"])
        self._count(reported=1)

    def _look(self, doors: Doors, life: Life) -> None:
        found = doors.case(self.desk["acceptor"], life.id)
        life.state, life.version = str(found["state"]), int(found["version"])
        life.lead = str((found.get("lead_unit") or {}).get("id") or "")

    def _move(self, doors: Doors, life: Life) -> None:
        token, move, params = self._turn(doors, life)
        done = doors.move(
            token, life.id, move, life.version, params, self._key(life, f"{move}:{life.version}")
        )
        life.state, life.version = str(done["state"]), int(done["version"])
        if move in ("file", "dispatch", "redispatch"):
            # Filing may dispatch in the same commit: learn to whom.
            self._look(doors, life)
        self._count(moves=1)

    def _key(self, life: Life, step: str) -> str:
        return f"replay:{self.source}:{life.case.external_id}:{step}"[:200]

    def _turn(self, doors: Doors, life: Life) -> tuple[str, str, JsonObject]:
        """Whose turn it is, and what they do."""
        state, desk = life.state, self.desk
        if state == "pending_accept":
            return desk["acceptor"], "accept", {"area_no": life.area_no}
        if state == "pending_file":
            kind = self._kind(life)
            params = {"kind_id": kind.id, "condition_id": kind.conditions[0].id}
            return desk["shift_leader"], "file", {**params, "area_no": life.area_no}
        if state in ("pending_dispatch", "returned"):
            return self._dispatch(doors, life)
        if state in ("pending_handle", "handling", "handled"):
            return self._handle(doors, life)
        if state in ("pending_check", "checking"):
            return desk["collector"], "check_result", {"passed": True}
        if state == "pending_close":
            found = doors.case(desk["shift_leader"], life.id)
            condition = (found.get("condition") or {}).get("id", "")
            return desk["shift_leader"], "close", {"closing_condition": condition}
        raise Refused(409, "no_turn", f"nobody's turn in state {state}")

    def _kind(self, life: Life) -> CaseKind:
        entry = self.kinds.get(life.case.kind_id)
        if entry is None or not entry.kind.conditions:
            raise Refused(422, "no_condition", f"kind {life.case.kind_id} has no condition")
        return entry.kind

    def _dispatch(self, doors: Doors, life: Life) -> tuple[str, str, JsonObject]:
        found = doors.case(self.desk["dispatcher"], life.id)
        units = [one["unit"]["id"] for one in found.get("candidates", ())]
        unit = units[0] if units else next(iter(self.departments), "")
        if life.state == "returned":
            reason = {"unit": unit, "reason": "改派（重放）"}
            return self.desk["dispatcher"], "redispatch", reason
        return self.desk["dispatcher"], "dispatch", {"unit": unit}

    def _handle(self, doors: Doors, life: Life) -> tuple[str, str, JsonObject]:
        token = self.departments.get(life.lead)
        if token is None:
            token = self.departments[life.lead] = self.posts.department(UUID(life.lead))
        if life.state == "pending_handle":
            return token, "start", {}
        if life.state == "handled":
            return token, "feedback", {}
        evidence = self._kind(life).evidence
        before, after = (
            [doors.photo(token, f"REPLAY {life.case.external_id} {what} {n}") for n in range(count)]
            for what, count in (("before", evidence.before), ("after", evidence.after))
        )
        return token, "handle", {"before": before, "after": after}


def _add(counts: dict[str, int], name: str) -> None:
    counts[name] = counts.get(name, 0) + 1


__all__ = ["NoPost", "Replay", "Summary"]
