"""Single statements of verbs that speak to tables without models."""

from collections.abc import Sequence
from typing import Any

from django.db import connection


def fetch_rows(asked: str, values: Sequence[Any]) -> list[Any]:
    """The rows that a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(asked, values)
        return list(cursor.fetchall())


def carry_out(asked: str, values: Sequence[Any]) -> int:
    """How many rows a statement touched."""
    with connection.cursor() as cursor:
        cursor.execute(asked, values)
        return int(cursor.rowcount)
