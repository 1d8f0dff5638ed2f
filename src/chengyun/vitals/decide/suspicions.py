"""Checks against gaming: patterns that a person should look at. None changes a score by itself."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from chengyun.kernel.text import Text, text
from chengyun.vitals.decide.facts import Trace


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a pattern is worth a look; editable pack data, none of it from a source."""

    too_fast_s: int = 120
    forced_share: float = 0.1
    forced_least: int = 3
    same_words_cases: int = 5
    same_words_length: int = 6
    late_share: float = 0.1
    chain: int = 2
    look_distance: int = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """One case as the checks see it; `demanded` is how many after photos its kind demands."""

    case_id: UUID
    area_no: int
    simulated: bool
    trace: Trace
    demanded: int = 0


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One pattern: its cases with the reason for each. `mark` tells it from its like."""

    what: str
    mark: str
    unit: UUID | None
    reason: Text
    cases: tuple[tuple[UUID, Text], ...]


WHAT: dict[str, Text] = {
    "no_evidence": text("结案缺少要求的证据", "Closed without the evidence demanded"),
    "forced_share": text("强制结案过多", "Many closings by force"),
    "split_deadline": text("拆分时限", "Deadline split"),
    "same_photo": text("同一照片重复使用", "Same photo used again"),
    "too_fast": text("反馈过快", "Feedback implausibly fast"),
    "same_words": text("反馈文字雷同", "Same words at closing"),
}
_ASKED = {
    "extension": text("申请延期", "an extension was asked for"),
    "suspension": text("申请挂账", "a suspension was asked for"),
    "return": text("回退", "it was returned"),
}


def _no_evidence(cases: Iterable[Seen], limits: Thresholds) -> list[Suspicion]:
    by_unit: dict[UUID | None, list[tuple[UUID, Text]]] = defaultdict(list)
    for one in cases:
        trace = one.trace
        if trace.closed_at is not None and trace.after_photos < one.demanded:
            reason = text(
                f"要求处置后照片{one.demanded}张，实有{trace.after_photos}张",
                f"{one.demanded} after photo(s) demanded, {trace.after_photos} there",
            )
            by_unit[trace.unit].append((one.case_id, reason))
    return [
        made("no_evidence", unit, WHAT["no_evidence"], found) for unit, found in by_unit.items()
    ]


def _forced(cases: Iterable[Seen], limits: Thresholds) -> list[Suspicion]:
    closed: dict[UUID | None, list[Seen]] = defaultdict(list)
    for one in cases:
        if one.trace.closed_at is not None:
            closed[one.trace.unit].append(one)
    found = []
    for unit, all_closed in closed.items():
        forced = [one for one in all_closed if one.trace.forced]
        share = len(forced) / len(all_closed)
        if len(forced) >= limits.forced_least and share > limits.forced_share:
            reason = text(
                f"{len(all_closed)}件结案中{len(forced)}件为强制结案（{share:.0%}）",
                f"{len(forced)} of {len(all_closed)} closings were by force ({share:.0%})",
            )
            each = [(one.case_id, text(one.trace.words, one.trace.words)) for one in forced]
            found.append(made("forced_share", unit, reason, each))
    return found


def _split(cases: Iterable[Seen], limits: Thresholds) -> list[Suspicion]:
    by_unit: dict[UUID | None, list[tuple[UUID, Text]]] = defaultdict(list)
    for one in cases:
        said = _split_reason(one.trace, limits)
        if said is not None:
            unit, reason = said
            by_unit[unit].append((one.case_id, reason))
    title = WHAT["split_deadline"]
    return [made("split_deadline", unit, title, found) for unit, found in by_unit.items()]


def _split_reason(trace: Trace, limits: Thresholds) -> tuple[UUID | None, Text] | None:
    """Who asked and what; whoever has the case in the end need not be who bought time."""
    if trace.extensions >= limits.chain:
        asked = [ask.unit for ask in trace.late_asks if ask.what == "extension"]
        return (asked or [trace.unit])[-1], text(
            f"连续延期{trace.extensions}次", f"extended {trace.extensions} times in a row"
        )
    for ask in trace.late_asks:
        # An extension before the deadline is what extensions are for, however late.
        if ask.what != "extension" and 0 <= ask.left < limits.late_share:
            said = _ASKED[ask.what]
            return ask.unit, text(
                f"时限仅余{ask.left:.0%}时{said['zh']}",
                f"with {ask.left:.0%} of the limit left {said['en']}",
            )
    return None


def _too_fast(cases: Iterable[Seen], limits: Thresholds) -> list[Suspicion]:
    by_unit: dict[UUID | None, list[tuple[UUID, Text]]] = defaultdict(list)
    for one in cases:
        took = one.trace.quickest_s
        if took is not None and took < limits.too_fast_s:
            said = text(f"派遣后{took}秒即反馈", f"fed back {took} s after its dispatch")
            by_unit[one.trace.unit].append((one.case_id, said))
    return [made("too_fast", unit, WHAT["too_fast"], found) for unit, found in by_unit.items()]


def normal(words: str) -> str:
    """Words without spaces and punctuation, so that small changes do not hide a copy."""
    return re.sub(r"[\W_]+", "", words).lower()


def _same_words(cases: Iterable[Seen], limits: Thresholds) -> list[Suspicion]:
    said: dict[tuple[UUID | None, str], list[Seen]] = defaultdict(list)
    for one in cases:
        plain = normal(one.trace.words)
        if len(plain) >= limits.same_words_length:
            said[one.trace.unit, plain].append(one)
    found = []
    for (unit, plain), those in said.items():
        if len(those) >= limits.same_words_cases:
            words = those[0].trace.words[:60]
            reason = text(f"{len(those)}件写着“{words}”", f"{len(those)} cases say “{words}”")
            each = [(one.case_id, text(one.trace.words, one.trace.words)) for one in those]
            found.append(made("same_words", unit, reason, each, plain[:80]))
    return found


_CHECKS: tuple[Callable[[Sequence[Seen], Thresholds], list[Suspicion]], ...] = (
    _no_evidence,
    _forced,
    _split,
    _too_fast,
    _same_words,
)


def made(
    what: str,
    unit: UUID | None,
    reason: Text,
    cases: Iterable[tuple[UUID, Text]],
    mark: str = "",
) -> Suspicion:
    each = tuple(sorted(cases, key=lambda one: one[0]))
    return Suspicion(what, mark or str(unit or "-"), unit, reason, each)


def suspicions(cases: Sequence[Seen], limits: Thresholds) -> list[Suspicion]:
    """Every pattern in cases that were fed back or closed in one period."""
    return [found for check in _CHECKS for found in check(cases, limits)]
