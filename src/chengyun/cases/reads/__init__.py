"""What screens and doors read of cases; everything is scoped and paged."""

from chengyun.cases.reads.board import board
from chengyun.cases.reads.detail import case_detail, photo_in_sight, timeline
from chengyun.cases.reads.history import histories, load_states
from chengyun.cases.reads.jitter import shown_at
from chengyun.cases.reads.kinds import Kinds, forget_kinds, kind_list, kinds
from chengyun.cases.reads.live import live_rows
from chengyun.cases.reads.moderation import moderation_item, moderation_list
from chengyun.cases.reads.public_map import Look, public_cases, public_map
from chengyun.cases.reads.public_rows import PUBLIC_FIELDS, photo_for_all, public_rows
from chengyun.cases.reads.public_rules import forget_public_rules, public_rules
from chengyun.cases.reads.queue import Filters, case_map, counts, filtered, queue
from chengyun.cases.reads.rows import ROW_FIELDS, CaseRow, case_rows
from chengyun.cases.reads.rulebook import CityRules, Rulebook, forget_rules, rulebook
from chengyun.cases.reads.track import nearby, photo_of_track, promise, track
from chengyun.cases.reads.worst import worst

__all__ = [
    "PUBLIC_FIELDS",
    "ROW_FIELDS",
    "CaseRow",
    "CityRules",
    "Filters",
    "Kinds",
    "Look",
    "Rulebook",
    "board",
    "case_detail",
    "case_map",
    "case_rows",
    "counts",
    "filtered",
    "forget_kinds",
    "forget_public_rules",
    "forget_rules",
    "histories",
    "kind_list",
    "kinds",
    "live_rows",
    "load_states",
    "moderation_item",
    "moderation_list",
    "nearby",
    "photo_for_all",
    "photo_in_sight",
    "photo_of_track",
    "promise",
    "public_cases",
    "public_map",
    "public_rows",
    "public_rules",
    "queue",
    "rulebook",
    "shown_at",
    "timeline",
    "track",
    "worst",
]
