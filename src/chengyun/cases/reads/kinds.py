"""Case kinds in memory: read once per process and again when a pack was loaded."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from time import monotonic

from django.db.models import Count, Max
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from chengyun.cases.decide.kinds import CaseKind, Condition
from chengyun.cases.models import KindVersion
from chengyun.cases.reads.rulebook import rulebook
from chengyun.kernel.problems import FieldError
from chengyun.kernel.text import JsonObject

FORM_ERRORS_MAX = 20
_LOOK_EVERY = 5.0


@dataclass(frozen=True, slots=True)
class KindEntry:
    """A kind, the row that cites its version, and the city whose own it is (None: any)."""

    kind: CaseKind
    version_id: int
    city_no: int | None
    form: Draft202012Validator | None = field(default=None, compare=False)


class Kinds:
    """All current kinds by id."""

    def __init__(self, entries: dict[str, KindEntry]) -> None:
        self._entries = entries
        self._by_version = {entry.version_id: entry.kind for entry in entries.values()}

    def get(self, kind_id: str | None) -> KindEntry | None:
        """The entry of a kind id, None when there is none."""
        return self._entries.get(kind_id) if kind_id else None

    def for_city(self, city_no: int) -> Iterator[KindEntry]:
        """The kinds a city's reports choose from: its own, else those of the default scheme."""
        own = [entry for entry in self._entries.values() if entry.city_no == city_no]
        scheme = rulebook().default_scheme
        yield from own or (
            entry
            for entry in self._entries.values()
            if entry.city_no is None and scheme in (None, entry.kind.scheme)
        )

    def brief(self, kind_id: str | None) -> JsonObject | None:
        """{id, name} for a list."""
        entry = self.get(kind_id)
        if entry is None:
            return (
                None if kind_id is None else {"id": kind_id, "name": {"zh": kind_id, "en": kind_id}}
            )
        return {"id": kind_id, "name": entry.kind.name}

    def cited(self, version_id: int | None) -> CaseKind | None:
        """The kind as it was in the version a case cites, current or not."""
        if version_id is None:
            return None
        found = self._by_version.get(version_id)
        if found is None:
            row = KindVersion.objects.get(pk=version_id)
            found = self._by_version[version_id] = kind_of(row)
        return found

    def form_errors(self, entry: KindEntry, attributes: JsonObject) -> list[FieldError]:
        """What is wrong with the attributes of a report of this kind."""
        if entry.form is None:
            return []
        errors = entry.form.iter_errors(attributes)
        return [
            FieldError(
                ".".join(["attributes", *map(str, error.absolute_path)]),
                error.message[:300],
                str(error.validator),
            )
            for error, _ in zip(errors, range(FORM_ERRORS_MAX), strict=False)
        ]

    def __len__(self) -> int:
        return len(self._entries)


@cache
def _reader() -> TypeAdapter[CaseKind]:
    return TypeAdapter(CaseKind)


def kind_of(row: KindVersion) -> CaseKind:
    """The kind that a version row holds."""
    return replace(
        _reader().validate_python(row.content), pack=row.pack, pack_version=row.pack_version
    )


def _entry(row: KindVersion) -> KindEntry:
    kind = kind_of(row)
    form = Draft202012Validator(kind.form) if kind.form else None
    return KindEntry(kind, row.id, row.city_no, form)


_lock = threading.Lock()
_kept: tuple[Kinds, object, float] | None = None


def kinds() -> Kinds:
    """The current kinds; other processes' changes show within five seconds."""
    global _kept
    kept = _kept
    if kept is not None and monotonic() - kept[2] < _LOOK_EVERY:
        return kept[0]
    with _lock:
        seen = KindVersion.objects.filter(current=True).aggregate(n=Count("id"), last=Max("id"))
        stamp = (seen["n"], seen["last"])
        if _kept is not None and _kept[1] == stamp:
            _kept = (_kept[0], stamp, monotonic())
            return _kept[0]
        entries = {row.kind_id: _entry(row) for row in KindVersion.objects.filter(current=True)}
        _kept = (Kinds(entries), stamp, monotonic())
        return _kept[0]


def forget_kinds() -> None:
    """Read the kinds again at the next use (after loading packs, between tests)."""
    global _kept
    _kept = None


def condition_view(condition: Condition) -> JsonObject:
    """A filing condition for a screen."""
    return {
        "id": condition.id,
        "text": condition.text,
        "closing": condition.closing,
        "limit": f"{condition.limit.amount:g} {condition.limit.unit}",
        "level": condition.level,
    }


def kind_list(city_no: int | None) -> list[JsonObject]:
    """The kinds that cases of a city may have; without a city, the first one's."""
    if city_no is None:
        city_no = next(iter(rulebook().cities), 0)
    return [
        {
            "id": kind.id,
            "scheme": kind.scheme,
            "code": kind.code,
            "type": kind.type,
            "major": {"code": kind.major_code, "name": kind.major},
            "minor": {"code": kind.minor_code, "name": kind.name},
            "name": kind.name,
            "conditions": [condition_view(one) for one in kind.conditions],
            "form": kind.form,
            "evidence": {"before": kind.evidence.before, "after": kind.evidence.after},
            "public": kind.public,
            "source": kind.source,
            "verified": kind.verified,
            "effective_from": kind.effective_from.isoformat(),
        }
        for kind in sorted(
            (entry.kind for entry in kinds().for_city(city_no)), key=lambda one: one.id
        )
    ]
