"""Why a signal moved: the condition that held, its words, their readings and figures."""

from chengyun.kernel.text import JsonObject
from chengyun.rules.decide.declared import Rule
from chengyun.rules.models import Signal, SignalStep

_MOVES = ("opened", "worsened", "eased", "closed", "spread")


def explained(rule: Rule, signal: Signal, step: SignalStep) -> JsonObject | None:
    """What a step was decided by; None where nobody but people decided it.

    Returns {"silent", "condition", "inputs": [{"word", "value", …, "readings"}], "figures"}.
    """
    if step.what not in _MOVES:
        return None
    if signal.silent:
        age = (step.words or {}).get("age")
        return {
            "silent": True,
            "condition": None,
            "inputs": [],
            "figures": [],
            "age": age,
            "silent_after": rule.silent_after,
        }
    level = next((one for one in rule.levels if one.severity == step.severity), None)
    ends = step.what in ("closed", "eased")
    condition = (level.until or f"!({level.when})" if ends else level.when) if level else None
    return {
        "silent": False,
        "condition": condition,
        "hold": rule.settle if ends else rule.hold,
        "inputs": [
            {
                "word": name,
                "of": asked.of,
                "take": asked.take,
                "over": asked.over,
                "at": asked.at,
                "value": (step.words or {}).get(name),
                "readings": (step.readings or {}).get(name, []),
            }
            for name, asked in rule.inputs.items()
        ],
        "figures": [
            {
                "word": name,
                "value": (step.words or {}).get(name),
                "declared": figure.value,
                "unit": figure.unit,
                "source": figure.source,
                "verified": figure.verified,
            }
            for name, figure in rule.figures.items()
        ],
    }
