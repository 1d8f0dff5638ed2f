"""Case kinds and photos."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel

from chengyun.cases.schemas.rows import ConditionOut
from chengyun.kernel.text import Text


class KindOut(BaseModel):
    """A case kind; where its facts come from and whether the city verified them is part of it."""

    id: str
    scheme: str
    code: str
    type: str
    major: dict[str, Any]
    minor: dict[str, Any]
    name: Text
    conditions: list[ConditionOut]
    form: dict[str, Any] | None
    evidence: dict[str, int]
    public: bool
    source: str
    verified: bool
    effective_from: str


class UploadOut(BaseModel):
    id: UUID
    url: str
    thumb: str
    width: int
    height: int
