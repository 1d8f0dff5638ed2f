"""What does not fit together: within a pack, and between packs. Pure."""

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import partial
from itertools import pairwise

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from chengyun.app.packs import checking_notices, checking_rules, checking_senses
from chengyun.app.packs.checking_city import city_faults
from chengyun.app.packs.checking_dashboards import dashboard_faults
from chengyun.app.packs.checking_homes import home_faults
from chengyun.app.packs.checking_map import map_faults
from chengyun.app.packs.checking_notices import notice_faults
from chengyun.app.packs.checking_rules import rules_faults
from chengyun.app.packs.checking_senses import senses_faults
from chengyun.app.packs.faults import PackFault
from chengyun.app.packs.loaded import Catalog, LoadedPack
from chengyun.sdk.calendars import CalendarFile
from chengyun.sdk.kinds import KindsFile


def check(catalog: Catalog) -> list[PackFault]:
    """Everything that does not fit."""
    faults: list[PackFault] = []
    for pack in catalog:
        visible = catalog.with_required(pack.name)
        for name, file in pack.kind_files.items():
            faults.extend(_kind_file(pack, visible, f"{pack.name}/{name}", file))
        faults.extend(_forms(pack))
        faults.extend(_masks(pack))
        faults.extend(_calendars(pack))
        faults.extend(_duties(pack, visible))
        faults.extend(city_faults(catalog, pack, visible))
        faults.extend(notice_faults(pack))
        faults.extend(home_faults(pack))
        faults.extend(map_faults(pack, visible))
        faults.extend(senses_faults(pack, visible))
        faults.extend(rules_faults(pack, visible))
        faults.extend(dashboard_faults(pack, visible))
    faults.extend(_between(catalog))
    return faults


def _kind_file(
    pack: LoadedPack, visible: tuple[LoadedPack, ...], name: str, file: KindsFile
) -> Iterator[PackFault]:
    schemes = {scheme.id for other in visible for scheme in other.schemes}
    if file.scheme not in schemes:
        yield PackFault(
            name,
            "scheme",
            f"{file.scheme!r} is declared nowhere",
            "Add it to schemes.yaml, or require the pack that declares it",
        )
    for index, kind in enumerate(file.kinds):
        where = f"kinds[{index}] ({kind.code})"
        if kind.form is not None and kind.form not in pack.forms:
            yield PackFault(
                name,
                f"{where}.form",
                f"there is no forms/{kind.form}.yaml",
                "Write the form, or remove the line",
            )
        ids = [condition.id for condition in kind.conditions]
        for double in sorted({one for one in ids if ids.count(one) > 1}):
            yield PackFault(
                name, f"{where}.conditions", f"the id {double!r} is used twice", "Rename one"
            )
        if len(set(kind.roles)) < len(kind.roles):
            yield PackFault(name, f"{where}.roles", "a role stands there twice", "Remove one")


def _masks(pack: LoadedPack) -> Iterator[PackFault]:
    for mask in pack.moderation.masks if pack.moderation else ():
        try:
            re.compile(mask.pattern)
        except re.error as error:
            yield PackFault(
                f"{pack.name}/moderation.yaml",
                f"masks ({mask.id}).pattern",
                f"is no regular expression: {error}",
                "Correct it",
            )


def _forms(pack: LoadedPack) -> Iterator[PackFault]:
    for name, schema in pack.forms.items():
        try:
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            path = "".join(f"[{step!r}]" for step in error.absolute_path)
            yield PackFault(
                f"{pack.name}/forms/{name}.yaml",
                f"schema{path}",
                f"is no JSON Schema: {error.message}",
                "Correct it to JSON Schema 2020-12",
            )


def _calendars(pack: LoadedPack) -> Iterator[PackFault]:
    years: dict[str, list[tuple[str, CalendarFile]]] = {}
    for name, file in pack.calendar_files.items():
        years.setdefault(file.id, []).append((f"{pack.name}/{name}", file))
        yield from _calendar_days(f"{pack.name}/{name}", file)
    for files in years.values():
        files.sort(key=lambda item: item[1].known_from)
        for (_, before), (name, after) in pairwise(files):
            if (after.known_from - before.known_until).days != 1:
                yield PackFault(
                    name,
                    "known_from",
                    f"does not follow {before.known_until}, where the year before ends",
                    "Leave neither gap nor overlap between the years",
                )
            if (after.time_zone, after.work_periods) != (before.time_zone, before.work_periods):
                yield PackFault(
                    name,
                    "work_periods",
                    "zone or work periods differ from the year before",
                    "Give the calendar a new id when they change",
                )


