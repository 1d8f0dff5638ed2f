"""Which city a request is about."""

from chengyun.kernel import areas
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.request import Request


def city_of(request: Request, city: int | None) -> int:
    """The city asked for, or the only one the caller works in."""
    if city is not None:
        if not 0 < city < 2**58 or areas.city_of(city) != city:
            raise Invalid([FieldError("city", "is no city's area number", "unknown_area")])
        return city
    own = {areas.city_of(grant.area_no) for grant in request.actor.grants}
    if len(own) != 1:
        raise Invalid([FieldError("city", "must be given", "required")])
    return own.pop()
