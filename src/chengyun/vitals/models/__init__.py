"""Marks and traces, findings, schemes, published tables and objections."""

from chengyun.vitals.models.findings import Finding, FindingCase, PhotoLook
from chengyun.vitals.models.marks import CaseMark, CaseTrace
from chengyun.vitals.models.published import Excuse, Objection, Publication
from chengyun.vitals.models.schemes import CheckVersion, SchemeVersion

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
    "SchemeVersion",
]
