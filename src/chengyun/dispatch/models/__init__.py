"""The tables of dispatch. Import models from here."""

from chengyun.dispatch.models.lists import STATUSES, DutyList, changes
from chengyun.dispatch.models.outcomes import OUTCOMES, RouteOutcome
from chengyun.dispatch.models.skills import Skill

__all__ = ["OUTCOMES", "STATUSES", "DutyList", "RouteOutcome", "Skill", "changes"]
