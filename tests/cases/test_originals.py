"""The original of a covered photo: sealed on disk, opened on record, destroyed in time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from chengyun.cases import verbs
from chengyun.cases.models import CasePhoto
from chengyun.cases.reads import public_rules
from chengyun.kernel import uploads
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.models import AuditEntry, Upload
from chengyun.kernel.scope import bind
from tests.cases.desk import Desk, OneCase, as_owner
from tests.cases.test_moderation import chequered

REASON = {"reason": "personal-data"}
COVER = {"boxes": [{"x": 0, "y": 0, "width": 1, "height": 1}], "reason": "person-visible"}


def covered(desk: Desk, run_after: Any) -> tuple[OneCase, str, bytes]:
    upload: str = desk.upload("acceptor", chequered())["id"]
    case = desk.new(photos=[upload])
    before: bytes = desk.ask("acceptor", "GET", f"/cases/{case.id}/photos/{upload}").body
    with run_after(execute=True):
        door = f"/moderation/{case.id}/photos/{upload}/redact"
        assert desk.ask("acceptor", "POST", door, COVER).status == 200
    return case, upload, before


def original(desk: Desk, case: OneCase, upload: str) -> Any:
    return desk.ask(
        "shift_leader", "POST", f"/moderation/{case.id}/photos/{upload}/original", REASON
    )


def test_nothing_of_it_lies_on_the_disk_in_the_clear(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    case, upload, before = covered(desk, django_capture_on_commit_callbacks)
    files = [one for one in uploads.media_dir().rglob("*") if one.is_file()]
    assert all(before[200:300] not in one.read_bytes() for one in files)
    assert not uploads.path_of(UUID(upload)).exists()
    (photo,) = desk.get("acceptor", f"/moderation/{case.id}")["photos"]
    assert photo["original"] is True
    assert original(desk, case, upload).body == before
    with as_owner():
        assert AuditEntry.objects.filter(verb="cases.open_original").exists()
    assert desk.get("acceptor", f"/moderation/{case.id}")["acts"][0]["act"] == "open"


def test_it_goes_when_its_time_is_over(desk: Desk, django_capture_on_commit_callbacks: Any) -> None:
    case, upload, _ = covered(desk, django_capture_on_commit_callbacks)
    over = desk.clock.at + public_rules().original_for
    with as_owner(), django_capture_on_commit_callbacks(execute=True):
        bind(SYSTEM.scope())
        assert verbs.expire_originals(over - timedelta(seconds=1), most=9) == 0
        assert verbs.expire_originals(over, most=9) == 1
        assert verbs.expire_originals(over, most=9) == 0
        assert CasePhoto.objects.get(upload_id=upload).original_key is None
        assert not Upload.objects.filter(pk=upload).exists()
    assert not list(uploads.media_dir().rglob(f"{UUID(upload).hex}*"))
    assert original(desk, case, upload).status == 404
    assert desk.ask("acceptor", "GET", f"/cases/{case.id}/photos/{upload}").kind == "image/jpeg"


def test_what_a_crash_left_in_the_clear_goes_too(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    case, upload, before = covered(desk, django_capture_on_commit_callbacks)
    left = uploads.path_of(UUID(upload))
    left.write_bytes(before)
    with as_owner():
        bind(SYSTEM.scope())
        assert verbs.bare_originals(desk.clock.at, most=9) == 1
        assert verbs.bare_originals(desk.clock.at, most=9) == 0
    assert not left.exists()
    assert original(desk, case, upload).body == before


def test_a_removed_photo_takes_its_sealed_original_along(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    case, upload, _ = covered(desk, django_capture_on_commit_callbacks)
    with django_capture_on_commit_callbacks(execute=True):
        body = {"what": "photo", "target": upload, **REASON}
        assert desk.ask("shift_leader", "POST", f"/moderation/{case.id}/erase", body).status == 200
    assert not list(uploads.media_dir().rglob(f"{UUID(upload).hex}*"))
    assert original(desk, case, upload).status == 404


def test_the_parts_that_can_be_removed_are_listed(desk: Desk) -> None:
    case = desk.new(text="x", address="Spring Lane 7")
    case.closed()
    case.does("shift_leader", "reopen", reason="ask Mrs Li")
    told = desk.get("shift_leader", f"/moderation/{case.id}")
    assert told["address"] == "Spring Lane 7"
    (step,) = [one for one in told["words"] if one["text"] == "ask Mrs Li"]
    for part in ({"what": "address"}, {"what": "words", "target": str(step["version"])}):
        body = {**part, **REASON}
        assert desk.ask("shift_leader", "POST", f"/moderation/{case.id}/erase", body).status == 200
    after = desk.get("shift_leader", f"/moderation/{case.id}")
    assert after["address"] == ""
    assert all("Mrs Li" not in one["text"] for one in after["words"])
