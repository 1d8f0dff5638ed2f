"""What screens and doors read of cases; everything is scoped and paged."""

from chengyun.cases.reads.at_address import address_figures
from chengyun.cases.reads.beside import neighbours
from chengyun.cases.reads.board import board
from chengyun.cases.reads.components import cases_of_component, components_for
from chengyun.cases.reads.counting import counts
from chengyun.cases.reads.detail import case_detail, photo_in_sight, timeline
from chengyun.cases.reads.history import histories, load_states
from chengyun.cases.reads.homes import home
from chengyun.cases.reads.jitter import shown_at
from chengyun.cases.reads.kept import saved_filters
from chengyun.cases.reads.kinds import Kinds, forget_kinds, kind_list, kinds
from chengyun.cases.reads.live import live_rows
from chengyun.cases.reads.loads import loads, told_by_same
from chengyun.cases.reads.mapped import case_map
from chengyun.cases.reads.moderated import sealed_original
from chengyun.cases.reads.moderation import moderation_item, moderation_list
from chengyun.cases.reads.presence import present
from chengyun.cases.reads.public_map import Look, public_cases, public_map
from chengyun.cases.reads.public_rows import PUBLIC_FIELDS, photo_for_all, public_rows
from chengyun.cases.reads.public_rules import forget_public_rules, public_rules
from chengyun.cases.reads.queue import Filters, filtered, queue
from chengyun.cases.reads.rows import ROW_FIELDS, CaseRow, case_rows
from chengyun.cases.reads.rulebook import CityRules, Rulebook, forget_rules, rulebook
from chengyun.cases.reads.simulated import any_simulated, forget_simulated
from chengyun.cases.reads.texts import texts
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
    "address_figures",
    "any_simulated",
    "board",
    "case_detail",
    "case_map",
    "case_rows",
    "cases_of_component",
    "components_for",
    "counts",
    "filtered",
    "forget_kinds",
    "forget_public_rules",
    "forget_rules",
    "forget_simulated",
    "histories",
    "home",
    "kind_list",
    "kinds",
    "live_rows",
    "load_states",
    "loads",
    "moderation_item",
    "moderation_list",
    "nearby",
    "neighbours",
    "photo_for_all",
    "photo_in_sight",
    "photo_of_track",
    "present",
    "promise",
    "public_cases",
    "public_map",
    "public_rows",
    "public_rules",
    "queue",
    "rulebook",
    "saved_filters",
    "sealed_original",
    "shown_at",
    "texts",
    "timeline",
    "told_by_same",
    "track",
    "worst",
]
