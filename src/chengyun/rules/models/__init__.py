"""The tables of rules. Import models from here."""

from chengyun.rules.models.declared import FigureSet, Rule, RuleVersion
from chengyun.rules.models.following import Place, StandingRow
from chengyun.rules.models.signals import Signal, SignalStep, Silence
from chengyun.rules.models.uses import PackUse, PackVersion

__all__ = [
    "FigureSet",
    "PackUse",
    "PackVersion",
    "Place",
    "Rule",
    "RuleVersion",
    "Signal",
    "SignalStep",
    "Silence",
    "StandingRow",
]
