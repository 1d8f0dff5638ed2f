"""What the public door needs: moderation on cases, reports and photos, and the one narrow way in
which words leave the history.

`kernel_event` is append-only for the application. This function, which runs as the owner of the
tables, replaces one text of one event of a case in the caller's areas by a marker, and nothing
else: no id, no instant, no state, no clock can be changed by it.
"""

import chengyun.kernel.ids
import django.contrib.postgres.fields
from django.db import migrations, models


ERASE = """
CREATE FUNCTION cases_erase_words(subject uuid, at_version int, field text, marker jsonb)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF field NOT IN ('reason', 'note')
     OR NOT marker ?& ARRAY['removed', 'reason', 'at', 'sha256']
     OR marker -> 'removed' <> 'true'::jsonb THEN
    RAISE EXCEPTION 'only a marker may stand in the place of words';
  END IF;
  UPDATE kernel_event SET data = jsonb_set(data, ARRAY[field], marker)
  WHERE subject_id = subject AND subject_version = at_version AND name LIKE 'cases.%'
    AND jsonb_typeof(data -> field) = 'string'
    AND area_no <@ coalesce(nullif(current_setting('cy.areas', true), ''), '{}')::int8multirange;
  RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION cases_erase_words(uuid, int, text, jsonb) FROM PUBLIC;
"""
_SEES = "EXISTS (SELECT FROM cases_case WHERE cases_case.id = case_id)"
SECURE = f"""
ALTER TABLE cases_moderationact ENABLE ROW LEVEL SECURITY;
CREATE POLICY sees ON cases_moderationact FOR SELECT USING ({_SEES});
CREATE POLICY adds ON cases_moderationact FOR INSERT WITH CHECK (true);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_paper"),
    ]

    operations = [
        migrations.CreateModel(
            name="ModerationAct",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=chengyun.kernel.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("case_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField(null=True)),
                ("by_name", models.TextField()),
                ("act", models.TextField()),
                ("what", models.TextField()),
                ("target", models.TextField(default="")),
                ("reason", models.TextField(default="")),
                ("salt", models.BinaryField(null=True)),
                ("commitment", models.BinaryField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="case",
            name="hidden",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="case",
            name="reviewed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="casephoto",
            name="hidden",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="casephoto",
            name="redacted_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="casephoto",
            name="removed",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="casephoto",
            name="report_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="casephoto",
            name="shown",
            field=models.TextField(db_default="new", default="new"),
        ),
        migrations.AddField(
            model_name="report",
            name="flags",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="hidden",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="report",
            name="removed",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="report",
            name="shown_text",
            field=models.TextField(null=True),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_public", True), ("reviewed_at__isnull", True)),
                fields=["reported_at"],
                name="case_unreviewed",
            ),
        ),
        migrations.AddIndex(
            model_name="moderationact",
            index=models.Index(fields=["case_id", "at"], name="moderation_case"),
        ),
        migrations.RunSQL(ERASE, "DROP FUNCTION cases_erase_words(uuid, int, text, jsonb)"),
        migrations.RunSQL(SECURE, "ALTER TABLE cases_moderationact DISABLE ROW LEVEL SECURITY"),
    ]
