"""Row-level security: each transaction says whom it works for, and the database enforces it.

The application filters with `visible_to(actor)` as well; this is the second lock on the door.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from chengyun.kernel.actor import Actor, Scope
from chengyun.kernel.prepared import hot_cursor

APP_ROLE = "chengyun_app"
BULK_ROLE = "chengyun_bulk"

_BIND = (
    "SELECT set_config('cy.areas', %s, true), set_config('cy.units', %s, true),"
    " set_config('cy.public', %s, true), set_config('cy.subject', %s, true),"
    " set_config('cy.person', %s, true)"
)
_WHOLE = "{(,)}"


@dataclass(slots=True)
class _Work:
    scope: Scope
    subject: UUID | None = None
    # The savepoints that were open when this was bound: rolling one back unbinds it again.
    inside: tuple[str | None, ...] = ()

    def holds(self, scope: Scope) -> bool:
        """Whether the database certainly has this scope, and no subject, already."""
        still = tuple(connection.savepoint_ids[: len(self.inside)]) == self.inside
        same = self.scope == scope and self.scope.person == scope.person
        return still and self.subject is None and same


# What the verb now running has bound, so that a verb inside a verb can give it back.
_work: ContextVar[_Work | None] = ContextVar("chengyun_work", default=None)


def _set(scope: Scope, subject: UUID | None) -> None:
    ranges = ",".join(f"[{low},{high}]" for low, high in scope.areas)
    areas = _WHOLE if scope.everything else f"{{{ranges}}}"
    units = f"{{{','.join(str(unit) for unit in scope.units)}}}"
    public, person = "on" if scope.public else "off", str(scope.person or "")
    with hot_cursor() as cursor:
        cursor.execute(_BIND, [areas, units, public, str(subject or ""), person])


def bind(scope: Scope) -> None:
    """Let the current transaction see what the scope sees; ends with the transaction."""
    work = _work.get()
    if work is not None and work.holds(scope):
        return
    _set(scope, None)
    if work is not None:
        work.scope, work.subject, work.inside = scope, None, tuple(connection.savepoint_ids)


def bind_subject(subject: UUID) -> None:
    """Let the transaction go on writing the one row it holds, even where the move takes the row
    out of the actor's sight (a department that returns a case no longer sees it)."""
    with hot_cursor() as cursor:
        cursor.execute("SELECT set_config('cy.subject', %s, true)", [str(subject)])
    work = _work.get()
    if work is not None:
        work.subject = subject


def bind_self(actor: Actor) -> None:
    """Let the transaction see what is the actor's own: filed under them, or under their units."""
    own = [*([actor.id] if actor.id else []), *(grant.org_id for grant in actor.grants)]
    said = f"{{{','.join(str(one) for one in own)}}}"
    with hot_cursor() as cursor:
        cursor.execute("SELECT set_config('cy.self', %s, true)", [said])


@contextmanager
def working(scope: Scope) -> Iterator[None]:
    """Bind a scope for one piece of work inside a transaction or savepoint.

    Work inside work gives the outer scope back: the system's sight must not stay with whoever
    caused a system act. On failure the savepoint's rollback does it.
    """
    outer = _work.get()
    token = _work.set(_Work(scope, None, tuple(connection.savepoint_ids)))
    try:
        _set(scope, None)
        yield
    finally:
        _work.reset(token)
    if outer is not None:
        _set(outer.scope, outer.subject)


def policy_sql(
    table: str, *, area: str = "area_no", units: str = "unit_ids", public: str | None = "is_public"
) -> list[str]:
    """The statements that put a table of areas and units under row-level security.

    Reading and changing need sight of the row; adding does not, since anybody may report anywhere.
    """
    sees = (
        f"({area} <@ (SELECT coalesce(nullif(current_setting('cy.areas', true), ''), '{{}}')"
        "::int8multirange)"
        f" OR {units} && (SELECT coalesce(nullif(current_setting('cy.units', true), ''), '{{}}')"
        "::uuid[])"
        " OR id = (SELECT nullif(current_setting('cy.subject', true), '')::uuid)"
    )
    if public:
        sees += f" OR ({public} AND (SELECT current_setting('cy.public', true) = 'on'))"
    sees += ")"
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY sees ON {table} FOR SELECT USING {sees}",
        f"CREATE POLICY changes ON {table} FOR UPDATE USING {sees} WITH CHECK (true)",
        f"CREATE POLICY adds ON {table} FOR INSERT WITH CHECK (true)",
    ]


def own_sql(table: str, sees: str) -> list[str]:
    """The statements that put a table of people's own rows under row-level security.

    Args:
        sees: the condition under which a row is in sight; the system sees every row.
    """
    whole = f"(SELECT current_setting('cy.areas', true) = '{_WHOLE}')"
    mine = f"({sees} OR {whole})"
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY sees ON {table} FOR SELECT USING {mine}",
        f"CREATE POLICY changes ON {table} FOR UPDATE USING {mine} WITH CHECK (true)",
        f"CREATE POLICY removes ON {table} FOR DELETE USING {mine}",
        f"CREATE POLICY adds ON {table} FOR INSERT WITH CHECK (true)",
    ]


PERSON_SQL = "(SELECT nullif(current_setting('cy.person', true), '')::uuid)"
