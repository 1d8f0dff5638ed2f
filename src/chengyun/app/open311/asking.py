"""What a caller asked for: parameters read strictly, faults in the standard's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chengyun.app.open311.answers import Fault
from chengyun.cases.reads import kinds
from chengyun.places import reads as places

MOST = 1_000
SPAN = timedelta(days=90)
RADIUS_MAX = 50_000.0
_IDS_MAX = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests: by ids alone, or by everything else."""

    ids: tuple[str, ...]
    kinds: tuple[str, ...]
    start: datetime
    end: datetime
    open: bool | None
    page: int
    size: int
    around: tuple[float, float, float] | None  # longitude, latitude, metres


Params = Mapping[str, str]


def said(params: Params, name: str) -> str:
    """A parameter without surrounding space; "" when it is not there.

    Raises:
        Fault: 400, it holds a NUL character.
    """
    value = params.get(name, "").strip()
    if "\0" in value:
        raise Fault(400, f"{name} holds a NUL character.")
    return value


def city_of(params: Params, *, needed: bool = True) -> places.CityInfo | None:
    """The city of `jurisdiction_id`; the only one where there is but one.

    Raises:
        Fault: 404 unknown; 400 not given where several are served.
    """
    served = places.cities()
    code = said(params, "jurisdiction_id")
    if code:
        for city in served:
            if city.area.code == code:
                return city
        raise Fault(404, "jurisdiction_id provided was not found.")
    if len(served) == 1:
        return served[0]
    if not needed:
        return None
    if not served:
        raise Fault(404, "No jurisdiction is served here yet.")
    known = ", ".join(city.area.code for city in served)
    raise Fault(400, f"jurisdiction_id was not provided; it is one of {known}.")


def service_code(kind_id: str) -> str:
    """A kind's id as one segment of a path."""
    return kind_id.replace("/", "~")


def kind_of(code: str, city: places.CityInfo) -> str:
    """The id of a city's public kind.

    Raises:
        Fault: 404, there is none.
    """
    wanted = code.replace("~", "/")
    for entry in kinds().for_city(city.area.no):
        if entry.kind.id == wanted and entry.kind.public:
            return wanted
    raise Fault(404, "service_code provided was not found.")


def instant_of(params: Params, name: str) -> datetime | None:
    """A time with its offset.

    Raises:
        Fault: 400, it is none.
    """
    # A plus sign that nobody encoded arrives as a space.
    value = said(params, name).replace(" ", "+")
    if not value:
        return None
    try:
        at = datetime.fromisoformat(value)
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Fault(400, f"{name} must be an ISO 8601 time such as 2026-05-24T00:00:00Z.") from None


def span_of(params: Params, now: datetime) -> tuple[datetime, datetime]:
    """From start_date to end_date, at most 90 days; the last 90 days by default.

    Raises:
        Fault: 400, longer, or end before start.
    """
    start, end = instant_of(params, "start_date"), instant_of(params, "end_date")
    try:
        if start is None and end is None:
            return now - SPAN, now
        if start is None and end is not None:
            return end - SPAN, end
        if start is not None and end is None:
            return start, start + SPAN
    except OverflowError:
        raise Fault(400, "start_date or end_date is out of range.") from None
    if start is None or end is None or end < start:
        raise Fault(400, "end_date must not lie before start_date.")
    if end - start > SPAN:
        raise Fault(400, "start_date and end_date may not span more than 90 days.")
    return start, end


def number_of(params: Params, name: str, low: float, high: float) -> float | None:
    """A number within bounds.

    Raises:
        Fault: 400, it is none, or outside.
    """
    value = said(params, name)
    if not value:
        return None
    try:
        found = float(value)
    except ValueError:
        raise Fault(400, f"{name} must be a number.") from None
    if not low <= found <= high:
        raise Fault(400, f"{name} must lie between {low:g} and {high:g}.")
    return found


def whole_of(params: Params, name: str, default: int, high: int) -> int:
    """A whole number from 1 to `high`.

    Raises:
        Fault: 400, it is none, or outside.
    """
    value = said(params, name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or len(value) > 9 or not 1 <= int(value) <= high:
        raise Fault(400, f"{name} must be a whole number from 1 to {high}.")
    return int(value)


def listed(params: Params, name: str) -> tuple[str, ...]:
    """The values of a comma-delimited parameter.

    Raises:
        Fault: 400, too many.
    """
    found = tuple(
        dict.fromkeys(filter(None, (one.strip() for one in said(params, name).split(","))))
    )
    if len(found) > _IDS_MAX:
        raise Fault(400, f"{name} may hold at most {_IDS_MAX} values.")
    return found


def wanted(params: Params, city: places.CityInfo, now: datetime) -> Wanted:
    """The filters of GET requests.

    Raises:
        Fault: 400 a parameter is wrong; 404 an unknown service_code.
    """
    ids = listed(params, "service_request_id")
    if ids:
        # Ids override every other filter.
        return Wanted(ids, (), now, now, None, 1, MOST, None)
    start, end = span_of(params, now)
    states = {one.lower() for one in listed(params, "status")}
    if states - {"open", "closed"}:
        raise Fault(400, "status must be open or closed, or both delimited by a comma.")
    lat, lon = number_of(params, "lat", -90, 90), number_of(params, "long", -180, 180)
    radius = number_of(params, "radius", 0, RADIUS_MAX)
    if (lat is None) != (lon is None):
        raise Fault(400, "lat and long must be given together.")
    if radius is not None and lat is None:
        raise Fault(400, "radius needs lat and long.")
    return Wanted(
        ids=(),
        kinds=tuple(kind_of(code, city) for code in listed(params, "service_code")),
        start=start,
        end=end,
        open=None if len(states) != 1 else states == {"open"},
        page=whole_of(params, "page", 1, 1_000_000),
        size=whole_of(params, "page_size", MOST, MOST),
        around=None if lat is None or lon is None else (lon, lat, radius or 1_000.0),
    )
