"""Hot statements, parsed and planned once a connection.

Django's own cursors send each statement whole, and the server plans it anew: for an INSERT of
forty columns that is four fifths of the server's work.
"""

from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


def hot_cursor() -> CursorWrapper:
    """A cursor whose statements stay prepared; for a few constant texts with parameters.

    Parameters are bound by the server, so a type it cannot infer needs a cast.
    """
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    # Django's cursors never prepare; of those made here every statement is worth it.
    raw.prepare_threshold = 0
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    # The stubs ask for a wrapper where Django takes the driver's cursor.
    return wrap(psycopg.Cursor(raw))  # type: ignore[arg-type]
