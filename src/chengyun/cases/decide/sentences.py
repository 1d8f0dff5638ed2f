"""Every event as a plain sentence, for the timeline."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from chengyun.cases import events as e
from chengyun.cases.decide.clocks import StageClock
from chengyun.cases.decide.state import STATE_NAMES
from chengyun.cases.decide.wording import (
    LEVEL_NAMES,
    STAGE_NAMES,
    Names,
    because,
    instant_words,
    limit_words,
    listed,
    place_words,
    typed_later,
    who,
)
from chengyun.kernel.text import Text, text

Pair = tuple[str, str]
Teller = Callable[[Any, "Telling"], Pair]


class Telling:
    """Names and zone of one timeline, and phrases made with them."""

    def __init__(self, names: Names, zone: ZoneInfo) -> None:
        self.names = names
        self.zone = zone

    def due(self, clock: StageClock | None) -> Pair:
        """Until when, as a clause."""
        if clock is None:
            return "", ""
        at = instant_words(clock.due_at, self.zone)
        zh, en = ("，暂定", " (provisional)") if clock.provisional else ("", "")
        return f"，限{at['zh']}前{zh}", f", due by {at['en']}{en}"


def sentence(event: e.CaseEvent, names: Names, zone: ZoneInfo) -> Text:
    """What happened, in one sentence without a full stop; the page shows the time beside it."""
    zh, en = _TELLERS[type(event)](event, Telling(names, zone))
    actor = who(event, names)
    typed = typed_later(event, names, zone)
    # Officials' words come last and may hold anything, so only the first is ours.
    return text(
        zh.replace("{who}", actor["zh"], 1) + typed["zh"],
        en.replace("{who}", actor["en"], 1) + typed["en"],
    )


def _plain(zh: str, en: str, said: str | None = None) -> Teller:
    """A sentence that is always the same but for who did it and the words at its end."""

    def tell(event: Any, t: Telling) -> Pair:
        end = because(getattr(event, said) if said else "")
        due = t.due(getattr(event, "clock", None))
        return zh + due[0] + end["zh"], en + due[1] + end["en"]

    return tell


def _reported(x: e.CaseReported, t: Telling) -> Pair:
    if x.kind_id is None:
        return "{who}上报了问题，未定类别", "{who} reported a problem of no known kind"
    kind = t.names.kind(x.kind_id)
    return f"{{who}}上报了“{kind['zh']}”", f"{{who}} reported “{kind['en']}”"


def _imported(x: e.CaseImported, _t: Telling) -> Pair:
    name = STATE_NAMES[x.state]
    return (
        f"作为历史数据导入，当时状态为“{name['zh']}”",
        f"Imported as history, in state “{name['en']}”",
    )


def _queued(x: e.CaseQueued, t: Telling) -> Pair:
    why, due = listed(list(x.decision.reasons)), t.due(x.clock)
    zh, en = because(why["zh"])["zh"], because(why["en"])["en"]
    return f"转受理员处理{due[0]}{zh}", f"Put before an acceptor{due[1]}{en}"


def _filed(x: e.CaseFiled, t: Telling) -> Pair:
    kind = t.names.kind(x.kind_id)
    condition = t.names.condition(x.kind_id, x.condition_id)
    limit = limit_words(x.limit)
    note = because(x.note)
    return (
        f"{{who}}按“{kind['zh']}：{condition['zh']}”立案，处置时限{limit['zh']}{note['zh']}",
        (
            f"{{who}} filed it as “{kind['en']}: {condition['en']}”, to be handled within "
            f"{limit['en']}{note['en']}"
        ),
    )


def _dispatched(x: e.CaseDispatched, t: Telling) -> Pair:
    unit, due, note = t.names.org(x.unit), t.due(x.clock), because(x.note)
    helped = listed([t.names.org(co) for co in x.co_units])
    zh = f"，{helped['zh']}协办" if x.co_units else ""
    en = f", with {helped['en']}" if x.co_units else ""
    return (
        f"{{who}}派遣至{unit['zh']}{zh}{due[0]}{note['zh']}",
        f"{{who}} dispatched it to {unit['en']}{en}{due[1]}{note['en']}",
    )


def _redispatched(x: e.CaseRedispatched, t: Telling) -> Pair:
    unit, due, why = t.names.org(x.unit), t.due(x.clock), because(x.reason)
    old = None if x.from_unit is None else t.names.org(x.from_unit)
    zh = f"由{old['zh']}" if old else ""
    en = f" from {old['en']}" if old else ""
    return (
        f"{{who}}将案件{zh}改派至{unit['zh']}{due[0]}{why['zh']}",
        f"{{who}} moved it{en} to {unit['en']}{due[1]}{why['en']}",
    )


def _returned(x: e.CaseReturned, t: Telling) -> Pair:
    to, due, why = STATE_NAMES[x.to_state], t.due(x.clock), because(x.reason)
    return (
        f"{{who}}回退案件，现为“{to['zh']}”{due[0]}{why['zh']}",
        f"{{who}} returned it; it is now “{to['en']}”{due[1]}{why['en']}",
    )


def _assigned(x: e.HandlerAssigned, t: Telling) -> Pair:
    name, note = t.names.user(x.handler_id), because(x.note)
    return f"{{who}}指派{name}处置{note['zh']}", f"{{who}} assigned {name}{note['en']}"


def _confirmed(x: e.FeedbackConfirmed, t: Telling) -> Pair:
    due, note = t.due(x.clock), because(x.note)
    zh, en = ("待结案", "closing") if x.skips_check else ("待核查", "a check")
    return (
        f"{{who}}确认处置结果，处置计时停止，{zh}{due[0]}{note['zh']}",
        (
            f"{{who}} confirmed the result, which stops the handling clock; it awaits {en}"
            f"{due[1]}{note['en']}"
        ),
    )


def _verified(x: e.VerifyReported, t: Telling) -> Pair:
    due, note = t.due(x.clock), because(x.note)
    zh, en = ("情况属实", "it is there") if x.exists else ("情况不属实", "nothing is there")
    return f"{{who}}核实：{zh}{due[0]}{note['zh']}", f"{{who}} verified: {en}{due[1]}{note['en']}"


def _checked(x: e.CheckReported, t: Telling) -> Pair:
    due, note = t.due(x.clock), because(x.note)
    zh, en = ("通过", "passed") if x.passed else ("未通过", "failed")
    return (
        f"{{who}}核查{zh}{due[0]}{note['zh']}",
        f"{{who}} checked the result: {en}{due[1]}{note['en']}",
    )


def _extension_asked(x: e.ExtensionRequested, _t: Telling) -> Pair:
    why = because(x.reason)
    zh, en = ("派遣员", "a dispatcher") if x.unit_approved else ("部门", "the department")
    return (
        f"{{who}}申请延期，待{zh}审批{why['zh']}",
        f"{{who}} asked for more time, to be approved by {en}{why['en']}",
    )


def _suspension_asked(x: e.SuspensionRequested, t: Telling) -> Pair:
    until, why = instant_words(x.until, t.zone), because(x.reason)
    return (
        f"{{who}}申请挂账至{until['zh']}{why['zh']}",
        f"{{who}} asked to suspend it until {until['en']}{why['en']}",
    )


def _suspended(x: e.CaseSuspended, t: Telling) -> Pair:
    until = instant_words(x.until, t.zone)
    return (
        f"{{who}}同意挂账至{until['zh']}，计时暂停",
        f"{{who}} suspended it until {until['en']}; the clock stands still",
    )


def _supervised(x: e.SupervisionOrdered, _t: Telling) -> Pair:
    level, note = LEVEL_NAMES[x.level], because(x.note)
    zh, en = (
        ("挂牌督办", "put it on the supervision list") if x.listed else ("督办", "supervises it")
    )
    return (
        f"{{who}}{level['zh']}级{zh}{note['zh']}",
        f"{{who}} {en}, {level['en']} level{note['en']}",
    )


def _escalated(x: e.CaseEscalated, _t: Telling) -> Pair:
    level, why = LEVEL_NAMES[x.level], because(x.reason)
    if x.by_ladder:
        return (
            f"超时未结，自动升级至{level['zh']}级",
            f"Still overdue, so the {level['en']} level is told",
        )
    return (
        f"{{who}}升级至{level['zh']}级{why['zh']}",
        f"{{who}} told the {level['en']} level{why['en']}",
    )


def _relocated(x: e.CaseRelocated, t: Telling) -> Pair:
    was, now = (
        place_words(x.before, x.was_address, t.names),
        place_words(x.after, x.address, t.names),
    )
    return (
        f"{{who}}更正位置：由“{was['zh']}”改为“{now['zh']}”，原因：{x.reason}",
        f"{{who}} moved its place from “{was['en']}” to “{now['en']}”, because: {x.reason}",
    )


def _merged(x: e.CaseMerged, _t: Telling) -> Pair:
    why = because(x.reason)
    return (
        f"{{who}}将本案件并入{x.into_no}{why['zh']}",
        f"{{who}} merged it into {x.into_no}{why['en']}",
    )


def _absorbed(x: e.CaseAbsorbed, _t: Telling) -> Pair:
    plural = "report" if x.reports == 1 else "reports"
    return (
        f"{{who}}将案件{x.other_no}并入本案件，带来{x.reports}件上报",
        f"{{who}} merged case {x.other_no} into this one, with {x.reports} {plural}",
    )


def _split(x: e.CaseSplit, t: Telling) -> Pair:
    numbers, why = [t.names.case(child) for child in x.children], because(x.reason)
    return (
        f"{{who}}拆分出案件{'、'.join(numbers)}{why['zh']}",
        f"{{who}} split off {', '.join(numbers)}{why['en']}",
    )


def _joined(x: e.CoUnitJoined, t: Telling) -> Pair:
    unit, why = t.names.org(x.unit), because(x.reason)
    return (
        f"{{who}}增加{unit['zh']}协办{why['zh']}",
        f"{{who}} asked {unit['en']} to help{why['en']}",
    )


def _co_feedback(x: e.CoFeedbackGiven, t: Telling) -> Pair:
    unit, note = t.names.org(x.unit), because(x.note)
    return (
        f"{{who}}反馈：{unit['zh']}的协办部分已完成{note['zh']}",
        f"{{who}} reported the part of {unit['en']} done{note['en']}",
    )


def _reopened(x: e.CaseReopened, t: Telling) -> Pair:
    to, due, why = STATE_NAMES[x.to_state], t.due(x.clock), because(x.reason)
    return (
        f"{{who}}重开案件，现为“{to['zh']}”{due[0]}{why['zh']}",
        f"{{who}} opened it again; it is now “{to['en']}”{due[1]}{why['en']}",
    )


def _reviewed(x: e.AppealReviewed, _t: Telling) -> Pair:
    why = because(x.reason)
    if not x.granted:
        return f"{{who}}驳回申诉{why['zh']}", f"{{who}} refused the appeal{why['en']}"
    if not x.final:
        return (
            f"{{who}}同意申诉，待受理员复审{why['zh']}",
            f"{{who}} agreed to the appeal; an acceptor reviews it next{why['en']}",
        )
    return (
        f"{{who}}同意申诉，超时免责，原记录保留{why['zh']}",
        f"{{who}} granted the appeal: exempt, the record of the overtime stays{why['en']}",
    )


def _rated(x: e.CaseRated, _t: Telling) -> Pair:
    note = because(x.note)
    if x.via == "callback":
        return (
            f"{{who}}回访，上报人评价{x.score}分{note['zh']}",
            f"{{who}} called back: the reporter gives {x.score} of 5{note['en']}",
        )
    return f"{{who}}评价{x.score}分{note['zh']}", f"{{who}} gives {x.score} of 5{note['en']}"


def _warned(x: e.ClockWarned, _t: Telling) -> Pair:
    stage = STAGE_NAMES[x.stage]
    return f"{stage['zh']}时限将至，黄灯", f"The {stage['en']} limit is near: yellow"


def _overdue(x: e.ClockOverdue, _t: Telling) -> Pair:
    stage = STAGE_NAMES[x.stage]
    return f"{stage['zh']}超时，红灯", f"The {stage['en']} limit has passed: red"


_MODERATED: dict[str, Pair] = {
    "hide": ("不再公开", "took out of public sight:"),
    "show": ("恢复公开", "put back into public sight:"),
    "correct": ("更正公开的", "corrected what is public of"),
    "approve": ("审核通过", "approved"),
    "redact": ("遮盖", "covered parts of"),
    "erase": ("删除", "removed for good"),
    "open": ("查看原", "opened the original of"),
}
_PARTS: dict[str, Pair] = {
    "case": ("案件", "the case"),
    "text": ("上报文字", "the words of a report"),
    "photo": ("照片", "a photo"),
    "address": ("地址", "the address"),
    "attributes": ("表单内容", "the answers of the form"),
    "words": ("过程中的文字", "words of the history"),
}


def _moderated(x: e.ContentModerated, _t: Telling) -> Pair:
    act, part = _MODERATED[x.act], _PARTS[x.what]
    zh, en = (f"：{x.why['zh']}", f": {x.why['en']}") if x.why else ("", "")
    return f"{{who}}{act[0]}{part[0]}{zh}", f"{{who}} {act[1]} {part[1]}{en}"


_TELLERS: dict[type[e.CaseEvent], Teller] = {
    e.CaseReported: _reported,
    e.CaseImported: _imported,
    e.CaseQueued: _queued,
    e.CaseAccepted: _plain("{who}受理", "{who} accepted it", "note"),
    e.CaseRejected: _plain("{who}不予受理", "{who} did not accept it", "reason"),
    e.VerifyRequested: _plain("{who}安排核实", "{who} sent a collector to verify it", "note"),
    e.VerifyReported: _verified,
    e.CaseFiled: _filed,
    e.CaseDispatched: _dispatched,
    e.CaseRedispatched: _redispatched,
    e.CaseReturned: _returned,
    e.HandlerAssigned: _assigned,
    e.HandlerRevoked: _plain("{who}撤回指派", "{who} took it back from its handler", "note"),
    e.HandlingStarted: _plain("{who}开始处置", "{who} started work"),
    e.CaseHandled: _plain("{who}报告处置完成", "{who} reported it done", "note"),
    e.FeedbackConfirmed: _confirmed,
    e.CoUnitJoined: _joined,
    e.CoFeedbackGiven: _co_feedback,
    e.CheckRequested: _plain("{who}安排核查", "{who} sent a collector to check it", "note"),
    e.CheckReported: _checked,
    e.ReworkOrdered: _plain("{who}退回返工", "{who} sent it back to be redone"),
    e.CaseClosed: _plain(
        "{who}确认符合结案条件，结案", "{who} closed it, its closing condition met", "note"
    ),
    e.CaseForceClosed: _plain("{who}强制结案", "{who} closed it by force", "reason"),
    e.CaseArchived: _plain("{who}归档", "{who} archived it"),
    e.CaseReopened: _reopened,
    e.AppealMade: _plain("{who}提出超时申诉", "{who} appealed against the overtime", "reason"),
    e.AppealReviewed: _reviewed,
    e.CaseRated: _rated,
    e.ExtensionRequested: _extension_asked,
    e.ExtensionSupported: _plain(
        "{who}同意延期，待派遣员审批", "{who} supports more time; a dispatcher decides", "note"
    ),
    e.ExtensionGranted: _plain("{who}同意延期", "{who} granted more time", "note"),
    e.ExtensionRefused: _plain("{who}不同意延期", "{who} refused more time", "reason"),
    e.SuspensionRequested: _suspension_asked,
    e.CaseSuspended: _suspended,
    e.SuspensionRefused: _plain("{who}不同意挂账", "{who} refused to suspend it", "reason"),
    e.CaseResumed: _plain("{who}恢复办理，计时继续", "{who} resumed it; the clock goes on", "note"),
    e.VoidRequested: _plain("{who}申请作废", "{who} asked to void it", "reason"),
    e.VoidRefused: _plain("{who}不同意作废", "{who} refused to void it", "reason"),
    e.CaseVoided: _plain("{who}作废", "{who} voided it", "reason"),
    e.SupervisionOrdered: _supervised,
    e.CaseUrged: _plain("{who}催办", "{who} asked to hurry", "note"),
    e.CaseEscalated: _escalated,
    e.CaseRelocated: _relocated,
    e.CaseMerged: _merged,
    e.CaseAbsorbed: _absorbed,
    e.CaseSplit: _split,
    e.ClockWarned: _warned,
    e.ClockOverdue: _overdue,
    e.MarksWithdrawn: _plain(
        "{who}补录纸质记录，此后自动产生的时限提示撤销",
        "{who} entered what was done on paper; later marks of the clock are withdrawn",
    ),
    e.ReportJoined: _plain("又有人反映同一问题", "One more person reported the same"),
    e.ContentModerated: _moderated,
    e.ClockRecomputed: _plain(
        "日历更新，重新计算时限", "The deadline was computed by a newer calendar"
    ),
}
