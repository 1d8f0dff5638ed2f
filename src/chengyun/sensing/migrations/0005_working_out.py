"""How far the figures by the hour have been worked out."""

from django.db import migrations

_POSITION = """
CREATE TABLE sensing_workedout (
    no int PRIMARY KEY,
    xid bigint NOT NULL,
    seq bigint NOT NULL,
    until timestamptz NOT NULL
);
INSERT INTO sensing_workedout VALUES (1, 0, 0, '1970-01-01T00:00Z');
"""


class Migration(migrations.Migration):
    dependencies = [("sensing", "0004_health")]

    operations = [migrations.RunSQL(_POSITION, migrations.RunSQL.noop)]
