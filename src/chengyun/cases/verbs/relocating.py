"""Where a correction puts a case: located as at intake, and written with the move."""

from collections.abc import Iterable
from uuid import UUID

from chengyun.cases.decide.commands import Command, Relocate
from chengyun.cases.decide.context import Lying, Refusal, refuse
from chengyun.cases.decide.state import CaseState, Place
from chengyun.cases.events import CaseEvent, CaseRelocated
from chengyun.cases.models import Case
from chengyun.cases.reads.names import unit_views
from chengyun.cases.reads.similar import cell_of
from chengyun.cases.verbs.placing import place_points
from chengyun.kernel import areas
from chengyun.kernel.text import JsonObject
from chengyun.places.models import Address
from chengyun.places.reads import standing

Point = tuple[float, float]


def both_places(
    command: Command, row: Case, state: CaseState
) -> tuple[Lying | None, Lying | Refusal | None]:
    """Where a case lies and where the command puts it; nothing for any other command."""
    if not isinstance(command, Relocate):
        return None, None
    here = Place(state.area_no, row.grid_code, row.lon, row.lat, row.location, row.address_id)
    return Lying(here, row.address), _there(command, row, state.city)


def _there(command: Relocate, row: Case, city: int) -> Lying | Refusal:
    said = row.address if command.address is None else command.address.strip()
    point = _point(command)
    known = None
    if command.address_id is not None:
        known = _published(city, command.address_id)
        if known is None:
            return refuse(
                "unknown_address",
                "没有此标准地址",
                "There is no such standard address in force.",
                "address_id",
            )
        said = (command.address or "").strip() or known.text
    elif point is None and command.address:
        found = standing(city, said)
        known = None if found is None else _published(city, found.id)
        if known is None and command.area_no is None:
            return refuse(
                "doubtful",
                "没有唯一对应的标准地址，请选择一条或在地图上标出",
                "This names no single standard address: choose one, or mark the place.",
                "address",
            )
    if point is None and known is not None and known.lon is not None and known.lat is not None:
        point = (known.lon, known.lat)
    if point is not None:
        return _at(point, known, said, command.area_no, city)
    if known is not None:
        grid = known.grid_code or None
        place = Place(known.area_no, grid, None, None, "text", known.id)
        return _within(place, said, command.area_no)
    return _in_area(command.area_no, said, city)


def _point(command: Relocate) -> Point | None:
    if command.lon is None or command.lat is None:
        return None
    return command.lon, command.lat


def _published(city: int, address_id: UUID) -> Address | None:
    found = Address.objects.filter(pk=address_id, city_no=city, state="published").first()
    return found if isinstance(found, Address) else None


def _at(
    point: Point, known: Address | None, said: str, area_no: int | None, city: int
) -> Lying | Refusal:
    lon, lat = point
    located = None
    if -180 <= lon <= 180 and -90 <= lat <= 90:
        located = place_points([point], [city])[0]
    if located is None:
        return refuse(
            "outside",
            "该点在本市范围之外",
            "The point lies outside the city.",
            "lon" if known is None else "address_id",
        )
    address_id = known.id if known else None
    if known is None:
        found = standing(city, said, point)
        address_id = found.id if found else None
        said = said or (found.text if found else "")
    place = Place(located.area_no, located.grid_code, lon, lat, "exact", address_id)
    return _within(place, said, area_no)


def _within(place: Place, said: str, area_no: int | None) -> Lying | Refusal:
    """The place, unless an area was named that does not hold it."""
    if area_no is not None and not _holds(area_no, place.area_no):
        return refuse(
            "invalid", "该位置不在此区域内", "The place does not lie in this area.", "area_no"
        )
    return Lying(place, said)


def _holds(area_no: int, place: int | None) -> bool:
    try:
        return place is not None and areas.contains(area_no, place)
    except ValueError:
        return False


def _in_area(area_no: int | None, said: str, city: int) -> Lying | Refusal:
    if area_no is None or not _holds(city, area_no):
        return refuse("invalid", "该区域不属于本市", "This area is not in the city.", "area_no")
    return Lying(Place(area_no, location="text" if said else "none"), said)


def put(row: Case, events: Iterable[CaseEvent]) -> None:
    """Write the corrected place into a locked row, before the fold takes it out of sight."""
    moved = [event for event in events if isinstance(event, CaseRelocated)]
    if not moved:
        return
    place = moved[-1].after
    row.lon, row.lat, row.location = place.lon, place.lat, place.location
    row.grid_code, row.address_id = place.grid_code, place.address_id
    row.cell = cell_of(place.lon, place.lat)
    row.address = moved[-1].address
    Case.objects.filter(pk=row.pk).update(
        **{name: getattr(row, name) for name in _COLUMNS},
    )


_COLUMNS = ("lon", "lat", "location", "cell", "grid_code", "address", "address_id")


def offer_of(state: CaseState) -> JsonObject:
    """What a receipt adds where the duty list names another unit for the corrected place."""
    last = state.decisions[-1]
    if last.what != "redispatch":
        return {}
    unit = last.candidates[0].unit
    found = unit_views([unit]).get(unit)
    return {"redispatch": found | {"id": str(unit)}} if found else {}
