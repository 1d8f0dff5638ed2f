"""The desk's own tables: saved filters, a unit's texts, who is on which case, and the mark by which
a reporter is found again."""

import django.contrib.postgres.fields
from django.db import migrations, models

import chengyun.kernel.ids

_OWN = "(SELECT coalesce(nullif(current_setting('cy.self', true), ''), '{}')::uuid[])"
_CASE = "EXISTS (SELECT FROM cases_case WHERE cases_case.id = case_id)"
_EVERYTHING = (
    "(SELECT coalesce(nullif(current_setting('cy.areas', true), ''), '{}')::int8multirange)"
    " = '{(,)}'::int8multirange"
)


def _policies(table: str, sees: str, changes: str) -> str:
    return ";\n".join(
        (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY sees ON {table} FOR SELECT USING ({sees})",
            f"CREATE POLICY adds ON {table} FOR INSERT WITH CHECK ({changes})",
            f"CREATE POLICY changes ON {table} FOR UPDATE USING ({changes}) WITH CHECK ({changes})",
            f"CREATE POLICY removes ON {table} FOR DELETE USING ({changes})",
        )
    )


_MINE = f"ARRAY[owner_id] && {_OWN}"
_UNITS = f"ARRAY[unit_id] && {_OWN}"
_ME = f"(ARRAY[user_id] && {_OWN} OR {_EVERYTHING})"


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_public_door")]

    operations = [
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("user_id", models.UUIDField()),
                ("tab", models.UUIDField()),
                ("case_id", models.UUIDField()),
                ("name", models.TextField()),
                ("doing", models.TextField()),
                ("since", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["seen_at"], name="presence_seen")],
                "constraints": [
                    models.UniqueConstraint(fields=["user_id", "tab"], name="presence_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=chengyun.kernel.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("owner_id", models.UUIDField()),
                ("owner_name", models.TextField()),
                ("unit_id", models.UUIDField(null=True)),
                ("name", models.TextField()),
                ("query", models.JSONField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["unit_id"], name="saved_filter_unit")],
                "constraints": [
                    models.UniqueConstraint(fields=["owner_id", "name"], name="saved_filter_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StandardText",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=chengyun.kernel.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("unit_id", models.UUIDField()),
                (
                    "moves",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                ("title", models.TextField()),
                ("text", models.TextField()),
                ("changed_by", models.UUIDField(null=True)),
                ("changed_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["unit_id"], name="standard_text_unit")]},
        ),
        migrations.AddField(
            model_name="report",
            name="contact_mark",
            field=models.BinaryField(null=True),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("contact_mark__isnull", False)),
                fields=["contact_mark"],
                name="report_contact_mark",
            ),
        ),
        # Who is where now is nothing to recover after a crash, and no work for the log.
        migrations.RunSQL("ALTER TABLE cases_presence SET UNLOGGED", migrations.RunSQL.noop),
        migrations.RunSQL(_policies("cases_presence", f"{_CASE} OR {_ME}", _ME)),
        migrations.RunSQL(_policies("cases_savedfilter", f"{_MINE} OR {_UNITS}", _MINE)),
        migrations.RunSQL(_policies("cases_standardtext", _UNITS, _UNITS)),
    ]
