"""How change sets reach the address register."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from chengyun.kernel import areas
from chengyun.kernel.text import JsonObject, text
from chengyun.places.decide.addressing import completed, problems, written
from chengyun.places.models import Address, City
from chengyun.places.ports import Changing, Head, Problem
from chengyun.places.reads.atlas import city_map
from chengyun.places.verbs.address_writing import Entry, locate, state_of, write_addresses

_CHUNK = 5_000


class AddressApplier:
    """Answers ports.Applier for "addresses"."""

    def current(self, head: Head, target_ids: Collection[str]) -> Mapping[str, JsonObject]:
        """States of addresses of the city that are not retired; ids are UUIDs as text."""
        known = {uid: target for target in target_ids if (uid := _uuid(target)) is not None}
        found: dict[str, JsonObject] = {}
        ids = list(known)
        for at in range(0, len(ids), _CHUNK):
            rows = Address.objects.filter(city_no=head.city_no, id__in=ids[at : at + _CHUNK])
            for row in rows.exclude(state="retired"):
                found[known[row.id]] = state_of(row)
        return found

    def check(
        self, head: Head, changes: Sequence[Changing], now: datetime
    ) -> Mapping[int, Sequence[Problem]]:
        """Parts, places, main addresses, and texts that another address of the area has."""
        found: dict[int, list[Problem]] = {}
        staying = [one for one in changes if one.after is not None]
        states = {one.order: completed(one.after or {}) for one in staying}
        for one in staying:
            found[one.order] = [*problems(states[one.order]), *_day(states[one.order])]
            if _uuid(one.target_id) is None:
                said = text("标识不是 UUID。", "the id is no UUID")
                found[one.order].append(Problem("bad_id", said, "target_id"))
        sound = [one for one in staying if not found[one.order]]
        places = locate(city_map(head.city_no), [states[one.order] for one in sound])
        added = {one.target_id for one in staying}
        mains = self.current(head, [states[one.order]["main_id"] or "" for one in sound])
        taken = _taken(head.city_no, [written(states[one.order]) for one in sound])
        for one, (area_no, _, code) in zip(sound, places, strict=True):
            state, said_of = states[one.order], found[one.order]
            if not areas.contains(head.area_no, area_no):
                said = text("位置不在本变更单的区域内。", "lies outside the area of the set")
                said_of.append(Problem("outside_area", said, "lon"))
            main = state["main_id"]
            if main and (main == one.target_id or (main not in mains and main not in added)):
                said = text("主地址不存在。", "there is no such main address")
                said_of.append(Problem("no_main", said, "main_id"))
            others = taken.get((written(state), code[:6]), set()) - added
            if others:
                said = text("同区已有相同地址。", "the district has this address already")
                said_of.append(Problem("duplicate", said, "road", "warning"))
        return found

    def apply(self, head: Head, changes: Sequence[Changing], now: datetime) -> None:
        """Write what each address becomes."""
        self._write(head, [(one.target_id, one.after) for one in changes], now)

    def undo(self, head: Head, changes: Sequence[Changing], now: datetime) -> None:
        """Write what each address was."""
        self._write(head, [(one.target_id, one.before) for one in changes], now)

    def _write(
        self, head: Head, states: Sequence[tuple[str, JsonObject | None]], now: datetime
    ) -> None:
        city = City.objects.get(pk=head.city_no)
        entries = [Entry(UUID(target), state, source=head.source) for target, state in states]
        write_addresses(city, entries, now, set_id=UUID(head.set_id), reason=head.title)


def _uuid(target: str) -> UUID | None:
    try:
        return UUID(target)
    except ValueError:
        return None


def _day(state: JsonObject) -> list[Problem]:
    said = state["valid_from"]
    try:
        if said is not None:
            date.fromisoformat(said)
    except (TypeError, ValueError):
        return [Problem("bad_day", text("日期无效。", "is no day (YYYY-MM-DD)"), "valid_from")]
    return []


def _taken(city_no: int, texts: Sequence[str]) -> dict[tuple[str, str], set[str]]:
    """Ids of addresses by (text, district code)."""
    held = city_map(city_no)
    found: dict[tuple[str, str], set[str]] = {}
    for at in range(0, len(texts), _CHUNK):
        rows = Address.objects.filter(city_no=city_no, text__in=texts[at : at + _CHUNK])
        for uid, said, area_no in rows.exclude(state="retired").values_list(
            "id", "text", "area_no"
        ):
            district = areas.at_level(area_no, "district")
            info = held.areas.get(district) if district else None
            found.setdefault((said, info.code if info else ""), set()).add(str(uid))
    return found
