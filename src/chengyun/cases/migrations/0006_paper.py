"""What was done on paper and typed later; as visible as its case."""

from django.db import migrations, models

import chengyun.kernel.ids

_SEES = "(EXISTS (SELECT FROM cases_case WHERE cases_case.id = case_id))"
_SECURE = f"""
ALTER TABLE cases_paperentry ENABLE ROW LEVEL SECURITY;
CREATE POLICY sees ON cases_paperentry FOR SELECT USING {_SEES};
CREATE POLICY adds ON cases_paperentry FOR INSERT WITH CHECK (true);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_board")]

    operations = [
        migrations.CreateModel(
            "PaperEntry",
            [
                (
                    "id",
                    models.UUIDField(
                        default=chengyun.kernel.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("org_id", models.UUIDField()),
                ("no", models.TextField()),
                ("case_id", models.UUIDField()),
                ("what", models.TextField()),
                ("occurred_at", models.DateTimeField()),
                ("acted_by", models.UUIDField()),
                ("entered_at", models.DateTimeField()),
                ("entered_by", models.UUIDField(null=True)),
                ("entered_by_name", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["case_id"], name="paper_case")],
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "no"), name="paper_once")
                ],
            },
        ),
        migrations.RunSQL(_SECURE, migrations.RunSQL.noop),
    ]
