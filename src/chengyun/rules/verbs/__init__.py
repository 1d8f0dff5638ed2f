"""What can be done in rules. Import verbs from here."""

from chengyun.rules.verbs.answering import acknowledge, judge
from chengyun.rules.verbs.deciding import activate, set_figure, switch, write_version
from chengyun.rules.verbs.escalating import escalate
from chengyun.rules.verbs.loading import load_rules
from chengyun.rules.verbs.muting import end_silence, silence, unmute
from chengyun.rules.verbs.stepping import forget_engine, step
from chengyun.rules.verbs.using import keep_pack, load_pack, use_pack
from chengyun.rules.verbs.warming import warm
from chengyun.rules.verbs.withdrawing import forget_signals

__all__ = [
    "acknowledge",
    "activate",
    "end_silence",
    "escalate",
    "forget_engine",
    "forget_signals",
    "judge",
    "keep_pack",
    "load_pack",
    "load_rules",
    "set_figure",
    "silence",
    "step",
    "switch",
    "unmute",
    "use_pack",
    "warm",
    "write_version",
]
