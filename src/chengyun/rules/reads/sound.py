"""Whether a rule can be evaluated, asked wherever one is loaded, written or tried."""

from pydantic import ValidationError

from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.text import JsonObject
from chengyun.rules.decide.checking import faults
from chengyun.rules.decide.declared import RULE, Rule
from chengyun.rules.reads.measured import measured


def sound(content: JsonObject) -> Rule:
    """A rule out of JSON. Raises Invalid, naming every part at fault."""
    try:
        rule = RULE.validate_python(content)
    except ValidationError as error:
        raise Invalid(
            [
                FieldError(".".join(map(str, one["loc"])) or "rule", one["msg"], "bad_shape")
                for one in error.errors()
            ]
        ) from error
    found = faults(rule, measured())
    if found:
        raise Invalid(
            [FieldError(one.field, f"{one.said} ({one.hint})", "unsound") for one in found],
            detail=f"The rule {rule.id} cannot be evaluated.",
        )
    return rule
