"""What is read of dispatch: the router itself, versions of lists, reports, suggestions."""

from chengyun.dispatch.reads.lists import as_csv, as_yaml, lists
from chengyun.dispatch.reads.loading import active, duties_of, find, load_directory
from chengyun.dispatch.reads.names import area_names, unit_names
from chengyun.dispatch.reads.officers import suggest_officers
from chengyun.dispatch.reads.quality import RuleQuality, outcomes, quality
from chengyun.dispatch.reads.reports import (
    Period,
    compare_case,
    conflicts,
    dry_run,
    gaps,
    past_cases,
    try_route,
)
from chengyun.dispatch.reads.router import DutyRouter
from chengyun.dispatch.reads.views import (
    conflicts_view,
    decision_view,
    diff_view,
    gaps_view,
    outcomes_view,
    skills_view,
)

__all__ = [
    "DutyRouter",
    "Period",
    "RuleQuality",
    "active",
    "area_names",
    "as_csv",
    "as_yaml",
    "compare_case",
    "conflicts",
    "conflicts_view",
    "decision_view",
    "diff_view",
    "dry_run",
    "duties_of",
    "find",
    "gaps",
    "gaps_view",
    "lists",
    "load_directory",
    "outcomes",
    "outcomes_view",
    "past_cases",
    "quality",
    "skills_view",
    "suggest_officers",
    "try_route",
    "unit_names",
]
