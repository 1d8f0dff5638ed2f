"""What boards count by: open cases by area, ends by day, and what ran late."""

from django.db import migrations, models
from django.db.models import Q

# Cases from before: what their history says of limits passed.
_LATE = """
UPDATE cases_case SET overtime = late.stages
FROM (
    SELECT subject_id, count(DISTINCT data->>'stage') AS stages
    FROM kernel_event WHERE name = 'cases.ClockOverdue' GROUP BY subject_id
) AS late
WHERE late.subject_id = cases_case.id
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_tell_reporter"), ("kernel", "0001_initial")]

    operations = [
        migrations.AddField("case", "overtime", models.SmallIntegerField(default=0, db_default=0)),
        migrations.RunSQL(_LATE, migrations.RunSQL.noop),
        migrations.AddIndex(
            "case",
            models.Index(fields=["area_no"], name="case_open_area", condition=Q(open=True)),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["closed_at"], name="case_closed", condition=Q(closed_at__isnull=False)
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["sort_at", "id"],
                name="case_grave",
                condition=Q(open=True) & (Q(level__lte=2) | Q(supervised__gt=0)),
            ),
        ),
    ]
