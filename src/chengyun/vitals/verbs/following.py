"""Keeping marks and traces true: written anew for every case that moved."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from chengyun.cases.reads import histories
from chengyun.kernel.copy import insert_rows, pg_array
from chengyun.kernel.ids import new_id
from chengyun.vitals.decide.facts import CaseFacts
from chengyun.vitals.decide.folding import facts_of
from chengyun.vitals.verbs.rows import MARK_COLUMNS, TRACE_COLUMNS, mark_rows, trace_row


def write_facts(found: Sequence[CaseFacts]) -> int:
    """Put the facts of cases in the place of what was kept of them; returns how many marks.

    Doing it twice leaves the same rows, whoever does it.
    """
    ids = pg_array(sorted(facts.case_id for facts in found))
    with connection.cursor() as cursor:
        # Two followers of one case would each write its marks.
        cursor.execute(
            "SELECT count(pg_advisory_xact_lock(hashtextextended(one::text, 17)))"
            " FROM unnest(%s::uuid[]) AS one",
            [ids],
        )
        cursor.execute("DELETE FROM vitals_casemark WHERE case_id = ANY(%s::uuid[])", [ids])
        cursor.execute("DELETE FROM vitals_casetrace WHERE id = ANY(%s::uuid[])", [ids])
    marks: list[Sequence[Any]] = [row for facts in found for row in mark_rows(facts, new_id)]
    insert_rows("vitals_casemark", MARK_COLUMNS, marks)
    insert_rows("vitals_casetrace", TRACE_COLUMNS, [trace_row(facts) for facts in found])
    return len(marks)


def keep_cases(ids: Collection[UUID]) -> int:
    """Fold these cases' whole histories and keep what they add up to."""
    wanted = sorted(set(ids))
    found = []
    for history in histories(wanted).values():
        facts = facts_of(event for event, _ in history)
        if facts is not None:
            found.append(facts)
    return write_facts(found)
