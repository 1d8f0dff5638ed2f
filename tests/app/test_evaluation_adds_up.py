"""The evaluation of a simulated day adds up, beside plain SQL over the events themselves."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from chengyun.app.simulation.playing import Order
from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.events import PastEvent
from chengyun.kernel.scope import bind
from chengyun.places.models import City
from chengyun.sdk.simulate import SimulateFile
from chengyun.vitals.decide.counters import COUNTERS, STAGES
from chengyun.vitals.handlers import SILENT, keep_marks
from chengyun.vitals.models import CaseMark
from chengyun.vitals.reads import table, wanted
from chengyun.vitals.verbs import rebuild
from tests.app.test_simulation import city, plan, played
from tests.app.town_played import MONDAY
from tests.vitals.test_keeping import kept, news

__all__ = ["city", "plan"]

NOON, END = MONDAY + timedelta(hours=12), MONDAY + timedelta(days=1)
PERIOD = "2026-03"

# Every event with the clock that ran before it: the last one that an earlier event set.
_TOLD = """
CREATE TEMP TABLE told ON COMMIT DROP AS
SELECT e.subject_id AS id, e.subject_version AS version, substr(e.name, 7) AS name,
    e.occurred_at AS at, e.data, r.data->>'source' AS source,
    r.data->>'split_from' IS NULL AS whole, run.clock->>'stage' AS stage,
    (run.clock->>'due_at')::timestamptz AS due_at
FROM kernel_event e
JOIN kernel_event r ON r.subject_id = e.subject_id AND r.name = 'cases.CaseReported'
LEFT JOIN LATERAL (
    SELECT b.data->'clock' AS clock FROM kernel_event b
    WHERE b.subject_id = e.subject_id AND b.subject_version < e.subject_version
        AND jsonb_typeof(b.data->'clock') = 'object'
    ORDER BY b.subject_version DESC LIMIT 1) run ON true
