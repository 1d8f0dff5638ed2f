"""The shape an organisation tree must keep."""

from dataclasses import dataclass
from uuid import UUID

from chengyun.kernel import areas
from chengyun.people.decide.faults import Fault


@dataclass(frozen=True, slots=True)
class Place:
    """Where an organisation stands: its area and the ids from the root down to itself."""

    id: UUID
    area_no: int
    path: tuple[UUID, ...]


# Far deeper than city, bureau, district branch, street team, squad.
DEPTH_MAX = 12


def is_area(number: int) -> bool:
    """Whether a number is a path of ordinals without a gap."""
    try:
        return number > 0 and areas.pack(*areas.unpack(number)) == number
    except ValueError:
        return False


def lies_inside(outer: int, inner: int) -> bool:
    """Whether a number is an area and lies in another."""
    return is_area(inner) and areas.contains(outer, inner)


def placement_faults(own_id: UUID, area_no: int, parent: Place | None) -> list[Fault]:
    """Why an organisation of this area may not stand below the parent; empty when it may."""
    if not is_area(area_no) or areas.level(area_no) == "grid":
        return [Fault("area_no", "is no city, district, street or community", "bad_area")]
    if parent is None:
        return []
    faults = []
    if own_id in parent.path:
        faults.append(
            Fault("parent", "is the organisation itself or one of its own parts", "cycle")
        )
    if areas.city_of(parent.area_no) != areas.city_of(area_no):
        faults.append(Fault("parent", "belongs to another city", "other_city"))
    elif not areas.contains(parent.area_no, area_no):
        faults.append(Fault("area_no", "does not lie inside the parent's area", "outside_parent"))
    if len(parent.path) >= DEPTH_MAX:
        faults.append(Fault("parent", f"is already {DEPTH_MAX} levels deep", "too_deep"))
    return faults
