"""Reading the folders of packs."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from chengyun.app.packs import building, building_evaluation
from chengyun.app.packs.checking import check
from chengyun.app.packs.faults import PackError, PackFault
from chengyun.app.packs.loaded import Catalog, LoadedPack
from chengyun.app.packs.reading import content_hash, declare, parse, read_bytes
from chengyun.cases.decide.calendar import Calendar
from chengyun.cases.decide.kinds import CaseKind
from chengyun.sdk.addresses import AddressesFile
from chengyun.sdk.calendars import CalendarFile
from chengyun.sdk.clocks import ClocksFile
from chengyun.sdk.components import ComponentsFile
from chengyun.sdk.dashboards import DashboardsFile
from chengyun.sdk.duties import DutyFile
from chengyun.sdk.evaluation import EvaluationFile
from chengyun.sdk.homes import HomesFile
from chengyun.sdk.kinds import FormFile, KindsFile, SchemesFile
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

M = TypeVar("M", bound=BaseModel)

SINGLE: dict[str, type[BaseModel]] = {
    "pack.toml": PackManifest,
    "schemes.yaml": SchemesFile,
    "clocks.yaml": ClocksFile,
    "simulate.yaml": SimulateFile,
    "moderation.yaml": ModerationFile,
    "stoppers.yaml": StoppersFile,
    "addresses.yaml": AddressesFile,
    "components.yaml": ComponentsFile,
    "solids.yaml": SolidsFile,
}
FOLDERS: dict[str, type[BaseModel]] = {
    "case_kinds": KindsFile,
    "forms": FormFile,
    "duties": DutyFile,
    "calendars": CalendarFile,
    "organisations": OrganisationsFile,
    "mappings": CaseMapping,
    "evaluation": EvaluationFile,
    "texts": TextsFile,
    "notices": NoticesFile,
    "homes": HomesFile,
    "map": MapFile,
    "senses": SensesFile,
    "readings": ReadingsMapping,
    "rules": RulesFile,
    "dashboards": DashboardsFile,
    "tests": ExamplesFile,
}


class _Files:
    """The declarations of one folder by relative name, the hashes, and what was wrong."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.declared: dict[str, BaseModel] = {}
        self.hashes: dict[str, str] = {}
        self.faults: list[PackFault] = []
        for path in sorted(p for p in root.rglob("*") if p.is_file()):
            self._take(path, path.relative_to(root).as_posix())

    def _take(self, path: Path, name: str) -> None:
        shown = f"{self.root.name}/{name}"
        folder, _, rest = name.partition("/")
        if name.startswith(".") or name.lower().startswith("readme"):
            return
        model = SINGLE.get(name) or (FOLDERS.get(folder) if "/" not in rest else None)
        if model is None or not name.endswith((".yaml", ".toml")):
            known = ", ".join([*SINGLE, *(f"{folder}/*.yaml" for folder in FOLDERS)])
            self.faults.append(
                PackFault(shown, "", "is no file of a pack", f"A pack holds {known}")
            )
            return
        content = read_bytes(path, shown)
        if isinstance(content, PackFault):
            self.faults.append(content)
            return
        self.hashes[name] = content_hash(content)
        value = parse(content, shown)
        if isinstance(value, PackFault):
            self.faults.append(value)
            return
        if model is SimulateFile and isinstance(value, dict) and "scenes" in value:
            model = ScenesFile
        declared = declare(model, value, shown)
        if isinstance(declared, list):
            self.faults.extend(declared)
        else:
            self.declared[name] = declared

    def of(self, model: type[M]) -> dict[str, M]:
        """The declarations of one sort, by file name."""
        return {k: v for k, v in self.declared.items() if isinstance(v, model)}


