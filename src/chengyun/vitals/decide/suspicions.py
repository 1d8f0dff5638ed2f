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
class Look:
    """One photo of a case: SHA-256 of what was received, and its difference hash (64 bits)."""

    case_id: UUID
    upload_id: UUID
    sha256: bytes
    dhash: int | None


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
    return [_of("no_evidence", unit, WHAT["no_evidence"], found) for unit, found in by_unit.items()]


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
            found.append(_of("forced_share", unit, reason, each))
    return found


def _split(cases: Iterable[Seen], limits: Thresholds) -> list[Suspicion]:
    by_unit: dict[UUID | None, list[tuple[UUID, Text]]] = defaultdict(list)
    for one in cases:
        said = _split_reason(one.trace, limits)
        if said is not None:
            by_unit[one.trace.unit].append((one.case_id, said))
    reason = WHAT["split_deadline"]
    return [_of("split_deadline", unit, reason, found) for unit, found in by_unit.items()]


def _split_reason(trace: Trace, limits: Thresholds) -> Text | None:
    if trace.extensions >= limits.chain:
        return text(f"连续延期{trace.extensions}次", f"extended {trace.extensions} times in a row")
    for ask in trace.late_asks:
        # An extension before the deadline is what extensions are for, however late.
        if ask.what != "extension" and 0 <= ask.left < limits.late_share:
            said = _ASKED[ask.what]
            return text(
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
    return [_of("too_fast", unit, WHAT["too_fast"], found) for unit, found in by_unit.items()]


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
            found.append(_of("same_words", unit, reason, each, plain[:80]))
    return found


_CHECKS: tuple[Callable[[Sequence[Seen], Thresholds], list[Suspicion]], ...] = (
    _no_evidence,
    _forced,
    _split,
    _too_fast,
    _same_words,
)


def _of(
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


def tells(dhash: int | None) -> bool:
    """Whether a difference hash says anything: flat pictures all look alike."""
    return dhash is not None and 8 <= (dhash & (2**64 - 1)).bit_count() <= 56


def same_photos(
    fresh: Sequence[Look], known: Sequence[Look], units: dict[UUID, UUID | None], distance: int
) -> list[Suspicion]:
    """Photos of the period that also stand on another case: equal bytes, or nearly equal looks.

    Args:
        fresh: photos of the period's cases.
        known: photos of earlier cases.
        distance: how many of 64 bits may differ.
    """
    found: list[Suspicion] = []
    taken: set[frozenset[UUID]] = set()
    everybody = [*known, *fresh]
    by_sum: dict[bytes, list[Look]] = defaultdict(list)
    for one in everybody:
        by_sum[one.sha256].append(one)
    looks = _Near(distance)
    for one in everybody:
        looks.add(one)
    for one in fresh:
        alike = [o for o in by_sum[one.sha256] if _other(one, o)]
        near = [o for o in looks.near(one) if _other(one, o) and o.sha256 != one.sha256]
        cases = frozenset({one.case_id, *(o.case_id for o in (*alike, *near))})
        if len(cases) < 2 or cases in taken:
            continue
        taken.add(cases)
        said = (
            text("照片文件完全相同", "the photo files are identical")
            if alike
            else text("照片画面几乎相同", "the photos look almost the same")
        )
        mark = str(min(cases))
        each = [(case, said) for case in cases]
        found.append(_of("same_photo", units.get(one.case_id), said, each, mark))
    return found


def _other(one: Look, other: Look) -> bool:
    return one.case_id != other.case_id and one.upload_id != other.upload_id


class _Near:
    """Difference hashes by four slices of 16 bits: within 3 differing bits one slice is equal, and
    most pairs a little further apart share one too."""

    def __init__(self, distance: int) -> None:
        self.distance = distance
        self.slices: dict[tuple[int, int], list[Look]] = defaultdict(list)

    def _keys(self, dhash: int) -> Iterable[tuple[int, int]]:
        return ((at, (dhash >> (16 * at)) & 0xFFFF) for at in range(4))

    def add(self, one: Look) -> None:
        if one.dhash is not None and tells(one.dhash):
            for key in self._keys(one.dhash):
                self.slices[key].append(one)

    def near(self, one: Look) -> list[Look]:
        if one.dhash is None or not tells(one.dhash):
            return []
        met = {o.upload_id: o for key in self._keys(one.dhash) for o in self.slices[key]}
        mask = 2**64 - 1
        return [
            o
            for o in met.values()
            if o.dhash is not None and ((o.dhash ^ one.dhash) & mask).bit_count() <= self.distance
        ]
