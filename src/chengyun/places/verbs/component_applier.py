"""How change sets reach the component register."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from chengyun.kernel import areas
from chengyun.kernel.text import JsonObject, text
from chengyun.places.decide.components import completed, county_of_code, problems
from chengyun.places.models import Address, City, Component, ComponentInspection
from chengyun.places.ports import Changing, Head, Problem
from chengyun.places.reads.atlas import city_map
from chengyun.places.reads.component_kinds import component_kinds
from chengyun.places.verbs.component_writing import (
    Writing,
    component_state,
    locate_components,
    write_components,
)

_CHUNK = 5_000


class ComponentApplier:
    """Answers ports.Applier for "components"."""

    def current(self, head: Head, target_ids: Collection[str]) -> Mapping[str, JsonObject]:
        """States of components of the city in force; ids are UUIDs as text."""
        known = {uid: target for target in target_ids if (uid := as_uuid(target)) is not None}
        found: dict[str, JsonObject] = {}
        ids = list(known)
        for at in range(0, len(ids), _CHUNK):
            rows = Component.objects.filter(city_no=head.city_no, id__in=ids[at : at + _CHUNK])
            for row in rows.filter(valid_to=None):
                found[known[row.id]] = component_state(row)
        return found

    def check(
        self, head: Head, changes: Sequence[Changing], now: datetime
    ) -> Mapping[int, Sequence[Problem]]:
        """Fields, places, codes that another component has, addresses and photos that are none."""
        found: dict[int, list[Problem]] = {}
        kinds = component_kinds(head.city_no)
        staying = [one for one in changes if one.after is not None]
        states = {one.order: completed(one.after or {}) for one in staying}
        for one in staying:
            found[one.order] = problems(states[one.order], kinds)
            if as_uuid(one.target_id) is None:
                said = text("标识不是 UUID。", "the id is no UUID")
                found[one.order].append(Problem("bad_id", said, "target_id"))
        sound = [one for one in staying if not found[one.order]]
        if not sound:
            return found
        held = city_map(head.city_no)
        places = locate_components(held, [states[one.order] for one in sound])
        homes = live_addresses(head.city_no, [states[one.order] for one in sound])
        pictures = _photos_of([one.target_id for one in sound])
        taken = taken_codes(head.city_no, [states[one.order]["code"] for one in sound])
        leaving = {one.target_id for one in changes if one.after is None}
        own: dict[tuple[str, str], str] = {}
        for one, (area_no, _) in zip(sound, places, strict=True):
            state, said_of = states[one.order], found[one.order]
            kind = kinds[state["kind_id"]]
            if not areas.contains(head.area_no, area_no):
                said = text("位置不在本变更单的区域内。", "lies outside the area of the set")
                said_of.append(Problem("outside_area", said, "lon"))
            if state["address_id"] and state["address_id"] not in homes:
                said = text("标准地址不存在或已停用。", "is no address in force of this city")
                said_of.append(Problem("no_address", said, "address_id"))
            before = completed(one.before or {})["photos"]
            if not set(state["photos"]) <= {*before, *pictures.get(one.target_id, ())}:
                said = text("照片不是该部件的。", "names a photo that is not of this component")
                said_of.append(Problem("unknown_photo", said, "photos"))
            if not state["code"]:
                continue
            key = (kind.scheme, state["code"])
            other = own.setdefault(key, one.target_id)
            holder = taken.get(key, one.target_id)
            if other != one.target_id or (holder != one.target_id and holder not in leaving):
                said = text("编码已被另一部件占用。", "is the code of another component")
                said_of.append(Problem("code_taken", said, "code"))
            district = areas.at_level(area_no, "district")
            county = county_of_code(state["code"], kind)
            if county and district and held.areas[district].code[:6] != county:
                said = text("编码的区划与位置不符。", "names another county than the place")
                said_of.append(Problem("other_county", said, "code", "warning"))
        return found

    def apply(self, head: Head, changes: Sequence[Changing], now: datetime) -> None:
        """Write what each component becomes."""
        self._write(head, [(one.target_id, one.after) for one in changes], now)

    def undo(self, head: Head, changes: Sequence[Changing], now: datetime) -> None:
        """Write what each component was."""
        self._write(head, [(one.target_id, one.before) for one in changes], now)

    def _write(
        self, head: Head, states: Sequence[tuple[str, JsonObject | None]], now: datetime
    ) -> None:
        city = City.objects.get(pk=head.city_no)
        entries = [Writing(UUID(target), state, source=head.source) for target, state in states]
        write_components(city, entries, now, set_id=UUID(head.set_id), reason=head.title)


def as_uuid(said: object) -> UUID | None:
    """A UUID, None where it is none."""
    try:
        return UUID(str(said))
    except ValueError:
        return None


def live_addresses(city_no: int, states: Sequence[JsonObject]) -> set[str]:
    """Which of the addresses that states name are in force in the city."""
    said = {
        uid: str(state["address_id"]) for state in states if (uid := as_uuid(state["address_id"]))
    }
    rows = Address.objects.filter(city_no=city_no, id__in=list(said)).exclude(state="retired")
    return {said[uid] for uid in rows.values_list("id", flat=True)}


def _photos_of(target_ids: Sequence[str]) -> dict[str, set[str]]:
    """What inspections photographed, by component: other photos are none of the register's."""
    found: dict[str, set[str]] = {}
    for at in range(0, len(target_ids), _CHUNK):
        ids = target_ids[at : at + _CHUNK]
        rows = ComponentInspection.objects.filter(component_id__in=ids).exclude(photos=[])
        for uid, photos in rows.values_list("component_id", "photos"):
            found.setdefault(str(uid), set()).update(photos)
    return found


def taken_codes(city_no: int, codes: Sequence[str]) -> dict[tuple[str, str], str]:
    """Ids of the components, also retired ones, that have these codes, by (scheme, code)."""
    found: dict[tuple[str, str], str] = {}
    wanted = [code for code in codes if code]
    for at in range(0, len(wanted), _CHUNK):
        rows = Component.objects.filter(city_no=city_no, code__in=wanted[at : at + _CHUNK])
        for scheme, code, uid in rows.values_list("scheme", "code", "id"):
            found[scheme, code] = str(uid)
    return found
