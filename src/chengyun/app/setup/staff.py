"""A city's organisations and simulated people, from the patterns of its pack."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from chengyun.app.packs.loaded import LoadedPack
from chengyun.kernel import areas, audit
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from chengyun.kernel.text import Text
from chengyun.people import verbs as people
from chengyun.people.models import Appointment, Organisation, User
from chengyun.places.models import Region
from chengyun.sdk.declared import Name
from chengyun.sdk.organisations import OrganisationPattern, OrganisationsFile, PersonPattern

_BATCH = 2_000


def staff_city(pack: LoadedPack, city_no: int, say: Callable[[str], None], now: datetime) -> None:
    """Make the organisations and people that a pack's patterns describe; known ones stay."""
    patterns = pack.organisations
    if patterns is None:
        return
    regions = list(Region.objects.filter(city_id=city_no, valid_to=None).order_by("area_no"))
    wanted = _organisations(patterns, regions)
    have = Organisation.objects.filter(city_no=city_no).count()
    if have < len(wanted):
        say(f"Setting up {len(wanted):,} organisations …")
        people.import_organisations(SYSTEM, now=now, rows=wanted, simulated=True)
    _people(patterns, regions, city_no, say, now)


def _fill(pattern: str, region: Region, lang: str, n: int = 1) -> str:
    name = region.name_zh if lang == "zh" else region.name_en or region.name_zh
    return pattern.format(code=region.code, area=name, n=n)


def _named(pattern: Name, region: Region) -> Text:
    return {
        "zh": _fill(pattern.zh, region, "zh"),
        "en": _fill(pattern.en, region, "en"),
    }


def _each(pattern: OrganisationPattern, regions: list[Region]) -> list[Region]:
    return [
        region
        for region in regions
        if region.level == pattern.each and (pattern.areas is None or region.code in pattern.areas)
    ]


def _organisations(
    patterns: OrganisationsFile, regions: list[Region]
) -> list[people.OrganisationRow]:
    """Rows with parents before children: patterns are declared in that order."""
    made: dict[str, dict[int, str]] = {}
    rows = []
    for pattern in patterns.organisations:
        codes = made.setdefault(pattern.id, {})
        for region in _each(pattern, regions):
            code = _fill(pattern.code, region, "zh")
            codes[region.area_no] = code
            parent = None
            if pattern.parent is not None:
                above = made[pattern.parent]
                parent = next(
                    (above[no] for no in reversed(areas.ancestors(region.area_no)) if no in above),
                    None,
                )
            rows.append(
                people.OrganisationRow(
                    code=code,
                    name=_named(pattern.name, region),
                    kind=pattern.kind,
                    area_no=region.area_no,
                    roles=tuple(pattern.roles),
                    parent=parent,
                )
            )
    return rows


def _people(
    patterns: OrganisationsFile,
    regions: list[Region],
    city_no: int,
    say: Callable[[str], None],
    now: datetime,
) -> None:
    by_code = {one.code: one for one in Organisation.objects.filter(city_no=city_no)}
    homes = {pattern.id: pattern for pattern in patterns.organisations}
    wanted: list[tuple[PersonPattern, Region, Organisation, int]] = []
    for person in patterns.people:
        home = homes[person.organisation]
        for region in _each(home, regions):
            unit = by_code[_fill(home.code, region, "zh")]
            wanted += [(person, region, unit, n) for n in range(1, person.count + 1)]
    names = [_fill(p.username, region, "en", n).lower() for p, region, _, n in wanted]
    known = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    fresh = [(w, name) for w, name in zip(wanted, names, strict=True) if name not in known]
    if not fresh:
        return
    say(f"Setting up {len(fresh):,} simulated accounts …")
    users, posts = [], []
    for (person, region, unit, n), name in fresh:
        user = User(
            username=name,
            display_name=_fill(person.name.zh, region, "zh", n),
            organisation=unit,
            simulated=True,
            created_at=now,
        )
        users.append(user)
        posts.append(
            Appointment(
                user=user,
                post=person.post,
                organisation=unit,
                area_no=unit.area_no,
                valid_from=now,
            )
        )
    with transaction.atomic():
        bind(SYSTEM.scope())
        # Thousands of accounts nobody can sign in to: one audit entry, not thousands of commands.
        User.objects.bulk_create(users, batch_size=_BATCH)
        Appointment.objects.bulk_create(posts, batch_size=_BATCH)
        audit.write(SYSTEM, "app.staff_city", now=now, count=len(users))
