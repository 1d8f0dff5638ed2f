"""What people asks of the rooms above: names of areas, and what the site is."""

from collections.abc import Collection
from typing import Protocol, TypedDict

from chengyun.kernel import areas
from chengyun.kernel.text import JsonObject, Text, text


class AreaView(TypedDict):
    """An area as screens read it."""

    no: int
    code: str
    name: Text
    level: str


class SiteInfo(Protocol):
    """Answered by the app, from places and its settings."""

    def areas(self, numbers: Collection[int]) -> dict[int, AreaView]:
        """The areas that exist among the numbers."""
        ...

    def site(self, area_no: int | None) -> JsonObject:
        """The members of GET /session beside the user: stream_url, city, version, simulated.

        Args:
            area_no: an area of the city the user works in; None when they hold no post.
        """
        ...


class NoSite:
    """Answers before the app binds its own: nothing is known of areas or the site."""

    def areas(self, numbers: Collection[int]) -> dict[int, AreaView]:
        return {}

    def site(self, area_no: int | None) -> JsonObject:
        return {}


_bound: list[SiteInfo] = [NoSite()]


def bind_site(site: SiteInfo) -> None:
    """Answer through this from now on."""
    _bound[0] = site


def site() -> SiteInfo:
    """Who answers."""
    return _bound[0]


def area_view(number: int, known: dict[int, AreaView]) -> AreaView:
    """The area as known; without a name and code when no room knows it."""
    found = known.get(number)
    if found is not None:
        return found
    return {"no": number, "code": "", "name": text("", ""), "level": areas.level(number)}
