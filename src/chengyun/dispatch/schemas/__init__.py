"""Shapes that dispatch takes and gives over HTTP."""

from chengyun.dispatch.schemas.lists import (
    DraftIn,
    DutyListDetail,
    DutyListOut,
    DutyListPage,
    ImportHead,
    ImportReceipt,
    ListReceipt,
    ListsQuery,
    RejectOut,
    RetireIn,
)
from chengyun.dispatch.schemas.names import (
    AreaName,
    UnitName,
)
from chengyun.dispatch.schemas.reports import (
    ConflictOut,
    ConflictsOut,
    DryRunIn,
    DryRunOut,
    GapOut,
    GapsOut,
    MoveOut,
    QualitiesOut,
    QualityOut,
    QualityQuery,
)
from chengyun.dispatch.schemas.routing import (
    CandidateOut,
    OfficerOut,
    OfficersOut,
    RouteIn,
    RouteOut,
)
from chengyun.dispatch.schemas.skills import (
    SkillIn,
    SkillOut,
    SkillReceipt,
    SkillsOut,
)

__all__ = [
    "AreaName",
    "CandidateOut",
    "ConflictOut",
    "ConflictsOut",
    "DraftIn",
    "DryRunIn",
    "DryRunOut",
    "DutyListDetail",
    "DutyListOut",
    "DutyListPage",
    "GapOut",
    "GapsOut",
    "ImportHead",
    "ImportReceipt",
    "ListReceipt",
    "ListsQuery",
    "MoveOut",
    "OfficerOut",
    "OfficersOut",
    "QualitiesOut",
    "QualityOut",
    "QualityQuery",
    "RejectOut",
    "RetireIn",
    "RouteIn",
    "RouteOut",
    "SkillIn",
    "SkillOut",
    "SkillReceipt",
    "SkillsOut",
    "UnitName",
]
