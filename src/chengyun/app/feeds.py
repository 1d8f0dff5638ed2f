"""News of an area as Atom: public cases reported and closed, for any feed reader."""

import hashlib
from datetime import UTC, datetime
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed

from chengyun.app.public_routes import public_route
from chengyun.cases.reads import PUBLIC_FIELDS, Look, public_cases, public_rows
from chengyun.kernel.problems import TooMany
from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject, Text, text
from chengyun.kernel.throttle import caller_of, knock
from chengyun.places import reads as places

ENTRIES = 100
DAYS = 30
HOUR, KNOCKS = 3_600, 600
_TITLE = text("{area}：城市问题与处理", "{area}: problems reported and solved")
_OPENED = text("{kind}：{day} 上报，{state}", "{kind}: reported {day}, {state}")
_CLOSED = text("{kind}：{closed} 已办结", "{kind}: solved {closed}")
_WHERE = text("{area}，编号 {no}", "{area}, number {no}")
_SIMULATED = text("（模拟数据）", " (simulated)")


def area_feed(request: HttpRequest, code: str) -> HttpResponse:
    """The feed of the area with this code, in `?lang=zh` or `en`; 304 to a known ETag."""
    if public_route(request) is None:
        raise Http404
    asked = cast("Request", request)
    try:
        knock("feed", caller_of(asked), limit=KNOCKS, seconds=HOUR, now=asked.now)
    except TooMany as many:
        return HttpResponse(status=429, headers={"Retry-After": str(many.retry_after)})
    area = _area(code)
    if area is None:
        raise Http404
    language = "en" if request.GET.get("lang") == "en" else "zh"
    body = _feed(request, area, language, asked.now)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    answer["ETag"] = tag
    answer["Cache-Control"] = "public, max-age=300"
    return answer


class _Feed(Atom1Feed):
    """A feed whose date is its newest entry's: asked twice, an empty one is the same."""

    def latest_post_date(self) -> datetime:
        """When the newest entry changed; long ago without any."""
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=datetime(2020, 1, 1, tzinfo=UTC))


def _area(code: str) -> places.AreaInfo | None:
    for city in places.cities():
        found = places.area_by_code(city.area.no, code)
        if found is not None:
            return found
    return None


def _feed(request: HttpRequest, area: places.AreaInfo, language: str, now: datetime) -> bytes:
    found = public_cases(Look(area=area.no, days=DAYS), now=now)
    rows = list(found.order_by("-updated_at", "-id").values(*PUBLIC_FIELDS)[:ENTRIES])
    host = request.get_host().partition(":")[0]
    home = request.build_absolute_uri(f"/map?area={area.no}")
    feed = _Feed(
        title=_word(_TITLE, language).format(area=_word(area.name, language)),
        link=home,
        description="",
        language="zh-CN" if language == "zh" else "en",
        feed_url=request.build_absolute_uri(),
        feed_guid=f"tag:{host},2026:area:{area.code}",
    )
    for row, told in zip(rows, public_rows(rows), strict=True):
        feed.add_item(
            title=_title(told, language),
            link=request.build_absolute_uri(f"/map?case={told['no']}"),
            description=_where(told, language),
            unique_id=f"tag:{host},2026:case:{told['no']}",
            pubdate=row["reported_at"],
            updateddate=max(row["reported_at"], row["closed_at"] or row["reported_at"]),
        )
    return feed.writeString("utf-8").encode()


def _word(words: Text, language: str) -> str:
    return words["en"] if language == "en" else words["zh"]


def _title(told: JsonObject, language: str) -> str:
    closed = told["state"] == "closed" and told["closed_day"]
    said = _word(_CLOSED if closed else _OPENED, language).format(
        kind=_word(told["kind"], language) if told["kind"] else "—",
        day=told["day"],
        closed=told["closed_day"],
        state=_word(told["state_name"], language),
    )
    return said + (_word(_SIMULATED, language) if told["simulated"] else "")


def _where(told: JsonObject, language: str) -> str:
    area = _word(told["area"]["name"], language) if told["area"] else "—"
    return _word(_WHERE, language).format(area=area, no=told["no"])
