"""From a mapped row to a row of history: its area, place, merge target, and what else it said."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from chengyun.app.exchange.cities import Areas, place
from chengyun.app.packs.mapping import MappedCase
from chengyun.app.packs.merging import Merger
from chengyun.cases.decide.state import State
from chengyun.cases.verbs import HistoryRow, known_external
from chengyun.kernel import areas as numbers
from chengyun.kernel.text import JsonObject

_MASTERS_MAX = 400_000
# Flags of the location that say where a row lies; the first that is found counts.
_LOCATIONS = (("default_point", "default"), ("outside_city", "outside"))
_CLOSED = frozenset({"closed", "force_closed", "voided", "archived", "rejected", "merged"})


def history_id(source: str, external_id: str, reported_at: datetime) -> UUID:
    """An id that the same row always gets: UUIDv7 of its report time, random bits from its key."""
    mark = hashlib.blake2b(f"{source}\0{external_id}".encode(), digest_size=10).digest()
    stamp = max(0, int(reported_at.timestamp() * 1000)) & ((1 << 48) - 1)
    bits = int.from_bytes(mark, "big")
    value = (
        stamp << 80 | 0x7 << 76 | (bits >> 68 & 0xFFF) << 64 | 0b10 << 62 | bits & ((1 << 62) - 1)
    )
    return UUID(int=value)


@dataclass(slots=True)
class Masters:
    """The ids of cases that later rows may merge into; the oldest are looked up again."""

    source: str
    _kept: OrderedDict[str, UUID] = field(default_factory=OrderedDict)

    def keep(self, external_id: str, case_id: UUID) -> None:
        self._kept[external_id] = case_id
        if len(self._kept) > _MASTERS_MAX:
            self._kept.popitem(last=False)

    def of(self, external_id: str) -> UUID | None:
        found = self._kept.get(external_id)
        if found is None:
            found = known_external(self.source, [external_id]).get(external_id)
        return found


@dataclass(slots=True)
class Converter:
    """Makes rows of history of one mapping and city. Rows come in the file's order."""

    areas: Areas
    units: dict[str, UUID]
    merger: Merger
    masters: Masters

    def known(self, cases: Sequence[MappedCase]) -> set[str]:
        """The external ids among them that are cases already."""
        return set(known_external(self.masters.source, [case.external_id for case in cases]))

    def ids(self, cases: Sequence[MappedCase]) -> list[tuple[UUID, UUID | None]]:
        """Each row's own id and that of the case it merges into."""
        found = []
        for case in cases:
            own = history_id(case.external_source, case.external_id, case.reported_at)
            master = self.merger.master_of(case)
            into = self.masters.of(master) if master is not None else None
            if master is None and case.same_key is not None:
                self.masters.keep(case.external_id, own)
            found.append((own, into))
        return found

    def rows(
        self, cases: Sequence[MappedCase], ids: Sequence[tuple[UUID, UUID | None]], now: datetime
    ) -> list[HistoryRow]:
        """Rows of history; areas that the city does not know yet are made."""
        self.areas.learn({case.areas for case in cases}, now)
        spots = self._spots(cases)
        return [
            self._row(case, own, into, spots.get(index, (0, None)))
            for index, (case, (own, into)) in enumerate(zip(cases, ids, strict=True))
        ]

    def _spots(self, cases: Sequence[MappedCase]) -> dict[int, tuple[int, str | None]]:
        """Where the points lie that are worth looking up."""
        wanted = [i for i, case in enumerate(cases) if _location(case) == "exact"]
        if not wanted:
            return {}
        lons = [cases[i].lon or 0.0 for i in wanted]
        lats = [cases[i].lat or 0.0 for i in wanted]
        return dict(zip(wanted, place(self.areas.city_no, lons, lats), strict=True))

    def _row(
        self, case: MappedCase, own: UUID, into: UUID | None, spot: tuple[int, str | None]
    ) -> HistoryRow:
        area, whole = self.areas.find(case.areas)
        if spot[0] and numbers.contains(area, spot[0]):
            # The row named no deeper area than the one its point lies in.
            area = spot[0]
        location = _location(case)
        if location == "exact" and not spot[0] and self.areas.outlined:
            location = "outside"
        said = _said(case)
        if into is not None:
            said["state"] = case.state
        if not whole:
            said["flags"] = [*said.get("flags", ()), "area_not_here"]
        closed = case.closed_at
        if closed is not None and ("closed_before_reported" in case.flags):
            # Kept as it was said; no case closes before it begins.
            said["closed_at"] = closed.isoformat()
            closed = None
        if closed is not None and case.state not in _CLOSED:
            said["closed_at"] = closed.isoformat()
            closed = None
        return HistoryRow(
            row=case.row,
            id=own,
            city_no=self.areas.city_no,
            area_no=area,
            source=case.source,
            state=_state("merged" if into is not None else case.state),
            reported_at=case.reported_at,
            external_source=case.external_source,
            external_id=case.external_id,
            kind_id=case.kind_id,
            closed_at=closed,
            lon=case.lon,
            lat=case.lat,
            location=location,
            address=case.address,
            text=case.text,
            attributes={"imported": said},
            lead_unit=self.units.get(case.unit) if case.unit else None,
            merged_into=into,
            grid_code=spot[1],
        )


def _state(name: str) -> State:
    return name  # type: ignore[return-value]  # packs are checked against STATE_NAMES when loaded


def _location(case: MappedCase) -> str:
    if case.lon is None or case.lat is None:
        return "text" if case.address else "none"
    return next((value for flag, value in _LOCATIONS if flag in case.flags), "exact")


def _said(case: MappedCase) -> JsonObject:
    """What has no column of ours: faults, raw words, the source's own deadline and times."""
    said: JsonObject = {"row": case.row}
    if case.flags:
        said["flags"] = list(case.flags)
    if case.due_at is not None:
        said["due_at"] = case.due_at.isoformat()
    if case.updated_at is not None:
        said["updated_at"] = case.updated_at.isoformat()
    if case.raw:
        said["raw"] = dict(case.raw)
    kept = set(case.raw.values())
    for name, raw in (
        ("kind", case.kind_raw),
        ("state_raw", case.state_raw),
        ("channel", case.source_raw),
        ("unit", case.unit_raw),
        ("area", " / ".join(filter(None, case.area_raw))),
    ):
        if raw and raw not in kept:
            said[name] = raw
    return said
