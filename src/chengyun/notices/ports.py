"""What notices asks of the rooms beside and above it; the app binds the answers."""

from typing import Protocol


class Zones(Protocol):
    """Knows which clock hangs on the wall of an area; answered by the app from places."""

    def zone(self, area_no: int) -> str:
        """The IANA name of the area's time zone."""
        ...


class _Utc:
    """Answers before the app binds its own."""

    def zone(self, area_no: int) -> str:
        return "UTC"


_bound: list[Zones] = [_Utc()]


def bind_zones(answer: Zones) -> None:
    """Say who answers; the app does so once while it starts."""
    _bound[0] = answer


def zones() -> Zones:
    """Who answers."""
    return _bound[0]
