"""Shifts of simulated people for the days to come, from the roster patterns of a pack."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from chengyun.app.packs.loaded import LoadedPack
from chengyun.kernel.actor import SYSTEM
from chengyun.people import verbs as people
from chengyun.people.models import Appointment, Organisation
from chengyun.places.models import City
from chengyun.sdk.duties import ClockTime
from chengyun.sdk.organisations import RosterPattern

DAYS = 14


def plan_rosters(pack: LoadedPack, city_no: int, now: datetime) -> None:
    """Plan today and the days to come; what is planned already stays as it is."""
    if pack.organisations is None:
        return
    zone = ZoneInfo(City.objects.get(area_no=city_no).time_zone)
    persons = {one.id: one for one in pack.organisations.people}
    homes = {one.id: one for one in pack.organisations.organisations}
    for roster in pack.organisations.rosters:
        person = persons[roster.people]
        home = homes[person.organisation]
        units = Organisation.objects.filter(city_no=city_no, level=home.each, kind=home.kind)
        held: dict[Organisation, list[Appointment]] = {}
        simulated = Appointment.objects.filter(
            post=person.post, organisation__in=units, valid_to=None, user__simulated=True
        )
        for one in simulated.select_related("organisation").order_by("user__username"):
            held.setdefault(one.organisation, []).append(one)
        for unit, appointments in held.items():
            stretches = _stretches(roster, [one.user_id for one in appointments], zone, now)
            people.plan_roster(
                SYSTEM, now=now, organisation=unit.pk, post=person.post, stretches=stretches
            )


def _stretches(
    roster: RosterPattern, members: list[UUID], zone: ZoneInfo, now: datetime
) -> list[people.Stretch]:
    """A span that has begun is planned from now on: nobody held the post before there was one."""
    found: dict[tuple[datetime, datetime], list[UUID]] = {}
    today = now.astimezone(zone).date()
    for day in (today + timedelta(days=n) for n in range(DAYS)):
        for n, member in enumerate(members):
            since, until = roster.spans[(n + day.toordinal()) % len(roster.spans)]
            end = _at(day if until > since else day + timedelta(days=1), until, zone)
            if end > now:
                found.setdefault((max(_at(day, since, zone), now), end), []).append(member)
    return [people.Stretch(start, end, tuple(who)) for (start, end), who in found.items()]


def _at(day: date, clock: ClockTime, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone)
