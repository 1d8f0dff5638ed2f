"""Packs once read: immutable, with the hash of what they were read from."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from chengyun.cases.decide.calendar import Calendar
from chengyun.cases.decide.kinds import CaseKind
from chengyun.cases.decide.limits import Limits
from chengyun.kernel.text import Json, JsonObject
from chengyun.sdk.addresses import AddressesFile
from chengyun.sdk.calendars import CalendarFile
from chengyun.sdk.components import ComponentsFile
from chengyun.sdk.dashboards import DashboardsFile
from chengyun.sdk.duties import DutyFile
from chengyun.sdk.evaluation import EvaluationFile
from chengyun.sdk.homes import HomesFile
from chengyun.sdk.kinds import KindsFile, SchemeDeclared
from chengyun.sdk.kit import ExamplesFile
from chengyun.sdk.manifest import PackManifest
from chengyun.sdk.map_plugins import MapFile
from chengyun.sdk.mappings import CaseMapping
from chengyun.sdk.notices import NoticesFile
from chengyun.sdk.organisations import OrganisationsFile
from chengyun.sdk.public import ModerationFile, StoppersFile
from chengyun.sdk.readings import ReadingsMapping
from chengyun.sdk.rules import RulesFile
from chengyun.sdk.scenes import ScenesFile
from chengyun.sdk.senses import SensesFile
from chengyun.sdk.simulate import SimulateFile
from chengyun.sdk.solids import SolidsFile
from chengyun.sdk.texts import TextsFile
from chengyun.vitals.decide.schemes import Scheme


@dataclass(frozen=True)
class LoadedPack:
    """One pack. `hash` covers every file that was read; `files` has each file's own.

    `declared` keeps the declarations by file for checks and exports; the other fields are the
    rooms' values: kinds for cases, calendars and limits for clocks, duty lists as the content
    dispatch reads.
    """

    manifest: PackManifest
    hash: str
    files: Mapping[str, str]
    schemes: tuple[SchemeDeclared, ...] = ()
    kinds: tuple[CaseKind, ...] = ()
    unrouted: frozenset[str] = frozenset()
    forms: Mapping[str, JsonObject] = field(default_factory=dict)
    duties: tuple[DutyFile, ...] = ()
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    limits: Limits | None = None
    mappings: Mapping[str, CaseMapping] = field(default_factory=dict)
    organisations: OrganisationsFile | None = None
    texts: tuple[TextsFile, ...] = ()
    simulate: SimulateFile | None = None
    scenes: ScenesFile | None = None
    moderation: ModerationFile | None = None
    stoppers: StoppersFile | None = None
    addresses: AddressesFile | None = None
    components: ComponentsFile | None = None
    solids: SolidsFile | None = None
    examples: tuple[ExamplesFile, ...] = ()
    kind_files: Mapping[str, KindsFile] = field(default_factory=dict)
    calendar_files: Mapping[str, CalendarFile] = field(default_factory=dict)
    evaluation: tuple[Scheme, ...] = ()
    evaluation_files: Mapping[str, EvaluationFile] = field(default_factory=dict)
    notice_files: Mapping[str, NoticesFile] = field(default_factory=dict)
    home_files: Mapping[str, HomesFile] = field(default_factory=dict)
    map_files: Mapping[str, MapFile] = field(default_factory=dict)
    senses_files: Mapping[str, SensesFile] = field(default_factory=dict)
    readings_files: Mapping[str, ReadingsMapping] = field(default_factory=dict)
    rules_files: Mapping[str, RulesFile] = field(default_factory=dict)
    dashboard_files: Mapping[str, DashboardsFile] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def version(self) -> str:
        return self.manifest.version

    def duty_contents(self) -> tuple[JsonObject, ...]:
        """The duty lists as JSON, in the shape dispatch imports."""
        return tuple(duty_content(duties) for duties in self.duties)


@dataclass(frozen=True)
class Catalog:
    """All packs together, in an order in which each follows what it requires."""

    packs: tuple[LoadedPack, ...]

    def __iter__(self) -> Iterator[LoadedPack]:
        return iter(self.packs)

    def pack(self, name: str) -> LoadedPack:
        """The pack of a name.

        Raises:
            KeyError: there is none.
        """
        for pack in self.packs:
            if pack.name == name:
                return pack
        raise KeyError(name)

    def with_required(self, name: str) -> tuple[LoadedPack, ...]:
        """A pack and all it requires, required ones first."""
        wanted = {name}
        for pack in reversed(self.packs):
            if pack.name in wanted:
                wanted.update(pack.manifest.requires)
        return tuple(pack for pack in self.packs if pack.name in wanted)

    @property
    def kinds(self) -> dict[str, CaseKind]:
        """Every kind by id."""
        return {kind.id: kind for pack in self.packs for kind in pack.kinds}

    @property
    def schemes(self) -> dict[str, SchemeDeclared]:
        """Every scheme by id."""
        return {scheme.id: scheme for pack in self.packs for scheme in pack.schemes}

    @property
    def default_scheme(self) -> str | None:
        """The scheme new reports are offered."""
        return next((s.id for s in self.schemes.values() if s.default), None)

    @property
    def calendars(self) -> dict[str, Calendar]:
        """Every calendar by id."""
        return {key: value for pack in self.packs for key, value in pack.calendars.items()}

    @property
    def limits(self) -> Limits | None:
        """The limits of the last pack that sets them."""
        return next((p.limits for p in reversed(self.packs) if p.limits is not None), None)

    @property
    def mappings(self) -> dict[str, CaseMapping]:
        """Every case mapping by name."""
        return {name: mapping for pack in self.packs for name, mapping in pack.mappings.items()}


def _plain(value: Json) -> Json:
    if isinstance(value, dict):
        return {
            key.isoformat() if isinstance(key, date) else str(key): _plain(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def kind_content(kind: CaseKind) -> JsonObject:
    """A kind as JSON, in the field names of `CaseKind`."""
    content: JsonObject = _plain(asdict(kind))
    return content


def calendar_content(calendar: Calendar) -> JsonObject:
    """A calendar as JSON, in the field names of `Calendar`."""
    content: JsonObject = _plain(
        {
            "id": calendar.id,
            "tz": calendar.tz,
            "work_periods": calendar.work_periods,
            "holidays": dict(calendar.holidays),
            "makeup_days": dict(calendar.makeup_days),
            "known_until": calendar.known_until,
            "source": calendar.source,
        }
    )
    return content


def limits_content(limits: Limits) -> JsonObject:
    """Limits as JSON, in the field names of `Limits`."""
    content: JsonObject = _plain(asdict(limits))
    return content


def duty_content(duties: DutyFile) -> JsonObject:
    """A duty list as JSON, in the shape dispatch imports."""
    content: JsonObject = duties.model_dump(mode="json", by_alias=True, exclude_none=True)
    return content
