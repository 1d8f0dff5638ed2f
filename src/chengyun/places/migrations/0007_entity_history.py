"""What an entity was: a row for each version, begun with what is there now."""

from django.db import migrations, models

_BEGIN = """
INSERT INTO places_entityversion
    (entity_id, version, content, actor_name, valid_from, recorded_at)
SELECT id, version,
    CASE WHEN valid_to IS NULL THEN jsonb_build_object('address_id', address_id, 'kind', kind,
        'name', name, 'code', code, 'count', count, 'attributes', attributes) END,
    '', coalesce(valid_to, valid_from), updated_at
FROM places_entity
"""


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0006_components"),
    ]

    operations = [
        migrations.CreateModel(
            name="EntityVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entity_id", models.UUIDField()),
                ("version", models.IntegerField()),
                ("content", models.JSONField(null=True)),
                ("actor_name", models.TextField(default="")),
                ("valid_from", models.DateField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["entity_id", "version"], name="entity_as_it_was")],
            },
        ),
        migrations.RunSQL(_BEGIN, migrations.RunSQL.noop),
        migrations.RunSQL(
            "CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON places_entityversion"
            " FOR EACH STATEMENT EXECUTE FUNCTION places_keep_history()",
            "DROP TRIGGER keep ON places_entityversion",
        ),
    ]