WHERE e.name LIKE 'cases.%'
"""
_DONE = {
    "verify": "name = 'VerifyReported'",
    "file": "name = 'CaseFiled'",
    "dispatch": "name IN ('CaseDispatched', 'CaseRedispatched')",
    "dispose": "name = 'FeedbackConfirmed'",
    "check": "name = 'CheckReported'",
    "close": "name = 'CaseClosed'",
}
_PATROL = "source IN ('collector', 'video', 'sensor')"
_PUBLIC = "source IN ('public', 'hotline', 'open311')"
_FIRST = (
    "name IN ('CaseFiled', 'CaseVoided') AND NOT EXISTS (SELECT FROM told b WHERE b.id = told.id"
    " AND b.version < told.version AND b.name IN ('CaseFiled', 'CaseVoided'))"
)
_ONCE = (
    "(SELECT count(*) FROM told d WHERE d.id = told.id AND d.version < told.version AND"
    " d.name IN ('CaseDispatched', 'CaseRedispatched') AND d.version > COALESCE((SELECT"
    " max(b.version) FROM told b WHERE b.id = told.id AND b.version < told.version AND b.name IN"
    " ('CaseFiled', 'CaseClosed', 'CaseReopened')), 0)) = 1"
)
_LATE_WORK = (
    "EXISTS (SELECT FROM told d WHERE d.id = told.id AND d.stage = 'dispose' AND d.at > d.due_at"
    " AND d.name IN ('FeedbackConfirmed', 'CaseReturned', 'CaseRedispatched'))"
)
SQL = {
    "report": "name = 'CaseReported' AND whole",
    "patrol_report": f"name = 'CaseReported' AND whole AND {_PATROL}",
    "public_report": f"name = 'CaseReported' AND whole AND {_PUBLIC}",
    "valid_report": f"whole AND {_FIRST}",
    "valid_patrol_report": f"whole AND {_PATROL} AND {_FIRST}",
    "verified_public_report": f"whole AND {_PUBLIC} AND name = 'CaseFiled' AND {_FIRST}",
    "accept": "name = 'CaseAccepted' OR name = 'CaseFiled' AND NOT EXISTS (SELECT FROM told b"
    " WHERE b.id = told.id AND b.version < told.version"
    " AND b.name IN ('CaseAccepted', 'VerifyRequested'))",
    **_DONE,
    "close": "name IN ('CaseClosed', 'CaseForceClosed')",
    **{
        f"overtime_{stage}": f"{done} AND stage = '{stage}' AND at > due_at"
        for stage, done in _DONE.items()
    },
    **{
        f"in_time_{stage}": f"{done} AND (stage IS DISTINCT FROM '{stage}' OR at <= due_at)"
        for stage, done in _DONE.items()
    },
    "accurate_file": "name = 'CaseFiled' AND NOT EXISTS (SELECT FROM told b WHERE b.id = told.id"
    " AND b.name = 'CaseVoided')",
    "accurate_dispatch": f"name = 'CaseClosed' AND {_ONCE}",
    "on_schedule_close": f"name = 'CaseClosed' AND NOT {_LATE_WORK}",
    "reject": "name = 'CaseRejected'",
    "rework": "name = 'ReworkOrdered'",
    "return": "name = 'CaseReturned' AND data->>'to_state' = 'returned'",
    "redispatch": "name = 'CaseRedispatched'",
    "void": "name = 'CaseVoided'",
    "force_close": "name = 'CaseForceClosed'",
    "extend": "name = 'ExtensionGranted'",
    "suspend": "name = 'CaseSuspended'",
    "supervise": "name = 'SupervisionOrdered'",
    "reopen": "name = 'CaseReopened'",
    "rated": "name = 'CaseRated'",
    "satisfied": "name = 'CaseRated' AND (data->>'score')::int >= 4",
}
# Whatever a unit has done or left undone has the unit's name on it.
OF_UNITS = (
    *("dispatch", "in_time_dispatch", "overtime_dispatch", "accurate_dispatch"),
    *("need_dispose", "dispose", "in_time_dispose", "overtime_dispose", "overtime_undisposed"),
    *("rework", "redispatch", "return", "extend", "suspend", "check", "rated", "satisfied"),
)


def heard(events: list[PastEvent]) -> list[PastEvent]:
    """What the follower reads of them."""
    return [one for one in events if one.name.startswith("cases.") and one.name not in SILENT]


@pytest.fixture
def day(plan: SimulateFile, city: City) -> City:
    """A day, followed at noon and at the end as a node does."""
    played(plan, city, Order(MONDAY, NOON, "7", 0.003))
    first = news()
    keep_marks(heard(first), NOON)
    played(plan, city, Order(NOON, END, "8", 0.003))
    known = {(one.subject_id, one.subject_version) for one in first}
    later = [one for one in news() if (one.subject_id, one.subject_version) not in known]
    assert later
    keep_marks(heard(later), END)
    bind(SYSTEM.scope())
    return city


def asked(area_no: int, by: Any, level: Any, now: datetime = END) -> dict[str, Any]:
    return table(SYSTEM, wanted(area_no, PERIOD, by, level, now))


def test_every_counter_adds_up_and_is_what_the_events_say(day: City) -> None:
    bind(SYSTEM.scope())
    tables = {
        level: asked(day.area_no, "area", level)
        for level in ("city", "district", "street", "community")
    }
    whole = tables["city"]["total"]["counters"]
    for level, found in tables.items():
        for name in COUNTERS:
            said = sum(row["counters"][name] for row in found["rows"])
            assert said == whole[name] == found["total"]["counters"][name], (level, name)
    # Each district is the sum of its streets, each street that of its communities.
    parents = 0
    for upper, lower in (("district", "street"), ("street", "community")):
        for row in tables[upper]["rows"]:
            low, high = areas.span(row["area_no"])
            below = [one for one in tables[lower]["rows"] if low <= one["area_no"] <= high]
            for name, count in row["counters"].items():
                assert count == sum(one["counters"][name] for one in below), (row["name"], name)
            parents += 1
    assert parents > 4
    units = asked(day.area_no, "unit", None)["rows"]
    for name in OF_UNITS:
        assert sum(row["counters"][name] for row in units) == whole[name], name
    with connection.cursor() as cursor:
        cursor.execute(_TOLD)
        for name, condition in SQL.items():
            cursor.execute(f"SELECT count(*) FROM told WHERE {condition}")  # noqa: S608
            assert cursor.fetchone() == (whole[name],), name
        cursor.execute(
            "SELECT data->>'unit', count(*) FROM told WHERE name IN"
            " ('CaseDispatched', 'CaseRedispatched') GROUP BY 1"
        )
        assert dict(cursor.fetchall()) == {
            row["key"]: row["counters"]["dispatch"] for row in units if row["counters"]["dispatch"]
        }
        # Overdue and still undone: every open case whose deadline has passed, and no other.
        cursor.execute("SELECT count(*) FROM cases_case WHERE open AND due_at < %s", [END])
        still = CaseMark.objects.filter(lasting=True, until=None, at__lt=END).count()
        assert cursor.fetchone() == (still,)
    for stage, (undone, _, _) in STAGES.items():
        base = "dispose" if stage == "close" else stage
        assert whole[f"need_{stage}"] == whole[base] + whole[STAGES[base][0]]
        forced = whole["force_close"] if stage == "close" else 0
        assert whole[stage] == whole[f"in_time_{stage}"] + whole[f"overtime_{stage}"] + forced
        assert whole[undone] >= 0
    # Every counter is checked against the events, or is made of those that are.
    left = COUNTERS.keys() - SQL.keys() - {f"need_{stage}" for stage in STAGES}
    left -= {undone for undone, _, _ in STAGES.values()}
    assert left == {"in_time_accept", "overtime_accept", "exempt_dispose"}
    assert sum(1 for count in whole.values() if count) > 25
    assert whole["report"] > 60
    followed = kept()
    assert len(followed[0]) > 500
    rebuild(SYSTEM, now=END, city_no=day.area_no)
    assert kept() == followed, "followed step by step is what a rebuild gives"
