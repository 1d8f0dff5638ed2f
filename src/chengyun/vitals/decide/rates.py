"""Rates are ratios of sums (domain.md §3): never means of ratios, and None where nothing divides.

Counters above a base may come from another period (a case filed last month is closed in this one);
such a rate may pass 100 %, which is shown as it is and cut at 100 in a score.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chengyun.kernel.text import Text, text


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate: the counters above and below the line, and where the formula comes from."""

    id: str
    name: Text
    above: str
    below: str
    source: str

    def of(self, counters: Mapping[str, int]) -> float | None:
        """The rate in per cent, None when the base is empty."""
        base = counters.get(self.below, 0)
        return 100 * counters.get(self.above, 0) / base if base else None


_S5 = "GitHub missaouib/urban-management-platform, PositionService"
_S16 = "GitHub missaouib/urban-management-platform, Statistics"
_S50 = "GitHub missaouib/urban-management-platform, DeptEvaluateService"
_OWN = "this product's reading"

RATES: dict[str, Rate] = {
    one.id: one
    for one in (
        Rate(
            "valid_report_rate",
            text("有效上报率", "Valid report rate"),
            "valid_patrol_report",
            "patrol_report",
            _S5,
        ),
        Rate("miss_rate", text("漏报率", "Miss rate"), "verified_public_report", "file", _S5),
        Rate("accept_rate", text("受理率", "Acceptance rate"), "accept", "report", _OWN),
        Rate(
            "in_time_verify_rate",
            text("按时核实率", "Verified in time"),
            "in_time_verify",
            "need_verify",
            _S5,
        ),
        Rate(
            "in_time_check_rate",
            text("按时核查率", "Checked in time"),
            "in_time_check",
            "need_check",
            _S5,
        ),
        Rate(
            "in_time_accept_rate",
            text("按时受理率", "Accepted in time"),
            "in_time_accept",
            "need_accept",
            _OWN,
        ),
        Rate("in_time_file_rate", text("按时立案率", "Filed in time"), "in_time_file", "file", _S5),
        Rate(
            "accurate_file_rate",
            text("准确立案率", "Filed accurately"),
            "accurate_file",
            "file",
            _S5,
        ),
        Rate(
            "in_time_dispatch_rate",
            text("按时派遣率", "Dispatched in time"),
            "in_time_dispatch",
            "need_dispatch",
            _S5,
        ),
        Rate(
            "accurate_dispatch_rate",
            text("派遣准确率", "Dispatched accurately"),
            "accurate_dispatch",
            "need_dispatch",
            _S5,
        ),
        Rate("dispose_rate", text("处置率", "Handled"), "dispose", "need_dispose", _S16),
        Rate(
            "in_time_dispose_rate",
            text("按时处置率", "Handled in time"),
            "in_time_dispose",
            "need_dispose",
            _S16,
        ),
        Rate("rework_rate", text("返工率", "Rework rate"), "rework", "dispose", _S16),
        Rate(
            "rework_share",
            text("返工率（占应结案）", "Rework of should close"),
            "rework",
            "need_close",
            _S50,
        ),
        Rate("close_rate", text("结案率", "Closed"), "close", "need_close", _S16),
        Rate(
            "on_schedule_close_rate",
            text("按期结案率", "Closed on schedule"),
            "on_schedule_close",
            "need_close",
            _S16,
        ),
        Rate(
            "in_time_close_rate",
            text("按时结案率", "Closed in time"),
            "in_time_close",
            "close",
            _S5,
        ),
        Rate("forced_share", text("强制结案占比", "Closed by force"), "force_close", "close", _OWN),
        Rate("satisfaction_rate", text("满意率", "Satisfaction"), "satisfied", "rated", _OWN),
    )
}


def rates(counters: Mapping[str, int]) -> dict[str, float | None]:
    """Every rate in per cent."""
    return {name: one.of(counters) for name, one in RATES.items()}
