"""What hangs on a case is as visible as the case; a tracking code lets the public in."""

from django.db import migrations

_SEES = (
    "(EXISTS (SELECT FROM cases_case WHERE cases_case.id = case_id)"
    " OR (SELECT current_setting('cy.public', true) = 'on'))"
)
TABLES = ("cases_report", "cases_casephoto", "cases_contactreveal")


def _secure(table: str) -> str:
    return ";\n".join(
        (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY sees ON {table} FOR SELECT USING {_SEES}",
            f"CREATE POLICY changes ON {table} FOR UPDATE USING {_SEES} WITH CHECK (true)",
            f"CREATE POLICY adds ON {table} FOR INSERT WITH CHECK (true)",
        )
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_contacts")]

    operations = [migrations.RunSQL(_secure(table)) for table in TABLES]
