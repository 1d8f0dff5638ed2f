"""Requests that wait for somebody's yes or no, beside the case, so that they can be listed."""

import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.models import Q

# Cases from before: the newest event of each sort of request says whether it still waits. What
# lapsed with a step and came back to the same state is put right by the case's next step.
_WAITING = """
WITH last AS (
    SELECT DISTINCT ON (subject_id, sort) subject_id, sort, name, data
    FROM (
        SELECT subject_id, subject_version AS version, name, data,
               CASE WHEN name LIKE 'cases.Extension%' OR name = 'cases.ClockOverdue'
                    THEN 'extension'
                    WHEN name LIKE 'cases.Appeal%' THEN 'appeal'
                    WHEN name IN ('cases.VoidRequested', 'cases.VoidRefused', 'cases.CaseVoided')
                    THEN 'void' ELSE 'suspension' END AS sort
        FROM kernel_event
        WHERE name LIKE 'cases.Extension%' OR name = 'cases.ClockOverdue' OR name LIKE 'cases.Appeal%'
           OR name IN ('cases.VoidRequested', 'cases.VoidRefused', 'cases.CaseVoided',
                       'cases.SuspensionRequested', 'cases.SuspensionRefused',
                       'cases.CaseSuspended')
    ) AS told
    ORDER BY subject_id, sort, version DESC
), waiting AS (
    SELECT subject_id, array_agg(ask ORDER BY rank) AS asks
    FROM (
        SELECT subject_id,
               CASE sort WHEN 'extension' THEN 1 WHEN 'suspension' THEN 2
                         WHEN 'void' THEN 3 ELSE 4 END AS rank,
               CASE name
                    WHEN 'cases.ExtensionRequested' THEN
                        CASE WHEN COALESCE((data->>'unit_approved')::boolean, false)
                             THEN 'extension:dispatcher' ELSE 'extension:department' END
                    WHEN 'cases.ExtensionSupported' THEN 'extension:dispatcher'
                    WHEN 'cases.SuspensionRequested' THEN 'suspension:dispatcher'
                    WHEN 'cases.VoidRequested' THEN 'void:shift_leader'
                    WHEN 'cases.AppealMade' THEN 'appeal:dispatcher'
                    WHEN 'cases.AppealReviewed' THEN
                        CASE WHEN (data->>'granted')::boolean AND NOT (data->>'final')::boolean
                             THEN 'appeal:acceptor' END
               END AS ask
        FROM last
    ) AS named
    WHERE ask IS NOT NULL
    GROUP BY subject_id
)
UPDATE cases_case SET asks = waiting.asks
FROM waiting
WHERE waiting.subject_id = cases_case.id
  AND (cases_case.state IN ('pending_handle', 'handling', 'returned')
       OR 'appeal:dispatcher' = ANY (waiting.asks) OR 'appeal:acceptor' = ANY (waiting.asks)
       OR (cases_case.open AND 'void:shift_leader' = ANY (waiting.asks)))
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_sealed_originals"), ("kernel", "0001_initial")]

    operations = [
        migrations.AddField(
            "case",
            "asks",
            django.contrib.postgres.fields.ArrayField(
                models.TextField(), default=list, db_default=[]
            ),
        ),
        migrations.RunSQL(_WAITING, migrations.RunSQL.noop),
        migrations.AddIndex(
            "case",
            models.Index(fields=["sort_at", "id"], name="case_asks", condition=~Q(asks=[])),
        ),
    ]
