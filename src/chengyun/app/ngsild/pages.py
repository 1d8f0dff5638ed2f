"""Pages of a list: CIM 009 §6.3.10, §6.3.13."""

from collections.abc import Mapping

from chengyun.app.ngsild.contexts import (
    JSON,
)
from chengyun.app.ngsild.doors import options_of
from chengyun.app.ngsild.faults import BadData
from chengyun.app.ngsild.finding import MOST, USUAL
from chengyun.kernel.problems import Problem
from chengyun.kernel.request import Request


def page_of(said: Mapping[str, str]) -> tuple[int, int, bool]:
    """Limit, offset and whether to count. Raises BadData."""
    count = said.get("count", "").lower() == "true" or "count" in options_of(said)
    limit = _number(said, "limit", USUAL)
    if limit > MOST:
        raise Problem(f"limit: is at most {MOST:,}.", code="TooManyResults")
    if limit == 0 and not count:
        raise BadData("limit: 0 is of counting only.")
    return limit, _number(said, "offset", 0), count


def _number(said: Mapping[str, str], name: str, usual: int) -> int:
    text = said.get(name)
    if text is None or text == "":
        return usual
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadData(f"{name}: is a whole number.")
    return int(text)


def paging(
    request: Request, limit: int, offset: int, more: bool, total: int | None
) -> dict[str, str]:
    """The headers of a page."""
    found: dict[str, str] = {}
    links = []
    for rel, at in (("next", offset + limit if more else -1), ("prev", offset - limit)):
        if at >= 0 and limit:
            query = request.GET.copy()
            query["offset"], query["limit"] = str(at), str(limit)
            links.append(
                f'<{request.path}?{query.urlencode(safe="/:,")}>; rel="{rel}"; type="{JSON}"'
            )
    if links:
        found["Link"] = ", ".join(links)
    if total is not None:
        found["NGSILD-Results-Count"] = str(total)
    return found
