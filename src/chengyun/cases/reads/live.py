"""What the live stream shows of a case: enough for a row and a dot on the map."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import orjson

from chengyun.cases.models import Case
from chengyun.cases.reads.rows import light
from chengyun.kernel.live import LiveRow


def live_rows(subjects: Sequence[UUID]) -> dict[UUID, LiveRow]:
    """Present rows of cases, as JSON to send."""
    now = datetime.now(UTC)
    rows = Case.objects.filter(pk__in=list(subjects)).values(
        "id",
        "no",
        "state",
        "version",
        "area_no",
        "unit_ids",
        "due_at",
        "warn_at",
        "paused",
        "lon",
        "lat",
        "kind_id",
        "lead_unit",
        "handler_id",
        "level",
        "open",
        "simulated",
        "supervised",
        "reports",
        "updated_at",
    )
    return {
        row["id"]: LiveRow(
            area_no=row["area_no"],
            unit_ids=tuple(row["unit_ids"]),
            payload=orjson.dumps(
                {
                    "id": row["id"],
                    "no": row["no"],
                    "state": row["state"],
                    "version": row["version"],
                    "area_no": row["area_no"],
                    "clock": light(row, now),
                    "due_at": row["due_at"],
                    "warn_at": row["warn_at"],
                    "lon": row["lon"],
                    "lat": row["lat"],
                    "kind_id": row["kind_id"],
                    "level": row["level"],
                    "open": row["open"],
                    "lead_unit_id": row["lead_unit"],
                    "handler_id": row["handler_id"],
                    "simulated": row["simulated"],
                    "supervised": row["supervised"],
                    "reports": row["reports"],
                    "at": row["updated_at"],
                }
            ),
        )
        for row in rows
    }