def _calendar_days(name: str, file: CalendarFile) -> Iterator[PackFault]:
    holidays = [day.date for day in file.holidays]
    makeup = [day.date for day in file.makeup_days]
    for label, days in (("holidays", holidays), ("makeup_days", makeup)):
        for day in sorted({one for one in days if days.count(one) > 1}):
            yield PackFault(name, label, f"{day} stands there twice", "Remove one")
        for day in days:
            if not file.known_from <= day <= file.known_until:
                yield PackFault(
                    name, label, f"{day} lies outside known_from … known_until", "Move the day"
                )
    for day in sorted(set(holidays) & set(makeup)):
        yield PackFault(name, "makeup_days", f"{day} is a holiday too", "Keep one of them")
    for day in makeup:
        if day.weekday() < 5:
            yield PackFault(
                name, "makeup_days", f"{day} is no weekend day", "It needs no make-up entry"
            )


def _duties(pack: LoadedPack, visible: tuple[LoadedPack, ...]) -> Iterator[PackFault]:
    known = {kind.id for other in visible for kind in other.kinds}
    covered: set[str] = set()
    for duties in pack.duties:
        name = f"{pack.name}/duties ({duties.id})"
        ids: set[str] = set()
        for index, entry in enumerate(duties.entries):
            where = f"entries[{index}] ({entry.id})"
            if entry.id in ids:
                yield PackFault(name, where, "the id is used twice", "Rename one entry")
            ids.add(entry.id)
            for pattern in entry.kinds:
                met = {pattern} & known or set(filter(partial(_fits, pattern), known))
                covered |= met
                if not met:
                    yield PackFault(
                        name,
                        f"{where}.kinds",
                        f"{pattern!r} matches no kind of this pack or those it requires",
                        "Correct the pattern, or require the pack with the kind",
                    )
    if pack.duties:
        own = {kind.id for kind in pack.kinds} - pack.unrouted
        yield from _hole(pack, sorted(own - covered))


def _fits(pattern: str, kind_id: str) -> bool:
    return fnmatchcase(kind_id, pattern)


def _hole(pack: LoadedPack, kinds: Iterable[str]) -> Iterator[PackFault]:
    for kind in kinds:
        yield PackFault(
            f"{pack.name}/duties",
            "",
            f"no entry names {kind}",
            "Add it to an entry, or mark the kind `unrouted: true`",
        )


def _between(catalog: Catalog) -> Iterator[PackFault]:
    for noun, pairs in (
        ("kind", [(kind.id, pack.name) for pack in catalog for kind in pack.kinds]),
        ("scheme", [(scheme.id, pack.name) for pack in catalog for scheme in pack.schemes]),
        ("calendar", [(key, pack.name) for pack in catalog for key in pack.calendars]),
        ("mapping", [(key, pack.name) for pack in catalog for key in pack.mappings]),
        ("duty list", [(duty.id, pack.name) for pack in catalog for duty in pack.duties]),
        ("city code", [(m.city.code, p.name) for p in catalog for m in p.mappings.values()]),
        (
            "city ordinal",
            [(str(m.city.ordinal), p.name) for p in catalog for m in p.mappings.values()],
        ),
        *checking_notices.declared_twice(catalog),
        *checking_senses.declared_twice(catalog),
        *checking_rules.declared_twice(catalog),
    ):
        seen: dict[str, str] = {}
        for key, pack_name in pairs:
            if key in seen:
                yield PackFault(
                    pack_name,
                    "",
                    f"the {noun} {key!r} is declared by {seen[key]} already",
                    "Rename or remove one of them",
                )
            seen.setdefault(key, pack_name)
    defaults = [s.id for s in catalog.schemes.values() if s.default]
    if len(defaults) > 1:
        yield PackFault(
            "schemes.yaml",
            "default",
            f"{', '.join(defaults)} are all the default scheme",
            "Leave one default",
        )
