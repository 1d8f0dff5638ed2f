"""Pieces of SQL with their parameters; values never enter the text."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import DataError, OperationalError, connection, transaction

from chengyun.app.sensorthings.faults import BadRequest, TooCostly

PATIENCE_MS = 8_000
DEAREST = 3_000_000.0


@dataclass(frozen=True, slots=True)
class Sql:
    """Text with %s for each parameter."""

    text: str
    params: tuple[Any, ...] = ()

    def __add__(self, other: "Sql | str") -> "Sql":
        more = Sql(other) if isinstance(other, str) else other
        return Sql(self.text + more.text, self.params + more.params)


def joined(glue: str, pieces: Iterable[Sql]) -> Sql:
    """Pieces with glue between them."""
    kept = list(pieces)
    return Sql(
        glue.join(one.text for one in kept), tuple(value for one in kept for value in one.params)
    )


def run(asked: Sql, *, guarded: bool = False) -> list[dict[str, Any]]:
    """The rows, by column name.

    Args:
        guarded: ask the planner first, and refuse what would read too much.

    Raises TooCostly, BadRequest (arithmetic that does not go).
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE_MS}")
            if guarded:
                cursor.execute("EXPLAIN (FORMAT JSON) " + asked.text, asked.params)
                plan = cursor.fetchone()[0]
                if plan[0]["Plan"]["Total Cost"] > DEAREST:
                    raise TooCostly(
                        "This would read through too many observations: name the Datastream, or"
                        " bound phenomenonTime."
                    )
            cursor.execute(asked.text, asked.params)
            names = [column.name for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            cursor.execute("SET LOCAL statement_timeout = 0")
            return rows
    except DataError as error:
        said = str(error).partition("\n")[0]
        raise BadRequest(f"The query cannot be worked out: {said}") from error
    except OperationalError as error:
        if "statement timeout" not in str(error):
            raise
        raise TooCostly(
            f"This took longer than {PATIENCE_MS // 1000} s: narrow it down."
        ) from error
