"""Small words of sentences: people, limits, instants, levels, in both languages."""

from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from chengyun.cases.decide.kinds import Limit
from chengyun.cases.decide.standing import POST_NAMES
from chengyun.cases.decide.state import Place
from chengyun.cases.events.stamped import CaseEvent
from chengyun.kernel.text import Text, text

STAGE_NAMES: dict[str, Text] = {
    "accept": text("受理", "acceptance"),
    "verify": text("核实", "verification"),
    "file": text("立案", "filing"),
    "dispatch": text("派遣", "dispatch"),
    "dispose": text("处置", "handling"),
    "check": text("核查", "check"),
    "close": text("结案", "closing"),
}
LEVEL_NAMES: dict[str, Text] = {
    "street": text("街镇", "street"),
    "district": text("区", "district"),
    "city": text("市", "city"),
}
_UNITS: dict[str, tuple[str, str, str]] = {
    "UH": ("小时（连续）", "hour", "hours"),
    "WH": ("个工作小时", "working hour", "working hours"),
    "WD": ("个工作日", "working day", "working days"),
    "ND": ("个自然日", "day", "days"),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Names(Protocol):
    """What ids are called; an id that is unknown gets a name all the same."""

    def org(self, org_id: UUID) -> Text: ...

    def user(self, user_id: UUID) -> str: ...

    def kind(self, kind_id: str) -> Text: ...

    def condition(self, kind_id: str, condition_id: str) -> Text: ...

    def case(self, case_id: UUID) -> str: ...

    def area(self, area_no: int) -> Text: ...


def limit_words(limit: Limit) -> Text:
    """Three working days, and so on."""
    zh, one, more = _UNITS[limit.unit]
    return text(f"{limit.amount:g}{zh}", f"{limit.amount:g} {one if limit.amount == 1 else more}")


def instant_words(at: datetime, zone: ZoneInfo) -> Text:
    """Day and minute in the area's zone; the year is on the page already."""
    here = at.astimezone(zone)
    clock = f"{here.hour:02d}:{here.minute:02d}"
    return text(
        f"{here.month}月{here.day}日{clock}", f"{here.day} {_MONTHS[here.month - 1]} {clock}"
    )


def who(event: CaseEvent, names: Names) -> Text:
    """Who did it: a person and their post, a script, the system or the reporter."""
    stamp = event.stamp
    post = POST_NAMES.get(stamp.post or "")
    if stamp.by is None:
        if stamp.post == "import":
            return text("来源系统", "The source system")
        if post is None:
            return text("系统", "The system")
        return text(post["zh"], f"The {post['en']}")
    name = names.user(stamp.by)
    if post is None:
        return text(name, name)
    return text(f"{post['zh']}{name}", f"{name} ({post['en']})")


def typed_later(event: CaseEvent, names: Names, zone: ZoneInfo) -> Text:
    """That something was done on paper, and who typed it when; nothing for the rest."""
    paper = event.stamp.paper
    if paper is None:
        return text("", "")
    name, at = names.user(paper.entered_by), instant_words(paper.entered_at, zone)
    sheet = f"（{paper.no}）" if paper.no else ""
    return text(
        f"【纸质记录{sheet}，由{name}于{at['zh']}补录】",
        f" [entered from paper{' ' + paper.no if paper.no else ''} by {name} at {at['en']}]",
    )


def listed(items: list[Text]) -> Text:
    """Several names as one."""
    return text("、".join(i["zh"] for i in items), ", ".join(i["en"] for i in items))


def because(said: str) -> Text:
    """A reason or note at a sentence's end; what officials wrote stays as written."""
    said = said.strip()
    return text(f"：{said}", f": {said}") if said else text("", "")


def place_words(place: Place, address: str, names: Names) -> Text:
    """Where a case lies: its area and its address, else its point."""
    point = "" if place.lon is None or place.lat is None else f"{place.lon:.5f}, {place.lat:.5f}"
    area = text("", "") if place.area_no is None else names.area(place.area_no)
    said = address.strip() or point
    if not said and not area["zh"]:
        return text("未定", "no place")
    zh = "".join((area["zh"], " " if said and area["zh"] else "", said))
    return text(zh, ", ".join(one for one in (said, area["en"]) if one))