def load_pack(folder: Path) -> tuple[LoadedPack | None, list[PackFault]]:
    """One pack and its own faults; None when its manifest is unusable."""
    files = _Files(folder)
    faults = files.faults
    manifest = files.declared.get("pack.toml")
    if not isinstance(manifest, PackManifest):
        if "pack.toml" not in files.hashes:
            faults.append(
                PackFault(folder.name, "", "has no pack.toml", "Write one, or remove the folder")
            )
        return None, faults
    if manifest.name != folder.name:
        faults.append(
            PackFault(
                f"{folder.name}/pack.toml",
                "name",
                f"{manifest.name!r} is not the name of its folder",
                "Give both the same name",
            )
        )
    forms = {Path(name).stem: form.json_schema for name, form in files.of(FormFile).items()}
    kind_files = files.of(KindsFile)
    clocks = files.of(ClocksFile)
    limits = None
    for clock_name, file in clocks.items():
        try:
            limits = building.limits(file)
        except ValueError as error:
            faults.append(PackFault(f"{folder.name}/{clock_name}", "", str(error), ""))
    calendar_files = files.of(CalendarFile)
    calendars, calendar_faults = _calendars(folder.name, calendar_files)
    faults.extend(calendar_faults)
    kinds: list[CaseKind] = []
    unrouted: set[str] = set()
    for kind_file in kind_files.values():
        kinds.extend(building.kinds(kind_file, forms, manifest))
        unrouted.update(building.kind_id(kind_file, k) for k in kind_file.kinds if k.unrouted)
    evaluation_files = files.of(EvaluationFile)
    for name, one in evaluation_files.items():
        faults.extend(building_evaluation.faults(f"{folder.name}/{name}", one))
    pack = LoadedPack(
        manifest=manifest,
        hash=content_hash("\n".join(f"{n} {h}" for n, h in sorted(files.hashes.items())).encode()),
        files=files.hashes,
        schemes=tuple(s for file in files.of(SchemesFile).values() for s in file.schemes),
        kinds=tuple(kinds),
        unrouted=frozenset(unrouted),
        forms=forms,
        duties=tuple(files.of(DutyFile).values()),
        calendars=calendars,
        limits=limits,
        mappings={mapping.name: mapping for mapping in files.of(CaseMapping).values()},
        organisations=_one(files, OrganisationsFile, faults),
        texts=tuple(files.of(TextsFile).values()),
        simulate=_one(files, SimulateFile, faults),
        scenes=_one(files, ScenesFile, faults),
        moderation=_one(files, ModerationFile, faults),
        addresses=_one(files, AddressesFile, faults),
        components=_one(files, ComponentsFile, faults),
        solids=_one(files, SolidsFile, faults),
        stoppers=_one(files, StoppersFile, faults),
        examples=tuple(files.of(ExamplesFile).values()),
        kind_files=kind_files,
        calendar_files=calendar_files,
        evaluation=tuple(
            scheme
            for one in evaluation_files.values()
            for scheme in building_evaluation.schemes(one, manifest)
        ),
        evaluation_files=evaluation_files,
        notice_files=files.of(NoticesFile),
        home_files=files.of(HomesFile),
        map_files=files.of(MapFile),
        senses_files=files.of(SensesFile),
        readings_files=files.of(ReadingsMapping),
        rules_files=files.of(RulesFile),
        dashboard_files=files.of(DashboardsFile),
    )
    return pack, faults


def _one(files: _Files, model: type[M], faults: list[PackFault]) -> M | None:
    found = files.of(model)
    if len(found) > 1:
        names = ", ".join(found)
        faults.append(
            PackFault(files.root.name, "", f"has several of one sort: {names}", "Join them")
        )
    return next(iter(found.values()), None)


def _calendars(
    pack: str, files: dict[str, CalendarFile]
) -> tuple[dict[str, Calendar], list[PackFault]]:
    years: dict[str, list[CalendarFile]] = {}
    for file in files.values():
        years.setdefault(file.id, []).append(file)
    built: dict[str, Calendar] = {}
    faults: list[PackFault] = []
    for key, same in years.items():
        try:
            built[key] = building.calendar(same)
        except (ValueError, KeyError, OSError) as error:
            faults.append(
                PackFault(f"{pack}/calendars", key, f"is unusable: {error}", "Correct its files")
            )
    return built, faults


def _in_order(packs: Sequence[LoadedPack]) -> tuple[list[LoadedPack], list[PackFault]]:
    left = {pack.name: pack for pack in packs}
    placed: dict[str, LoadedPack] = {}
    while left:
        ready = sorted(n for n, p in left.items() if set(p.manifest.requires) <= set(placed))
        if not ready:
            return [*placed.values(), *left.values()], [
                PackFault(
                    f"{name}/pack.toml",
                    "requires",
                    f"{', '.join(sorted(set(pack.manifest.requires) - set(placed)))} is not there"
                    " or requires this pack in turn",
                    "Install what is missing, or break the circle",
                )
                for name, pack in left.items()
            ]
        for name in ready:
            placed[name] = left.pop(name)
    return list(placed.values()), []


def read_catalog(roots: Iterable[Path]) -> tuple[Catalog, list[PackFault]]:
    """All packs below the roots and the faults inside and of their order."""
    packs: list[LoadedPack] = []
    faults: list[PackFault] = []
    seen: dict[str, Path] = {}
    for root in roots:
        for folder in sorted(p for p in root.iterdir() if p.is_dir() and p.name[0] not in "._"):
            if folder.name in seen:
                faults.append(PackFault(folder.name, "", "is there twice", f"Remove one of {root}"))
                continue
            seen[folder.name] = folder
            pack, own = load_pack(folder)
            faults.extend(own)
            if pack is not None:
                packs.append(pack)
    ordered, wrong = _in_order(packs)
    return Catalog(tuple(ordered)), faults + wrong


def load_catalog(roots: Iterable[Path]) -> Catalog:
    """All packs below the roots, read and checked.

    Raises:
        PackError: something is wrong; it lists everything found.
    """
    catalog, faults = read_catalog(roots)
    found = [*faults, *check(catalog)]
    if found:
        raise PackError(found)
    return catalog


def default_roots() -> tuple[Path, ...]:
    """Where packs lie: `CHENGYUN_PACKS` (folders parted by the system's path separator), else
    `packs/` of the checkout, and `packs/` of the data folder for what a city adds itself."""
    named = os.environ.get("CHENGYUN_PACKS")
    roots = (
        [Path(part) for part in named.split(os.pathsep)]
        if named
        else [Path(__file__).resolve().parents[4] / "packs"]
    )
    data = os.environ.get("CHENGYUN_DATA_DIR")
    if data:
        roots.append(Path(data) / "packs")
    return tuple(root for root in roots if root.is_dir())
