"""Query strings of lists of cases."""

from uuid import UUID

from pydantic import AwareDatetime, Field

from chengyun.cases import reads, schemas
from chengyun.kernel.problems import FieldError, Invalid


class FilterQuery(schemas.Strict):
    """What a list is narrowed to; states and levels are separated by commas.

    `soon`: past the warning, not yet due. `late`: some stage ran past its limit. `asked`: a request
    waits that oneself is next to judge. `address`: filed under this standard address. `recurring`:
    the same came back after it had been closed.
    """

    queue: str = "all"
    state: str = ""
    kind: str | None = None
    area: int | None = None
    unit: UUID | None = None
    q: str | None = Field(default=None, max_length=100)
    overdue: bool = False
    simulated: bool | None = None
    open: bool | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    closed_since: AwareDatetime | None = None
    level: str = Field(default="", max_length=7, pattern=r"^([1-4](,[1-4])*)?$")
    supervised: bool = False
    soon: bool = False
    late: bool | None = None
    handler: UUID | None = None
    source: str | None = Field(default=None, max_length=40)
    clock: str | None = Field(default=None, max_length=10)
    asked: bool = False
    address: UUID | None = None
    recurring: bool | None = None

    def filters(self) -> reads.Filters:
        """The filters as the reads take them."""
        return reads.Filters(
            queue=self.queue,
            states=tuple(one for one in self.state.split(",") if one),
            kind=self.kind,
            area=self.area,
            unit=self.unit,
            q=self.q,
            overdue=self.overdue,
            simulated=self.simulated,
            open=self.open,
            since=self.since,
            until=self.until,
            closed_since=self.closed_since,
            levels=tuple(int(one) for one in self.level.split(",") if one),
            supervised=self.supervised,
            soon=self.soon,
            late=self.late,
            handler=self.handler,
            source=self.source,
            clock=self.clock,
            asked=self.asked,
            address=self.address,
            recurring=self.recurring,
        )


class PageQuery(FilterQuery):
    """A page of a list."""

    sort: str = "due"
    cursor: str | None = Field(default=None, max_length=500)
    limit: int | None = Field(default=None, ge=1, le=200)


def box(text: str) -> tuple[float, float, float, float]:
    """A bounding box `west,south,east,north` in degrees.

    Raises:
        Invalid: not four numbers in range, or turned round.
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west, south, east, north = 1.0, 1.0, 0.0, 0.0
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Invalid([FieldError("bbox", "is west,south,east,north in degrees", "bad_bbox")])
    return west, south, east, north
