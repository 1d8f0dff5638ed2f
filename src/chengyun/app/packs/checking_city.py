"""Checks of what makes a city: organisations, mappings, simulated life. Pure."""

from collections.abc import Iterator
from zoneinfo import available_timezones

from chengyun.app.packs.faults import PackFault
from chengyun.app.packs.loaded import Catalog, LoadedPack
from chengyun.cases.decide.state import STATE_NAMES
from chengyun.sdk.duties import NamedUnit, RoleUnit
from chengyun.sdk.mappings import CaseMapping
from chengyun.sdk.organisations import OrganisationPattern, OrganisationsFile

_DEPTH = {"city": 0, "district": 1, "street": 2, "community": 3}
_ZONES = available_timezones()


def city_faults(
    catalog: Catalog, pack: LoadedPack, visible: tuple[LoadedPack, ...]
) -> Iterator[PackFault]:
    """What is wrong with a pack's organisations, mappings and simulation."""
    if pack.organisations is not None:
        yield from _organisations(pack, pack.organisations)
        yield from _roles(pack, pack.organisations, visible)
    yield from _named_units(pack, visible)
    for mapping in pack.mappings.values():
        yield from _mapping(catalog, pack, mapping)
    yield from _simulation(pack, visible)
    for name, file in pack.calendar_files.items():
        if file.time_zone not in _ZONES:
            yield PackFault(
                f"{pack.name}/{name}",
                "time_zone",
                f"{file.time_zone!r} is no time zone",
                "Use a name such as Asia/Shanghai",
            )


def _organisations(pack: LoadedPack, file: OrganisationsFile) -> Iterator[PackFault]:
    name = f"{pack.name}/organisations"
    by_id = {pattern.id: pattern for pattern in file.organisations}
    if len(by_id) < len(file.organisations):
        yield PackFault(name, "organisations", "an id is used twice", "Rename one pattern")
    before: dict[str, OrganisationPattern] = {}
    for pattern in file.organisations:
        above = before.get(pattern.parent) if pattern.parent else None
        if pattern.parent and above is None:
            yield PackFault(
                name,
                f"{pattern.id}.parent",
                f"{pattern.parent!r} is no pattern above this one",
                "Declare the parent first",
            )
        if above is not None and _DEPTH[above.each] > _DEPTH[pattern.each]:
            yield PackFault(
                name,
                f"{pattern.id}.parent",
                f"{above.id!r} stands at a lower level",
                "A parent stands at the same level or above",
            )
        before[pattern.id] = pattern
        if pattern.each != "city" and "{code}" not in pattern.code:
            yield PackFault(
                name,
                f"{pattern.id}.code",
                "would give several organisations one code",
                "Put {code} into it",
            )
    for person in file.people:
        if person.organisation not in by_id:
            yield PackFault(
                name,
                f"people ({person.id}).organisation",
                f"{person.organisation!r} is no pattern",
                "Correct it",
            )
        if person.count > 1 and "{n}" not in person.username:
            yield PackFault(
                name, f"people ({person.id}).username", "is not unique", "Put {n} into it"
            )
    known = {person.id for person in file.people}
    for number, roster in enumerate(file.rosters):
        if roster.people not in known:
            yield PackFault(
                name, f"rosters.{number}.people", f"{roster.people!r} is no pattern", "Correct it"
            )


def _roles(
    pack: LoadedPack, file: OrganisationsFile, visible: tuple[LoadedPack, ...]
) -> Iterator[PackFault]:
    held: dict[str, int] = {}
    for pattern in file.organisations:
        for role in pattern.roles:
            held[role] = min(held.get(role, 9), _DEPTH[pattern.each])
    for other in visible:
        for duties in other.duties:
            for entry in duties.entries:
                lead = entry.lead
                # A role is sought upwards, so somebody at its level or above must hold it.
                if isinstance(lead, RoleUnit) and held.get(lead.role, 9) > _DEPTH[lead.level]:
                    yield PackFault(
                        f"{pack.name}/organisations",
                        "",
                        f"nobody at {lead.level} level or above has the role {lead.role!r} that"
                        f" {other.name}/duties ({duties.id}) asks for in {entry.id!r}",
                        "Give the role to a pattern",
                    )


