"""Inside a node's own process: what the database holds, held against its own history."""

from collections import Counter
from dataclasses import asdict, fields
from typing import Any

from django.db import connection, transaction

from chengyun.cases.decide.state import Place
from chengyun.cases.models import Case
from chengyun.cases.reads.history import load_states
from chengyun.cases.verbs.writing import FOLDED, folded
from chengyun.kernel.models import AuditEntry, Event, IdempotencyKey


def run() -> dict[str, Any]:
    """What is there, and where it differs from its history."""
    with transaction.atomic():
        # One sight of everything: the node may still be at work.
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        placed = [one.name for one in fields(Place) if one.name not in FOLDED]
        rows = {row["id"]: row for row in Case.objects.values("id", *FOLDED, *placed)}
        states = load_states(list(rows))
        orphans = Event.objects.exclude(subject_id__in=list(rows)).filter(name__startswith="cases.")
        differing = []
        for ident, row in rows.items():
            replayed = dict(zip(FOLDED, folded(states[ident]), strict=True))
            # Written as texts for INSERT, read as lists.
            replayed["unit_ids"] = list(states[ident].units)
            replayed["asks"] = list(states[ident].asks)
            differing += [
                f"{ident} {name}: {row[name]!r} but its history says {replayed[name]!r}"
                for name in FOLDED
                if row[name] != replayed[name]
            ]
            # Where it was reported no event says; where a correction put it, one does.
            place = states[ident].place
            differing += [
                f"{ident} {name}: {row[name]!r} but its place was corrected to {there!r}"
                for name, there in (asdict(place) if place else {}).items()
                if name != "area_no" and row[name] != there
            ]
        return {
            "cases": len(rows),
            "states": Counter(row["state"] for row in rows.values()),
            "replayed": Counter(state.state for state in states.values()),
            "clocks": sum(row["due_at"] is not None for row in rows.values()),
            "differing": differing[:10],
            "orphans": orphans.count(),
            "audited": AuditEntry.objects.filter(
                verb__in=("cases.report", "cases.move"), outcome="done"
            ).count(),
            "keys": IdempotencyKey.objects.filter(verb__in=("cases.report", "cases.move")).count(),
            "unsettled": IdempotencyKey.objects.filter(receipt=None).count(),
            "texts": max(Counter(Case.objects.values_list("text", flat=True)).values(), default=0),
            "urged": Event.objects.filter(name="cases.CaseUrged").count(),
            "returned": Event.objects.filter(name="cases.CaseReturned").count(),
        }
