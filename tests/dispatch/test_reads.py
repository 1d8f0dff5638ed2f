"""Reports on stored lists, dry runs over stored cases, suggestions from stored facts."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chengyun.cases.models import KindVersion
from chengyun.dispatch import reads, verbs
from chengyun.dispatch.models import DutyList
from chengyun.dispatch.reads import Period
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.problems import Forbidden, Invalid, NotFound
from chengyun.people.models import Appointment, DutyMember, DutyShift, User
from tests.dispatch.conftest import NOW, MakeCase, person
from tests.dispatch.decide.world import (
    CITY,
    LAMP,
    LITTER,
    N1,
    N1_CLEAN,
    N1_OFFICE,
    N2,
    NORTH,
    S1,
    SOUTH,
    entry,
    role,
)


def stored(author: Actor, version: str, *entries: dict[str, Any]) -> DutyList:
    body = {"id": "ours", "version": version, "entries": list(entries)}
    made = verbs.save_draft(author, now=NOW, city_no=CITY, content=body)
    return DutyList.objects.get(pk=made["id"])


def kind(kind_id: str) -> None:
    scheme, kind_type, code = kind_id.split("/")
    name = {"zh": kind_id, "en": kind_id}
    KindVersion.objects.create(
        kind_id=kind_id,
        pack="test",
        pack_version="1",
        hash=kind_id,
        content={
            "id": kind_id,
            "scheme": scheme,
            "type": kind_type,
            "code": code,
            "major_code": code[:2],
            "major": name,
            "minor_code": code[2:],
            "name": name,
            "conditions": [],
        },
    )


def test_reports_know_the_citys_kinds_streets_and_names(city: int, author: Actor) -> None:
    kind(LITTER)
    kind(LAMP)
    row = stored(author, "1", entry("a"), entry("b", lead=role("subdistrict")))
    (conflict,) = reads.conflicts_view(reads.conflicts(author, row.id, now=NOW))
    assert (conflict["first"], conflict["second"]) == ("a", "b")
    assert conflict["samples"][0]["name"]["en"] == "Area 310101001"
    told = reads.gaps_view(reads.gaps(author, row.id, now=NOW))
    missing = next(gap for gap in told if gap["why"] == "no_entry")
    assert missing["kinds"] == [LAMP]
    assert [area["level"] for area in missing["areas"]] == ["city"]
    assert next(gap for gap in told if gap["why"] == "tie")["areas"][0]["no"] == N1


def test_reports_on_another_citys_list_are_not_found(
    city: int, author: Actor, stranger: Actor
) -> None:
    row = stored(author, "1", entry("a"))
    for read in (reads.conflicts, reads.gaps):
        with pytest.raises(NotFound):
            read(stranger, row.id, now=NOW)


def test_a_dry_run_reads_past_cases_in_sight(
    author: Actor, leader: Actor, make_case: MakeCase
) -> None:
    old = stored(author, "1", entry("a"))
    verbs.activate_list(leader, now=NOW, list_id=old.id)
    new = stored(author, "2", entry("a", lead=role("subdistrict")))
    litter = [make_case(lead_unit=N1_CLEAN.id) for _ in range(3)]
    make_case(area_no=S1)
    make_case(kind_id=None)
    make_case(reported_at=NOW - timedelta(days=400))
    diff = reads.dry_run(SYSTEM, new, now=NOW, period=Period(since=NOW - timedelta(days=1)))
    assert (diff.total, diff.moved, diff.now_unmatched) == (4, 3, 1)
    shown = reads.diff_view(diff)
    move = shown["moves"][0]
    assert (move["before"]["name"]["en"], move["after"]["name"]["en"]) == ("U4", "U5")
    assert set(move["samples"]) == {case.id for case in litter}
    south = reads.dry_run(person("s", "dispatcher", SOUTH), new, now=NOW, period=Period())
    assert south.total == 1
    actual = reads.dry_run(SYSTEM, old, now=NOW, period=Period(limit=4), against="actual")
    assert (actual.total, actual.unchanged) == (4, 3)
    assert DutyList.objects.get(status="active").id == old.id


def test_a_dry_run_has_bounds(city: int, author: Actor) -> None:
    row = stored(author, "1", entry("a"))
    for period, against in ((Period(limit=0), "active"), (Period(), "dreams")):
        with pytest.raises(Invalid):
            reads.dry_run(SYSTEM, row, now=NOW, period=period, against=against)


def test_past_cases_are_read_in_batches(
    author: Actor, make_case: MakeCase, django_assert_max_num_queries: Any
) -> None:
    row = stored(author, "1", entry("a"))
    for _ in range(30):
        make_case()
    with django_assert_max_num_queries(6):
        assert reads.dry_run(SYSTEM, row, now=NOW, period=Period()).newly_matched == 30


def hire(name: str, unit: UUID = N1_CLEAN.id, *, on_duty: bool = True) -> Appointment:
    user = User.objects.create(
        username=name, display_name=name.title(), organisation_id=unit, created_at=NOW
    )
    held = Appointment.objects.create(
        user=user,
        post="handler",
        organisation_id=unit,
        area_no=N1,
        valid_from=NOW - timedelta(days=9),
    )
    if on_duty:
        shift = DutyShift.objects.create(
            organisation_id=unit,
            post="handler",
            starts_at=NOW - timedelta(hours=1),
            ends_at=NOW + timedelta(hours=7),
        )
        DutyMember.objects.create(shift=shift, user=user, on_at=NOW - timedelta(hours=1))
    return held


def test_officers_are_weighed_by_what_is_stored(
    make_case: MakeCase, author: Actor, django_assert_max_num_queries: Any
) -> None:
    near, far, able, _off = hire("near"), hire("far"), hire("able"), hire("off", on_duty=False)
    hire("elsewhere", N1_OFFICE.id)
    case = make_case(lon=121.47, lat=31.23, lead_unit=N1_CLEAN.id, unit_ids=[N1_CLEAN.id])
    for held, lon in ((near, 121.471), (able, 121.471), (far, 121.6)):
        make_case(handler_id=held.user_id, lon=lon, lat=31.23)
    head = person("head", "department", N1, N1_CLEAN.id)
    verbs.record_skill(head, now=NOW, appointment=able.id, kinds="S/event/*", level=3)
    with django_assert_max_num_queries(7):
        found = reads.suggest_officers(author, case.id, now=NOW)
    assert [one.name for one in found] == ["Able", "Near", "Far"]
    assert "Has 1 open case." in [said["en"] for said in found[0].reasons]


def test_suggestions_need_sight_and_a_post_that_gives_work_out(
    make_case: MakeCase, author: Actor, stranger: Actor
) -> None:
    case = make_case(lead_unit=N1_CLEAN.id, unit_ids=[N1_CLEAN.id])
    with pytest.raises(NotFound):
        reads.suggest_officers(stranger, case.id, now=NOW)
    with pytest.raises(NotFound):
        reads.suggest_officers(author, uuid4(), now=NOW)
    with pytest.raises(NotFound):
        reads.suggest_officers(author, case.id, now=NOW, unit=N1_OFFICE.id)
    with pytest.raises(Forbidden):
        reads.suggest_officers(person("c", "collector", NORTH), case.id, now=NOW)
    assert reads.suggest_officers(author, make_case().id, now=NOW) == []


def test_a_department_keeps_its_own_peoples_skills(
    city: int, author: Actor, stranger: Actor
) -> None:
    held = hire("li")
    head = person("head", "department", N1, N1_CLEAN.id)
    made = verbs.record_skill(head, now=NOW, appointment=held.id, kinds="S/*", level=1)
    again = verbs.record_skill(head, now=NOW, appointment=held.id, kinds="S/*", level=2)
    assert made["id"] == again["id"]
    assert [s["level"] for s in reads.skills_view(head)] == [2]
    assert not reads.skills_view(stranger)
    assert not reads.skills_view(person("o", "department", N2, N1_OFFICE.id))
    other = person("o2", "department", N1, N1_OFFICE.id)
    with pytest.raises(Forbidden):
        verbs.record_skill(other, now=NOW, appointment=held.id, kinds="S/*", level=2)
    with pytest.raises(NotFound):
        verbs.remove_skill(other, now=NOW, skill=UUID(made["id"]))
    with pytest.raises(Forbidden):
        verbs.remove_skill(author, now=NOW, skill=UUID(made["id"]))
    for kinds, level, field in (("", 1, "kinds"), ("S/*", 4, "level"), ("a\x00", 1, "kinds")):
        with pytest.raises(Invalid) as caught:
            verbs.record_skill(head, now=NOW, appointment=held.id, kinds=kinds, level=level)
        assert [e.field for e in caught.value.errors] == [field]
    verbs.remove_skill(head, now=NOW, skill=UUID(made["id"]))
    assert not reads.skills_view(head)


def test_lists_are_paged_newest_first(city: int, author: Actor, stranger: Actor) -> None:
    for version in range(5):
        stored(author, str(version), entry("a"))
    seen: list[str] = []
    cursor = None
    while True:
        rows, cursor = reads.lists(author, limit=2, cursor=cursor)
        seen += [row.version for row in rows]
        if cursor is None:
            break
    assert sorted(seen) == ["0", "1", "2", "3", "4"]
    assert len(seen) == 5
    assert reads.lists(stranger) == ([], None)
    assert reads.lists(author, status="active")[0] == []
    for wrong in ({"status": "x"}, {"cursor": "x"}):
        with pytest.raises(Invalid):
            reads.lists(author, **wrong)  # type: ignore[arg-type]
