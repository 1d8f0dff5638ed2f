"""What the two working database roles may do; set again after every migration."""

from typing import Any

from django.db import connection

from chengyun.kernel.scope import APP_ROLE, BULK_ROLE

# History and audit are append-only for everybody but the owner.
APPEND_ONLY = ("kernel_event", "kernel_auditentry")


def grant_roles(**_: Any) -> None:
    """Grant the app and bulk roles their rights, where these roles exist (post_migrate)."""
    with connection.cursor() as cursor:
        # A node names its roles after its database; tests share the embedded node's names.
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)"
            " OR rolname IN (current_database() || '_app', current_database() || '_bulk')",
            [[APP_ROLE, BULK_ROLE]],
        )
        roles = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = current_schema() AND table_name = ANY(%s)",
            [list(APPEND_ONLY)],
        )
        kept = [row[0] for row in cursor.fetchall()]
        for role in roles:
            cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
            cursor.execute(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"
            )
            cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
            cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}")
            for table in kept:
                cursor.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {role}")
