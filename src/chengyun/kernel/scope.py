"""Row-level security: each transaction says whom it works for, and the database enforces it.

The application filters with `visible_to(actor)` as well; this is the second lock on the door.
"""

from uuid import UUID

from django.db import connection

from chengyun.kernel.actor import Scope

APP_ROLE = "chengyun_app"
BULK_ROLE = "chengyun_bulk"

_BIND = (
    "SELECT set_config('cy.areas', %s, true), set_config('cy.units', %s, true),"
    " set_config('cy.public', %s, true), set_config('cy.subject', '', true)"
)
_WHOLE = "{(,)}"


def bind(scope: Scope) -> None:
    """Let the current transaction see what the scope sees; ends with the transaction."""
    ranges = _WHOLE if scope.everything else "{%s}" % ",".join(f"[{a},{b}]" for a, b in scope.areas)
    units = "{%s}" % ",".join(str(unit) for unit in scope.units)
    with connection.cursor() as cursor:
        cursor.execute(_BIND, [ranges, units, "on" if scope.public else "off"])


def bind_subject(subject: UUID) -> None:
    """Let the transaction go on writing the one row it holds, even where the move takes the row
    out of the actor's sight (a department that returns a case no longer sees it)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('cy.subject', %s, true)", [str(subject)])


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
