"""Marks and traces, findings, schemes, published tables and objections."""

from chengyun.vitals.models.figures import PublishedFigure
from chengyun.vitals.models.findings import Finding, FindingCase
from chengyun.vitals.models.looks import PhotoLook
from chengyun.vitals.models.marks import CaseMark
from chengyun.vitals.models.objections import Excuse, Objection
from chengyun.vitals.models.published import Publication
from chengyun.vitals.models.schemes import CheckVersion, SchemeVersion
from chengyun.vitals.models.traces import CaseTrace

__all__ = [
    "CaseMark",
    "CaseTrace",
    "CheckVersion",
    "Excuse",
    "Finding",
    "FindingCase",
    "Objection",
    "PhotoLook",
    "Publication",
    "PublishedFigure",
    "SchemeVersion",
]
