"""The tables of the case loop."""

from chengyun.cases.models.case import Case, CaseQuerySet
from chengyun.cases.models.declared import KindVersion, RuleDocument, StandardText
from chengyun.cases.models.records import (
    CaseComponent,
    ImportRun,
    ModerationAct,
    PaperEntry,
    Presence,
    SavedFilter,
)
from chengyun.cases.models.reports import CasePhoto, ContactReveal, Report, ReporterMessage

__all__ = [
    "Case",
    "CaseComponent",
    "CasePhoto",
    "CaseQuerySet",
    "ContactReveal",
    "ImportRun",
    "KindVersion",
    "ModerationAct",
    "PaperEntry",
    "Presence",
    "Report",
    "ReporterMessage",
    "RuleDocument",
    "SavedFilter",
    "StandardText",
]