def _named_units(pack: LoadedPack, visible: tuple[LoadedPack, ...]) -> Iterator[PackFault]:
    if pack.manifest.kind == "local":
        return  # a city's own list may name organisations that only its database knows
    codes = {
        pattern.code
        for other in visible
        if other.organisations is not None
        for pattern in other.organisations.organisations
    }
    for mapping in pack.mappings.values():
        for code in sorted(set(mapping.unit.values.values() if mapping.unit else ()) - codes):
            yield PackFault(
                f"{pack.name}/mappings ({mapping.name})",
                "unit.values",
                f"no organisation has the code {code!r}",
                "Correct the code, or declare the organisation",
            )
    for duties in pack.duties:
        for entry in duties.entries:
            for unit in (entry.lead, *entry.co):
                if isinstance(unit, NamedUnit) and unit.org not in codes:
                    yield PackFault(
                        f"{pack.name}/duties ({duties.id})",
                        entry.id,
                        f"no organisation has the code {unit.org!r}",
                        "Correct the code, or declare the organisation",
                    )


def _mapping(catalog: Catalog, pack: LoadedPack, mapping: CaseMapping) -> Iterator[PackFault]:
    name = f"{pack.name}/mappings ({mapping.name})"
    rule = mapping.kind
    prefix = f"{rule.scheme}/{rule.type}/"
    known = catalog.kinds
    codes = {rule.unknown}
    for look in rule.by:
        codes.update(look.values.values(), look.prefixes.values())
    for code in sorted(codes):
        if prefix + code not in known:
            yield PackFault(
                name, "kind", f"{prefix + code!r} is no kind", "Declare it, or correct the code"
            )
    city = mapping.city
    if city.calendar not in catalog.calendars:
        yield PackFault(
            name, "city.calendar", f"{city.calendar!r} is no calendar", "Add calendars/*.yaml"
        )
    if city.time_zone not in _ZONES:
        yield PackFault(
            name, "city.time_zone", f"{city.time_zone!r} is no time zone", "Correct the name"
        )
    west, south, east, north = city.bounds
    if not (west < city.center[0] < east and south < city.center[1] < north):
        yield PackFault(
            name,
            "city.center",
            "does not lie inside the bounds",
            "Write bounds as west, south, east, north and the centre as longitude, latitude",
        )
    for status, value in [*mapping.state.values.items(), ("other", mapping.state.other)]:
        if value.state not in STATE_NAMES:
            yield PackFault(
                name,
                f"state ({status})",
                f"{value.state!r} is no state of a case",
                f"Use one of {', '.join(STATE_NAMES)}",
            )
    for level in mapping.areas:
        unknown = sorted(set(level.aliases.values()) - set(level.names)) if level.names else []
        if unknown:
            yield PackFault(
                name,
                f"areas ({level.level}).aliases",
                f"{', '.join(unknown)} is not among the names",
                "Add the name, or correct the alias",
            )


def _simulation(pack: LoadedPack, visible: tuple[LoadedPack, ...]) -> Iterator[PackFault]:
    if pack.simulate is None:
        return
    kinds = {kind.id: kind for other in visible for kind in other.kinds}
    for index, report in enumerate(pack.simulate.reports):
        kind = kinds.get(report.kind)
        where = f"reports[{index}]"
        if kind is None:
            yield PackFault(
                f"{pack.name}/simulate.yaml", f"{where}.kind", f"{report.kind!r} is no kind", ""
            )
        elif kind.condition(report.condition) is None:
            yield PackFault(
                f"{pack.name}/simulate.yaml",
                f"{where}.condition",
                f"{report.kind} has no condition {report.condition!r}",
                "Use one of " + ", ".join(condition.id for condition in kind.conditions),
            )
