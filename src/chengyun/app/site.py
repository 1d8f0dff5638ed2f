"""What this installation is: its cities, addresses, version, and whether it simulates."""

from collections.abc import Collection

from django.conf import settings
from ninja import Router, Schema

from chengyun.cases import reads as cases
from chengyun.kernel import areas
from chengyun.kernel.problems import NotFound
from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject, Text
from chengyun.people.ports import AreaView
from chengyun.places import reads as places

router = Router(tags=["public"])


class SiteArea(Schema):
    no: int
    code: str
    name: Text
    level: str


class SiteCity(Schema):
    """A city of this installation; `center` is [longitude, latitude] in degrees."""

    area: SiteArea
    center: list[float]
    zoom: float
    time_zone: str
    language: str
    attribution: str


class SiteOut(Schema):
    version: str
    simulated: bool
    cities: list[SiteCity]


def area_view(info: places.AreaInfo) -> AreaView:
    """An area as screens read it."""
    return {"no": info.no, "code": info.code, "name": info.name, "level": info.level}


def city_view(info: places.CityInfo) -> JsonObject:
    """A city as screens read it."""
    return {
        "area": area_view(info.area),
        "center": list(info.center),
        "zoom": info.zoom,
        "time_zone": info.time_zone,
        "language": info.language,
        "attribution": info.attribution,
    }


def simulated() -> bool:
    """Whether a simulation plays here, or once did: its cases stay."""
    return settings.SIMULATED or cases.any_simulated()


class Site:
    """Answers `people.ports.SiteInfo` from places and the settings."""

    def areas(self, numbers: Collection[int]) -> dict[int, AreaView]:
        """The areas that exist among the numbers; a grid is shown as its community."""
        shown = {number: areas.at_level(number, "community") or number for number in numbers}
        named = places.areas_named(shown.values())
        return {
            number: area_view(named[region]) for number, region in shown.items() if region in named
        }

    def site(self, area_no: int | None) -> JsonObject:
        """The members of GET /session beside the user."""
        try:
            city = places.city(area_no) if area_no else next(iter(places.cities()), None)
        except NotFound:
            city = None
        return {
            "stream_url": settings.STREAM_URL,
            "city": city_view(city) if city else None,
            "version": settings.VERSION,
            "simulated": simulated(),
        }


class CityZones:
    """Answers `notices.ports.Zones` from places."""

    def zone(self, area_no: int) -> str:
        """The city's time zone; UTC where no city is known."""
        try:
            return places.city(area_no).time_zone
        except NotFound:
            return "UTC"


@router.get("/site", response=SiteOut)
def public_site(request: Request) -> JsonObject:
    """What a page needs before anybody signed in."""
    return {
        "version": settings.VERSION,
        "simulated": simulated(),
        "cities": [city_view(city) for city in places.cities()],
    }
