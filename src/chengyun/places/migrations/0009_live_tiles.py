"""What live tiles need: a revision of the components, their sums by cell, an index of addresses."""

from django.db import migrations, models

import chengyun.kernel.ids

# Column and row of a point in the quad tree at zoom 17 (Web Mercator); as reads.clustering.
_CELL = """
CREATE FUNCTION places_cell_x(lon float8) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT least(greatest(floor((lon + 180) / 360 * 131072), 0), 131071)::int $$;
CREATE FUNCTION places_cell_y(lat float8) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT least(greatest(floor((1 - asinh(tan(radians(
    least(greatest(lat, -85.0511287798066), 85.0511287798066)))) / pi()) / 2 * 131072), 0),
    131071)::int $$;
"""


def _summed(rows: str, sign: str) -> str:
    return f"""
        SELECT city_no, places_cell_x(lon) AS x, places_cell_y(lat) AS y, {sign}1 AS n,
            {sign}lon AS lon, {sign}lat AS lat, {sign}(state <> 'intact')::int AS bad
        FROM {rows} WHERE valid_to IS NULL"""


# One statement changes each cell once, in order: two that write at once wait, never for ever.
def _function(name: str, inner: str, cities: str) -> str:
    return f"""
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO places_componentcell AS c (city_no, x, y, n, lon_sum, lat_sum, bad)
        SELECT city_no, x, y, sum(n), sum(lon), sum(lat), sum(bad) FROM ({inner}) AS moved
        GROUP BY city_no, x, y
        HAVING sum(n) <> 0 OR sum(bad) <> 0 OR sum(lon) <> 0 OR sum(lat) <> 0
        ORDER BY city_no, x, y
        ON CONFLICT (city_no, x, y) DO UPDATE SET n = c.n + EXCLUDED.n,
            lon_sum = c.lon_sum + EXCLUDED.lon_sum, lat_sum = c.lat_sum + EXCLUDED.lat_sum,
            bad = c.bad + EXCLUDED.bad;
        UPDATE places_city SET component_revision = gen_random_uuid()
        WHERE area_no IN ({cities});
        RETURN NULL;
    END $$;
    """


_NEW, _OLD = "SELECT city_no FROM fresh", "SELECT city_no FROM gone"
_TRIGGERS = "".join(
    (
        _function("places_components_added", _summed("fresh", "+"), _NEW),
        _function("places_components_removed", _summed("gone", "-"), _OLD),
        _function(
            "places_components_changed",
            f"{_summed('fresh', '+')} UNION ALL {_summed('gone', '-')}",
            f"{_NEW} UNION {_OLD}",
        ),
        """
        CREATE TRIGGER tiles_added AFTER INSERT ON places_component
            REFERENCING NEW TABLE AS fresh
            FOR EACH STATEMENT EXECUTE FUNCTION places_components_added();
        CREATE TRIGGER tiles_removed AFTER DELETE ON places_component
            REFERENCING OLD TABLE AS gone
            FOR EACH STATEMENT EXECUTE FUNCTION places_components_removed();
        CREATE TRIGGER tiles_changed AFTER UPDATE ON places_component
            REFERENCING NEW TABLE AS fresh OLD TABLE AS gone
            FOR EACH STATEMENT EXECUTE FUNCTION places_components_changed();
        """,
    )
)
_FILL = (
    "INSERT INTO places_componentcell (city_no, x, y, n, lon_sum, lat_sum, bad)"
    " SELECT city_no, x, y, sum(n), sum(lon), sum(lat), sum(bad) FROM ("
    + _summed("places_component", "+")
    + ") AS held GROUP BY city_no, x, y"
)


class Migration(migrations.Migration):
    dependencies = [("places", "0008_map_plugins")]

    operations = [
        migrations.AddField(
            model_name="city",
            name="component_revision",
            field=models.UUIDField(default=chengyun.kernel.ids.new_id),
        ),
        migrations.CreateModel(
            name="ComponentCell",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("city_no", models.BigIntegerField()),
                ("x", models.IntegerField()),
                ("y", models.IntegerField()),
                ("n", models.BigIntegerField()),
                ("bad", models.BigIntegerField()),
                ("lon_sum", models.FloatField()),
                ("lat_sum", models.FloatField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="componentcell",
            constraint=models.UniqueConstraint(
                fields=("city_no", "x", "y"), name="component_cell_once"
            ),
        ),
        migrations.RunSQL(_CELL, migrations.RunSQL.noop),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.RunSQL(_TRIGGERS, migrations.RunSQL.noop),
        migrations.RunSQL(
            "CREATE INDEX address_spot ON places_address USING gist (point(lon, lat))"
            " WHERE state = 'published' AND lon IS NOT NULL",
            "DROP INDEX address_spot",
        ),
    ]
