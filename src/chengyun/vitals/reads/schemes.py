"""The schemes and thresholds in force."""

from dataclasses import replace
from datetime import date
from functools import cache

from pydantic import TypeAdapter

from chengyun.vitals.decide.schemes import Scheme, valid_on
from chengyun.vitals.decide.suspicions import Thresholds
from chengyun.vitals.models import CheckVersion, SchemeVersion


@cache
def _reader() -> TypeAdapter[Scheme]:
    return TypeAdapter(Scheme)


@cache
def _limits() -> TypeAdapter[Thresholds]:
    return TypeAdapter(Thresholds)


def read(row: SchemeVersion) -> Scheme:
    """The scheme of a row; its pack version as it was when the row was first kept."""
    scheme = _reader().validate_python(row.content)
    return replace(scheme, pack=row.pack, pack_version=row.pack_version)


def schemes_on(day: date) -> list[tuple[Scheme, str]]:
    """The schemes in force on a day, each with the hash of its content."""
    rows = list(SchemeVersion.objects.filter(effective_from__lte=day).order_by("id"))
    pairs = [(read(row), row.hash) for row in rows]
    marks = {id(scheme): mark for scheme, mark in pairs}
    return [(one, marks[id(one)]) for one in valid_on([scheme for scheme, _ in pairs], day)]


def thresholds(day: date) -> Thresholds:
    """The thresholds of the checks in force on a day; the product's own where no pack has any."""
    row = (
        CheckVersion.objects.filter(effective_from__lte=day)
        .order_by("-effective_from", "-id")
        .first()
    )
    return Thresholds() if row is None else _limits().validate_python(row.content)
