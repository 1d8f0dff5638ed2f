"""Drafts, activation by a second person, immutability, packs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from chengyun.dispatch import verbs
from chengyun.dispatch.models import DutyList
from chengyun.kernel.actor import PUBLIC, SYSTEM, Actor
from chengyun.kernel.models import Event
from chengyun.kernel.problems import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    Unauthenticated,
)
from tests.dispatch.conftest import NOW, person
from tests.dispatch.decide.world import CITY, NORTH, entry, role


def content(version: str = "1", *entries: dict[str, Any], **head: Any) -> dict[str, Any]:
    made = list(entries) or [entry("e1")]
    return {"id": "ours", "version": version, "entries": made, **head}


def draft(actor: Actor, version: str = "1", *entries: dict[str, Any], **head: Any) -> DutyList:
    body = content(version, *entries, **head)
    receipt = verbs.save_draft(actor, now=NOW, city_no=CITY, content=body)
    return DutyList.objects.get(pk=receipt["id"])


def activate(actor: Actor, row: DutyList) -> dict[str, Any]:
    return verbs.activate_list(actor, now=NOW, list_id=row.id)


def test_a_draft_is_stored_with_its_author_and_hash(city: int, author: Actor) -> None:
    row = draft(author)
    assert (row.status, row.created_by, row.entries, len(row.hash)) == ("draft", author.id, 1, 64)
    told = Event.objects.get(subject_id=row.id)
    assert (told.name, told.area_no) == ("dispatch.DutyListDrafted", city)


def test_a_faulty_draft_is_refused_whole(city: int, author: Actor) -> None:
    with pytest.raises(Invalid) as caught:
        draft(author, "1", entry("good"), entry("bad", lead={"role": "x"}))
    assert caught.value.errors[0].field == "entries.1.lead"
    assert not DutyList.objects.exists()


def test_only_city_wide_posts_write_and_only_leaders_activate(city: int, author: Actor) -> None:
    row = draft(author)
    local = person("local", "dispatcher", NORTH)
    department = person("department", "department")
    for actor, expected in (
        (PUBLIC, Unauthenticated),
        (local, Forbidden),
        (department, Forbidden),
        (person("stranger", "leader", 2 << 48), NotFound),
    ):
        with pytest.raises(expected):
            draft(actor, "9")
    for actor, problem in ((author, Forbidden), (person("other", "dispatcher"), Forbidden)):
        with pytest.raises(problem):
            activate(actor, row)


def test_the_author_never_activates_their_own(city: int) -> None:
    leader = person("both", "leader")
    row = draft(leader)
    with pytest.raises(Forbidden) as caught:
        activate(leader, row)
    assert caught.value.code == "second_person"
    # The database holds the same line.
    with pytest.raises(DatabaseError), transaction.atomic():
        DutyList.objects.filter(pk=row.pk).update(activated_by=leader.id)
    activate(person("second", "leader"), row)


def test_a_key_never_activates(city: int, author: Actor, leader: Actor) -> None:
    row = draft(author)
    with pytest.raises(Forbidden) as caught:
        activate(Actor("key", leader.id, "key", leader.grants), row)
    assert caught.value.code == "not_a_person"


def test_activating_replaces_the_list_in_force(city: int, author: Actor, leader: Actor) -> None:
    first, second = draft(author, "1"), draft(author, "2")
    assert activate(leader, first)["replaced"] is None
    assert activate(leader, second)["replaced"] == "ours@1"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("retired", "active")
    with pytest.raises(Conflict):
        activate(leader, first)


def test_what_was_in_force_never_changes(city: int, author: Actor, leader: Actor) -> None:
    row = draft(author)
    activate(leader, row)
    with pytest.raises(Conflict) as caught:
        draft(author, "1", entry("other"))
    assert caught.value.code == "version_taken"
    for change in ({"content": {}}, {"status": "draft"}, {"hash": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            DutyList.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        DutyList.objects.filter(pk=row.pk).delete()


def test_only_its_author_writes_a_draft_anew(city: int, author: Actor) -> None:
    row = draft(author)
    again = draft(author, "1", entry("e1"), entry("e2"))
    assert (again.id, again.entries, again.revision) == (row.id, 2, 2)
    with pytest.raises(Conflict) as caught:
        draft(person("other", "dispatcher"))
    assert caught.value.code == "not_your_draft"


def test_a_list_of_tomorrow_is_not_activated_today(city: int, author: Actor, leader: Actor) -> None:
    # NOW is 10:00 on 2 March in the city.
    row = draft(author, effective_from="2026-03-03")
    with pytest.raises(Conflict) as caught:
        activate(leader, row)
    assert caught.value.code == "too_early"
    verbs.activate_list(leader, now=NOW + timedelta(hours=14), list_id=row.id)


def test_retiring_needs_a_reason_and_leaves_none_in_force(
    city: int, author: Actor, leader: Actor
) -> None:
    row = draft(author)
    activate(leader, row)
    for reason in ("", " ", "a\x00"):
        with pytest.raises(Invalid):
            verbs.retire_list(leader, now=NOW, list_id=row.id, reason=reason)
    with pytest.raises(Forbidden):
        verbs.retire_list(author, now=NOW, list_id=row.id, reason="wrong")
    verbs.retire_list(leader, now=NOW, list_id=row.id, reason="wrong\nindeed")
    assert not DutyList.objects.filter(status="active").exists()
    with pytest.raises(Conflict):
        verbs.retire_list(leader, now=NOW, list_id=row.id, reason="again")


def test_a_key_repeats_the_receipt(city: int, author: Actor) -> None:
    body = content()
    first = verbs.save_draft(author, now=NOW, key="k", city_no=CITY, content=body)
    again = verbs.save_draft(author, now=NOW, key="k", city_no=CITY, content=body)
    assert again == {**first, "replayed": True}


def install(version: str, *contents: dict[str, Any]) -> DutyList:
    receipt = verbs.install_pack_list(
        SYSTEM, now=NOW, city_no=CITY, pack="base", version=version, contents=list(contents)
    )
    return DutyList.objects.get(pk=receipt["id"])


def test_a_packs_lists_become_one_and_come_into_force(city: int) -> None:
    one = {**content("1", entry("e"), source="A"), "id": "roads", "verified": True}
    two = {**content("1", entry("e"), entry("f"), source="B"), "id": "parks"}
    row = install("1.0", one, two)
    assert (row.status, row.entries, row.verified) == ("active", 3, False)
    assert [e["id"] for e in row.content["entries"]] == ["roads/e", "parks/e", "f"]
    assert row.source == "A; B"
    assert install("1.0", one, two).id == row.id
    changed = install("1.0", one)
    assert changed.version.startswith("1.0+")
    assert changed.status == "active"
    assert DutyList.objects.filter(status="active").count() == 1


def test_a_pack_does_not_replace_the_citys_own_list(
    city: int, author: Actor, leader: Actor
) -> None:
    activate(leader, draft(author))
    assert install("1.0", content()).status == "draft"


def test_only_the_system_installs_and_faults_are_named(city: int, leader: Actor) -> None:
    bad = content("1", entry("e", lead=role("x", "grid")))
    with pytest.raises(Problem):
        verbs.install_pack_list(
            leader, now=NOW, city_no=CITY, pack="p", version="1", contents=[content()]
        )
    with pytest.raises(Invalid) as caught:
        install("1", content(), bad)
    assert caught.value.errors[0].field == "1.1.lead.level"
