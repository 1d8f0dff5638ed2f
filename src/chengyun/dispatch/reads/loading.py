"""A stored list and the units that exist, as values that decide."""

from datetime import datetime
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from chengyun.dispatch.decide.compiled import CompiledList
from chengyun.dispatch.decide.duties import DutyList as Duties
from chengyun.dispatch.decide.parsing import read_list
from chengyun.dispatch.decide.units import Directory, Unit
from chengyun.dispatch.models import DutyList
from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.kernel.text import as_text
from chengyun.people.models import Organisation
from chengyun.places.models import City, Region


def load_directory(city_no: int, *, now: datetime) -> Directory:
    """The organisations of a city that exist now, with its areas by code and its zone."""
    organisations = Organisation.objects.filter(city_no=city_no).valid_at(now).iterator()
    city = City.objects.filter(pk=city_no).first()
    codes = Region.objects.filter(city_id=city_no, valid_to=None).values_list("code", "area_no")
    return Directory(
        city_no=city_no,
        units=[
            Unit(
                id=row.id,
                code=row.code,
                name=as_text(row.name),
                roles=frozenset(row.roles),
                level=areas.level(row.area_no),
                area_no=row.area_no,
            )
            for row in organisations
        ],
        areas_by_code=dict(codes),
        zone=ZoneInfo(city.time_zone if city else "UTC"),
    )


@lru_cache(maxsize=8)
def _parsed(list_id: UUID, digest: str) -> Duties:
    # The digest is part of the key: a draft may be written anew under the same id.
    content = DutyList.objects.values_list("content", flat=True).get(pk=list_id, hash=digest)
    duties, faults = read_list(content)
    if duties is None or faults:
        raise ValueError(f"duty list {list_id} does not read back: {faults[:1]}")
    return duties


def duties_of(row: DutyList) -> Duties:
    """The content of a stored list, read once per process."""
    return _parsed(row.id, row.hash)


def compiled(row: DutyList, *, now: datetime) -> CompiledList:
    """A stored list against the units that exist now."""
    return CompiledList(duties_of(row), load_directory(row.city_no, now=now))


def find(actor: Actor, list_id: UUID) -> DutyList:
    """One version.

    Raises:
        NotFound: there is none, or it is another city's.
    """
    row = DutyList.objects.visible_to(actor).filter(pk=list_id).first()
    if row is None:
        raise NotFound("There is no such duty list.")
    return row


def active(city_no: int) -> DutyList | None:
    """The list in force in a city."""
    return DutyList.objects.filter(city_no=city_no, status="active").first()
