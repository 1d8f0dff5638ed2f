"""What a reporter is told of each step: plain words, no names, no internal terms."""

from chengyun.cases import events as e
from chengyun.kernel.text import Text, text

_TOLD: dict[type[e.CaseEvent], Text] = {
    e.CaseReported: text("已收到您反映的问题。", "Your report has arrived."),
    e.CaseQueued: text("工作人员将核对并受理。", "Staff will look at it and take it on."),
    e.CaseAccepted: text("已受理。", "It has been taken on."),
    e.VerifyRequested: text("正派人到现场核实。", "Somebody is going to look at the place."),
    e.CaseFiled: text("已立案。", "It has been filed as a case."),
    e.CaseDispatched: text("已交由责任单位处理。", "It is with the unit responsible."),
    e.CaseRedispatched: text("已改由另一责任单位处理。", "Another unit is responsible for it now."),
    e.CaseRelocated: text("位置已更正。", "Its place was corrected."),
    e.CaseReturned: text("责任单位需重新确定。", "The unit responsible is being determined again."),
    e.HandlingStarted: text("处理人员已开始处理。", "Work on it has begun."),
    e.CaseHandled: text("现场处理已完成，待确认。", "The work is done and is being confirmed."),
    e.FeedbackConfirmed: text(
        "责任单位已确认处理完成。", "The unit has confirmed that it is done."
    ),
    e.CheckRequested: text("正派人核查处理结果。", "Somebody is checking the result."),
    e.ReworkOrdered: text("核查未通过，已要求重新处理。", "The check failed; it is being redone."),
    e.ExtensionGranted: text("处理期限已延长。", "The time to solve it has been extended."),
    e.CaseSuspended: text("因条件所限暂缓处理。", "It has to wait for now."),
    e.CaseResumed: text("已恢复处理。", "Work on it goes on."),
    e.CaseClosed: text("已办结。", "It is solved and closed."),
    e.CaseForceClosed: text("已结案。", "It has been closed."),
    e.CaseRejected: text("经研究不予受理。", "It was not taken on."),
    e.CaseVoided: text("已作废。", "It was withdrawn."),
    e.CaseReopened: text("已重新办理。", "It has been opened again."),
    e.CaseSplit: text("已分为多个案件分别办理。", "It is handled as several cases now."),
    e.CaseRated: text("已收到您的评价。", "Your rating has arrived."),
    e.ReportJoined: text("又有居民反映了同一问题。", "Somebody else reported the same."),
}


_PARTS: dict[str, Text] = {
    "case": text("本案件", "This case"),
    "text": text("上报文字", "The words of a report"),
    "photo": text("一张照片", "A photo"),
    "address": text("地址", "The address"),
    "attributes": text("表单内容", "The answers of the form"),
    "words": text("一段文字", "Some words"),
}
_ACTS: dict[str, Text] = {
    "hide": text("已不再公开", "is no longer shown in public"),
    "show": text("已恢复公开", "is shown in public again"),
    "correct": text("的公开内容已更正", "was corrected where it is public"),
    "redact": text("的部分区域已遮盖", "was covered in part"),
    "erase": text("已删除", "was removed"),
}


def _moderated(event: e.ContentModerated) -> Text | None:
    part, act, why = _PARTS[event.what], _ACTS.get(event.act), event.why
    if act is None:
        return None
    zh, en = (f"，原因：{why['zh']}", f", because: {why['en']}") if why else ("", "")
    return text(f"{part['zh']}{act['zh']}{zh}。", f"{part['en']} {act['en']}{en}.")


def told(event: e.CaseEvent) -> Text | None:
    """The sentence for the reporter; None for steps that are the office's own affair."""
    if isinstance(event, e.ContentModerated):
        return _moderated(event)
    said = _TOLD.get(type(event))
    if said is None:
        return None
    if isinstance(event, e.CaseRejected):
        return text(
            f"经研究不予受理：{event.reason}",
            f"It was not taken on, for this reason: {event.reason}",
        )
    return said
