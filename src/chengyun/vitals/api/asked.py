"""Which area and table a request is about."""

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.request import Request
from chengyun.vitals import policy, reads, schemas


def area_of(actor: Actor, area: int | None, by: str) -> int:
    """The area asked for, else the largest one the caller may see the evaluation of."""
    if area is not None:
        try:
            areas.depth(area)
        except ValueError as error:
            raise Invalid([FieldError("area", "is no area's number", "unknown_area")]) from error
        return area
    own = [g.area_no for g in actor.grants if g.post in policy.SEE_POSTS]
    if not own:
        # A department's cases may lie anywhere in its city.
        own = [areas.city_of(g.area_no) for g in actor.grants]
    if not own:
        raise Invalid([FieldError("area", "must be given", "required")])
    return min(own, key=areas.depth)


def table_of(request: Request, query: schemas.TableQuery) -> reads.Wanted:
    """The table asked for, once the caller may see it."""
    area = area_of(request.actor, query.area, query.by)
    policy.may_see(request.actor, area, query.by)
    return reads.wanted(area, query.period, query.by, query.level, request.now)
