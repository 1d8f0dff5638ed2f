"""The evaluation's shapes, in and out."""

from chengyun.vitals.schemas.asked import (
    CasesQuery,
    CsvQuery,
    PublishedCasesQuery,
    TableQuery,
    TrendQuery,
)
from chengyun.vitals.schemas.findings import (
    DecisionIn,
    FindingDecision,
    FindingsOut,
    Searched,
    SearchIn,
)
from chengyun.vitals.schemas.published import (
    ObjectionDecided,
    ObjectionIn,
    ObjectionMade,
    PublicationDetail,
    PublicationsOut,
    Published,
    PublishIn,
)
from chengyun.vitals.schemas.tables import FigureCasesOut, TableOut, TrendOut

__all__ = [
    "CasesQuery",
    "CsvQuery",
    "DecisionIn",
    "FigureCasesOut",
    "FindingDecision",
    "FindingsOut",
    "ObjectionDecided",
    "ObjectionIn",
    "ObjectionMade",
    "PublicationDetail",
    "PublicationsOut",
    "PublishIn",
    "Published",
    "PublishedCasesQuery",
    "SearchIn",
    "Searched",
    "TableOut",
    "TableQuery",
    "TrendOut",
    "TrendQuery",
]
