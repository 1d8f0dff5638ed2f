"""What screens and scripts read of the evaluation; everything within the reader's sight."""

from chengyun.vitals.reads.cases import cases_behind
from chengyun.vitals.reads.counting import LEVELS, Asked, counted
from chengyun.vitals.reads.differences import differences
from chengyun.vitals.reads.findings import findings
from chengyun.vitals.reads.kept import cases_published
from chengyun.vitals.reads.published import publication, publications
from chengyun.vitals.reads.schemes import schemes_on, thresholds
from chengyun.vitals.reads.tables import Wanted, table, wanted
from chengyun.vitals.reads.trend import trend

__all__ = [
    "LEVELS",
    "Asked",
    "Wanted",
    "cases_behind",
    "cases_published",
    "counted",
    "differences",
    "findings",
    "publication",
    "publications",
    "schemes_on",
    "table",
    "thresholds",
    "trend",
    "wanted",
]
