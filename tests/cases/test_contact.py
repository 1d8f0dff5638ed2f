"""How a reporter can be reached: sealed, masked, opened for a reason, erased in time."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from psycopg import sql

from chengyun.cases import jobs
from chengyun.cases.models import ContactReveal, Report
from chengyun.cases.verbs.contact import KEEP_CONTACT
from chengyun.kernel import housekeeping
from chengyun.kernel.models import AuditEntry
from tests.cases.desk import Desk, OneCase, as_owner

CONTACT = {"name": "欧阳明月", "phone": "13912345678", "email": "moon@example.org"}
ALL = sql.SQL("SELECT row_to_json(t)::text FROM {} t")
SECRETS = ("欧阳", "明月", "13912345678", "moon@example.org")


@pytest.fixture
def told(desk: Desk) -> OneCase:
    """A case whose reporter left how to be reached."""
    return desk.new(contact=CONTACT)


def reveal(desk: Desk, case: OneCase, who: str = "acceptor", **options: Any) -> Any:
    """Ask to see the contact."""
    with as_owner():
        report = Report.objects.get(case_id=case.id)
    path = f"/cases/{case.id}/reports/{report.id}/contact"
    body = {"reason": options.pop("reason", "call back about the access")}
    return desk.ask(who, "POST", path, body, **options)


def _everything(tables: tuple[str, ...]) -> str:
    said = []
    with as_owner(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(ALL.format(sql.Identifier(table)))
            said += [row[0] for row in cursor.fetchall()]
    return "\n".join(said)


def test_at_rest_it_is_sealed(desk: Desk, told: OneCase) -> None:
    with as_owner():
        report = Report.objects.get()
        for secret in SECRETS:
            assert secret.encode() not in bytes(report.contact)
        assert report.contact_masked == "欧＊ •••78 m•••@example.org"
        assert report.contact_expires_at == desk.clock.at + KEEP_CONTACT


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"email": "a@b.cn", "tell": True}, True),
        ({"email": "a@b.cn"}, False),
        ({"name": "王", "tell": True}, False),
    ],
)
def test_only_who_agreed_and_can_be_reached_is_told(
    desk: Desk, said: dict[str, Any], kept: bool
) -> None:
    case = desk.new(contact=said)
    with as_owner():
        assert Report.objects.get(case_id=case.id).contact_tell is kept


@pytest.mark.parametrize("mail", ["nobody", "a@b\nBcc: c@d", "a @b"])
def test_a_mail_address_must_be_one(desk: Desk, mail: str) -> None:
    answer = desk.report(None, contact={"email": mail, "tell": True})
    assert answer.status == 422
    assert answer.fields == ["contact.email"]


def test_lists_show_it_masked_and_nothing_else_shows_it(
    desk: Desk, told: OneCase, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = told.detail().body
    assert seen["report_list"][0]["contact_masked"] == "欧＊ •••78 m•••@example.org"
    told.closed()
    assert reveal(desk, told).status == 200
    bodies = [
        seen,
        told.track().body,
        desk.get("acceptor", "/cases").body,
        desk.get("leader", f"/cases/{told.id}/timeline").body,
    ]
    tables = (
        "kernel_event",
        "kernel_auditentry",
        "kernel_idempotencykey",
        "procrastinate_jobs",
        "cases_case",
        "cases_report",
        "cases_reportermessage",
        "cases_contactreveal",
    )
    everything = _everything(tables) + str(bodies) + caplog.text
    for secret in SECRETS:
        assert secret not in everything


def test_it_opens_to_a_desk_post_with_second_factor_and_reason(desk: Desk, told: OneCase) -> None:
    opened = reveal(desk, told)
    assert (opened.status, opened.body) == (200, CONTACT)
    assert opened.headers["Cache-Control"] == "no-store"
    with as_owner():
        kept = ContactReveal.objects.get()
        assert (kept.by, kept.reason) == (
            desk.world.users["acceptor"].id,
            "call back about the access",
        )
        entry = AuditEntry.objects.get(verb="cases.reveal_contact")
        assert (str(entry.subject_id), entry.outcome) == (told.id, "done")


@pytest.mark.parametrize(
    ("who", "options", "status", "code"),
    [
        ("acceptor", {"second_factor": False}, 403, "second_factor"),
        ("acceptor", {"reason": ""}, 422, "invalid"),
        ("acceptor", {"reason": "x"}, 422, "invalid"),
        ("acceptor", {"reason": "call\x00back"}, 422, "invalid"),
        ("dispatcher", {}, 403, "forbidden"),
        ("department", {}, 403, "forbidden"),
        ("leader", {}, 403, "forbidden"),
        ("auditor", {}, 403, "forbidden"),
        ("stranger", {}, 404, "not_found"),
        (None, {}, 401, "unauthenticated"),
    ],
)
def test_to_nobody_else(
    desk: Desk, told: OneCase, who: Any, options: dict[str, Any], status: int, code: str
) -> None:
    refused = reveal(desk, told, who, **options)
    assert (refused.status, refused["code"]) == (status, code)
    with as_owner():
        assert not ContactReveal.objects.exists()
        refusals = AuditEntry.objects.filter(verb="cases.reveal_contact")
        assert [one.outcome for one in refusals] == ([] if status == 401 else [code])


def test_a_report_of_another_case_opens_nothing(desk: Desk, told: OneCase) -> None:
    other = desk.new(lon=121.015, contact=CONTACT)
    with as_owner():
        report = Report.objects.get(case_id=other.id)
    path = f"/cases/{told.id}/reports/{report.id}/contact"
    assert desk.ask("acceptor", "POST", path, {"reason": "call back"}).status == 404


def test_its_key_is_destroyed_when_its_time_is_over(desk: Desk, told: OneCase) -> None:
    later = desk.new(lon=121.015)
    desk.clock.pass_(days=10)
    kept = desk.new(lon=121.025, contact=CONTACT)
    end = desk.clock.at - timedelta(days=10) + KEEP_CONTACT
    # The worker keeps house in a role above row security.
    with as_owner():
        assert jobs.expired_contacts(end - timedelta(seconds=1), 10) == 0
        assert jobs.expired_contacts(end, 10) == 1
        assert jobs.expired_contacts(end, 10) == 0
        erased = Report.objects.get(case_id=told.id)
        assert (erased.contact, erased.contact_key, erased.contact_masked) == (None, None, "")
        assert Report.objects.get(case_id=kept.id).contact is not None
        entry = AuditEntry.objects.get(verb="cases.erase_contacts")
        assert entry.count == 1
    assert reveal(desk, told).status == 404
    assert reveal(desk, kept).status == 200
    assert reveal(desk, later).status == 404


def test_housekeeping_does_it() -> None:
    assert "cases.expired_contacts" in housekeeping.steps
