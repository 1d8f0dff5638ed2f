import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import chengyun.kernel.ids
from chengyun.kernel.scope import policy_sql

FIXED = (
    "CREATE TRIGGER fixed BEFORE UPDATE OR DELETE ON vitals_publishedfigure"
    " FOR EACH ROW EXECUTE FUNCTION vitals_published_fixed()"
)
UNFIXED = "DROP TRIGGER fixed ON vitals_publishedfigure"


class Migration(migrations.Migration):
    dependencies = [("vitals", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="PublishedFigure",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=chengyun.kernel.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("area_no", models.BigIntegerField()),
                ("unit", models.UUIDField(null=True)),
                ("key", models.TextField()),
                ("counter", models.TextField()),
                (
                    "case_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None
                    ),
                ),
                (
                    "ats",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateTimeField(), size=None
                    ),
                ),
                (
                    "units",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(null=True), size=None
                    ),
                ),
                (
                    "area_nos",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="vitals.publication",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("publication", "key", "counter"), name="published_figure_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(FIXED, UNFIXED),
        *[
            migrations.RunSQL(one)
            for one in policy_sql("vitals_publishedfigure", units="ARRAY[unit]", public=None)
        ],
    ]
