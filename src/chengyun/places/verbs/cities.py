"""Taking a city onto this node."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import connection
from django.db.models import Max

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.text import JsonObject, Text
from chengyun.kernel.verbs import verb
from chengyun.places.decide.outlining import BadOutline, point_of
from chengyun.places.models import City, Region, RegionHistory
from chengyun.places.policy import check_may_change


@verb("places.add_city")
def add_city(
    actor: Actor,
    *,
    now: datetime,
    code: str,
    name: Text,
    time_zone: str,
    calendar: str,
    language: str,
    code_scheme: str,
    center: tuple[float, float],
    zoom: float = 10.0,
    attribution: str = "",
    synthetic: bool = False,
    source: str = "",
) -> JsonObject:
    """Add a city with its own root area, or bring the attributes of a known one up to date.

    Returns {"area_no", "created"}. Raises Invalid, Forbidden.
    """
    check_may_change(actor)
    _check(code, name, time_zone, center)
    attributes = {
        "time_zone": time_zone,
        "calendar": calendar,
        "language": language,
        "code_scheme": code_scheme,
        "center_lon": center[0],
        "center_lat": center[1],
        "zoom": zoom,
        "attribution": attribution,
    }
    with connection.cursor() as cursor:
        # Two cities added at once must not draw the same number.
        cursor.execute("LOCK TABLE places_city IN SHARE ROW EXCLUSIVE MODE")
    known = City.objects.select_for_update().filter(code=code).first()
    if known is not None:
        City.objects.filter(pk=known.pk).update(**attributes)
        known.refresh_from_db()
        known.touch()
        return {"area_no": known.area_no, "created": False}
    last = City.objects.aggregate(last=Max("area_no"))["last"]
    city_no = areas.pack(1 if last is None else areas.unpack(last)[0] + 1)
    added = City.objects.create(area_no=city_no, code=code, **attributes)
    today = now.astimezone(ZoneInfo(time_zone)).date()
    common = {
        "code": code,
        "name_zh": name["zh"],
        "name_en": name["en"],
        "synthetic": synthetic,
        "source": source,
        "valid_from": today,
    }
    Region.objects.create(
        area_no=city_no,
        city=added,
        level="city",
        center_lon=center[0],
        center_lat=center[1],
        **common,
    )
    RegionHistory.objects.create(area_no=city_no, change="created", recorded_at=now, **common)
    added.touch()
    return {"area_no": city_no, "created": True}


def _check(code: str, name: Text, time_zone: str, center: tuple[float, float]) -> None:
    errors: list[FieldError] = []
    if not code.strip() or len(code) > 64:
        errors.append(FieldError("code", "must have 1 to 64 characters", "bad_code"))
    if not name["zh"].strip():
        errors.append(FieldError("name", "must not be empty", "bad_name"))
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        errors.append(FieldError("time_zone", "is no IANA time zone", "bad_time_zone"))
    try:
        point_of(*center)
    except BadOutline as bad:
        errors.append(FieldError("center", str(bad), "bad_center"))
    if errors:
        raise Invalid(errors)


def locked_city(city_no: int) -> City:
    """The city, locked: changes to one city's map happen one after the other. Raises NotFound."""
    found = City.objects.select_for_update().filter(pk=city_no).first()
    if found is None:
        raise NotFound("There is no such city.")
    return found
