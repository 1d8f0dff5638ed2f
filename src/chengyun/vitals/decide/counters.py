"""The counters (domain.md §3): what each one counts, whose it is, and which are built of others.

A counter is set once per case (reports) or once per run of a stage (everything else: a case that
comes back to a stage runs it again). In which period a mark stands:

- what was done: the period in which it was done;
- valid and patrol reports, accurate filing and dispatch: the period of the report, filing or
  dispatch they judge, so that no share of them exceeds its base; they may still appear later;
- overdue and not done: the period at whose end the deadline had passed and nobody had done it, or
  in which it was taken away undone (returned, re-dispatched, closed by force) after its deadline;
- "should do" (`need_*`) is done plus overdue and not done: a task counts where its deadline or
  its completion falls.
"""

from dataclasses import dataclass

from chengyun.kernel.text import Text, text

STAGES: dict[str, tuple[str, str, str]] = {
    # stage: counter of what is overdue and not done, its name in zh and en
    "accept": ("overtime_unaccepted", "受理", "accept"),
    "verify": ("overtime_unverified", "核实", "verify"),
    "file": ("overtime_unfiled", "立案", "file"),
    "dispatch": ("overtime_undispatched", "派遣", "dispatch"),
    "dispose": ("overtime_undisposed", "处置", "handle"),
    "check": ("overtime_unchecked", "核查", "check"),
    "close": ("overtime_unclosed", "结案", "close"),
}


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter: the marks it adds up, and the posts that answer for it.

    `good` counters lose the cases of confirmed findings.
    """

    id: str
    name: Text
    parts: tuple[str, ...]
    posts: tuple[str, ...] = ()
    good: bool = False


_STAGE_POSTS: dict[str, tuple[str, ...]] = {
    "accept": ("acceptor",),
    "verify": ("collector", "acceptor"),
    "file": ("shift_leader",),
    "dispatch": ("dispatcher",),
    "dispose": ("department", "handler"),
    "check": ("collector", "acceptor"),
    "close": ("shift_leader",),
}
POSTS = ("collector", "acceptor", "shift_leader", "dispatcher", "department", "handler")


def _counters() -> dict[str, Counter]:
    found: dict[str, Counter] = {}

    def add(
        name: str, zh: str, en: str, *posts: str, parts: tuple[str, ...] = (), good: bool = False
    ) -> None:
        found[name] = Counter(name, text(zh, en), parts or (name,), posts, good)

    add("report", "上报", "Reports", "collector", "acceptor")
    add("patrol_report", "巡查上报", "Reports by patrol", "collector")
    add("public_report", "公众举报", "Reports by the public", "collector")
    add("valid_report", "有效上报", "Valid reports", "collector", good=True)
    add("valid_patrol_report", "有效巡查上报", "Valid patrol reports", "collector", good=True)
    add("verified_public_report", "属实公众举报（漏报）", "Missed by patrol", "collector")
    for stage, (undone, zh, en) in STAGES.items():
        posts = _STAGE_POSTS[stage]
        # should close = disposed + overtime undisposed (domain.md §3, S50)
        base = "dispose" if stage == "close" else stage
        need = (base, STAGES[base][0])
        add(f"need_{stage}", f"应{zh}", f"Should {en}", *posts, parts=need)
        add(stage, f"{zh}数", f"Done: {en}", *posts)
        add(f"in_time_{stage}", f"按时{zh}", f"In time: {en}", *posts, good=True)
        add(f"overtime_{stage}", f"超时{zh}", f"Late: {en}", *posts)
        add(undone, f"超时未{zh}", f"Overdue, not done: {en}", *posts)
    add("accurate_file", "准确立案", "Accurately filed", "shift_leader", good=True)
    add("accurate_dispatch", "准确派遣", "Accurately dispatched", "dispatcher", good=True)
    add("on_schedule_close", "按期结案", "Closed on schedule", "shift_leader", good=True)
    add("exempt_dispose", "申诉豁免", "Late but exempt", "department")
    add("reject", "不予受理", "Not accepted", "acceptor")
    add("rework", "返工", "Rework", "department", "handler")
    add("return", "回退", "Returned", "department", "dispatcher")
    add("redispatch", "改派", "Sent elsewhere", "dispatcher")
    add("void", "作废", "Void", "shift_leader")
    add("force_close", "强制结案", "Closed by force", "shift_leader")
    add("extend", "延期", "Extended", "department", "dispatcher")
    add("suspend", "挂账", "Suspended", "department", "dispatcher")
    add("supervise", "督办", "Supervised", "department")
    add("reopen", "重开", "Opened again", "department", "shift_leader")
    add("rated", "回访评价", "Rated", "department")
    add("satisfied", "满意", "Satisfied", "department", good=True)
    return found


COUNTERS: dict[str, Counter] = _counters()
# Marks that a confirmed finding takes its cases out of.
GOOD = frozenset(name for name, one in COUNTERS.items() if one.good)
SATISFIED_FROM = 4  # of 5 stars


def totals(marks: dict[str, int]) -> dict[str, int]:
    """Every counter out of the numbers of marks."""
    return {name: sum(marks.get(p, 0) for p in one.parts) for name, one in COUNTERS.items()}


def of_post(post: str) -> frozenset[str]:
    """The counters that a post answers for."""
    return frozenset(name for name, one in COUNTERS.items() if post in one.posts)
