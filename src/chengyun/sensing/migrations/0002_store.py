"""The store of readings: observations by day, newest values in blocks, the log of batches.

Partitions are made and dropped by functions of the owner, since the roles that work may not.
"""

from django.db import migrations

from chengyun.kernel.scope import own_sql

_TABLES = """
CREATE TABLE sensing_observation (
    stream bigint NOT NULL,
    at timestamptz NOT NULL,
    value float8,
    flags int NOT NULL,
    word text
) PARTITION BY RANGE (at);

CREATE TABLE sensing_batch (
    xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    recorded_at timestamptz NOT NULL,
    door text NOT NULL,
    count int NOT NULL,
    readings bytea NOT NULL,
    words jsonb
);
CREATE INDEX sensing_batch_order ON sensing_batch (xid, seq);
CREATE INDEX sensing_batch_age ON sensing_batch (recorded_at);
ALTER TABLE sensing_batch ALTER COLUMN readings SET STORAGE EXTERNAL;

CREATE TABLE sensing_newest (no bigint PRIMARY KEY, state bytea NOT NULL)
    WITH (fillfactor = 45, autovacuum_vacuum_scale_factor = 0.05, toast_tuple_target = 2048);
ALTER TABLE sensing_newest ALTER COLUMN state SET STORAGE PLAIN;

CREATE TABLE sensing_register (no int PRIMARY KEY, changed bigint NOT NULL);
CREATE SEQUENCE sensing_register_changes;
INSERT INTO sensing_register VALUES (1, nextval('sensing_register_changes'));
ALTER TABLE sensing_datastream ADD COLUMN changed bigint NOT NULL DEFAULT 0;
CREATE INDEX sensing_datastream_changed ON sensing_datastream (changed);
"""

# A stream's row carries the number of the change that wrote it. The one row of the register is
# locked until the writer commits: whoever reads a number has all changes up to it.
_REGISTER = """
CREATE FUNCTION sensing_register_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sensing_register SET changed = nextval('sensing_register_changes') WHERE no = 1;
    RETURN NULL;
END $$;
CREATE FUNCTION sensing_datastream_says() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed := (SELECT changed FROM sensing_register WHERE no = 1);
    RETURN NEW;
END $$;
CREATE FUNCTION sensing_datastream_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sensing_newest (no, state)
    SELECT DISTINCT fresh.no >> 5, ''::bytea FROM fresh ORDER BY 1 ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE FUNCTION sensing_thing_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE sensing_datastream SET area_no = NEW.area_no, unit_ids = NEW.unit_ids
    WHERE thing_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER register_moves BEFORE INSERT OR UPDATE OR DELETE ON sensing_datastream
    FOR EACH STATEMENT EXECUTE FUNCTION sensing_register_moves();
CREATE TRIGGER says BEFORE INSERT OR UPDATE ON sensing_datastream
    FOR EACH ROW EXECUTE FUNCTION sensing_datastream_says();
CREATE TRIGGER made AFTER INSERT ON sensing_datastream REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION sensing_datastream_made();
CREATE TRIGGER moved AFTER UPDATE ON sensing_thing
    FOR EACH ROW EXECUTE FUNCTION sensing_thing_moved();
"""

# Live days have a BRIN index: it costs no writing. What is over gets a tree, see sensing_tree.
_PARTS = """
CREATE FUNCTION sensing_part(asked timestamptz, history boolean) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first timestamptz; past timestamptz; part text; one record;
BEGIN
    SELECT c.relname INTO part FROM sensing_part_list c
    WHERE asked >= c.starts AND asked < c.ends;
    IF part IS NOT NULL THEN RETURN part; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('sensing_part'));
    SELECT c.relname INTO part FROM sensing_part_list c
    WHERE asked >= c.starts AND asked < c.ends;
    IF part IS NOT NULL THEN RETURN part; END IF;
    IF history THEN
        first := date_trunc('month', asked, 'UTC');
        past := (first AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';
        part := 'sensing_observation_' || to_char(first AT TIME ZONE 'UTC', 'YYYYMM');
        history := NOT EXISTS (
            SELECT FROM sensing_part_list c WHERE c.starts < past AND c.ends > first);
    END IF;
    IF NOT history THEN
        first := date_trunc('day', asked, 'UTC');
        past := first + interval '24 hours';
        part := 'sensing_observation_' || to_char(first AT TIME ZONE 'UTC', 'YYYYMMDD');
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE sensing_observation INCLUDING ALL)', part);
    EXECUTE format(
        'CREATE INDEX %I ON %I USING brin (at, stream)'
        ' WITH (pages_per_range = 16, autosummarize = on)', part || '_at', part);
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK (at >= %L AND at < %L)',
        part, part || '_days', first, past);
    IF history THEN
        EXECUTE format('CREATE INDEX %I ON %I (stream, at)', part || '_tree', part);
    END IF;
    FOR one IN
        SELECT r.rolname FROM pg_class c, aclexplode(c.relacl) a, pg_roles r
        WHERE c.oid = 'sensing_observation'::regclass AND r.oid = a.grantee
            AND a.privilege_type = 'INSERT' AND r.rolname <> current_user
    LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO %I', part, one.rolname);
    END LOOP;
    EXECUTE format('ALTER TABLE sensing_observation ATTACH PARTITION %I'
        ' FOR VALUES FROM (%L) TO (%L)', part, first, past);
    INSERT INTO sensing_part_list (relname, starts, ends, tree)
    VALUES (part, first, past, history);
    RETURN part;
END $$;

CREATE FUNCTION sensing_tree(part text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM sensing_part_list WHERE relname = part AND NOT tree) THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE INDEX %I ON %I (stream, at)', part || '_tree', part);
    EXECUTE format('ANALYZE %I', part);
    UPDATE sensing_part_list SET tree = true WHERE relname = part;
END $$;

CREATE FUNCTION sensing_drop(part text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET lock_timeout = '2s' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM sensing_part_list WHERE relname = part) THEN
        RETURN;
    END IF;
    EXECUTE format('DROP TABLE %I', part);
    DELETE FROM sensing_part_list WHERE relname = part;
END $$;
"""

_PART_LIST = """
CREATE TABLE sensing_part_list (
    relname text PRIMARY KEY,
    starts timestamptz NOT NULL,
    ends timestamptz NOT NULL,
    tree boolean NOT NULL,
    swept_at timestamptz
);
CREATE INDEX sensing_part_days ON sensing_part_list (starts, ends);
"""

# Readings of streams in sight; the leaves themselves are entered by the writer alone.
_SEES = "EXISTS (SELECT FROM sensing_datastream d WHERE d.no = sensing_observation.stream)"


class Migration(migrations.Migration):
    dependencies = [("sensing", "0001_initial")]

    operations = [
        migrations.RunSQL(_TABLES, migrations.RunSQL.noop),
        migrations.RunSQL(_REGISTER, migrations.RunSQL.noop),
        migrations.RunSQL(_PART_LIST, migrations.RunSQL.noop),
        migrations.RunSQL(_PARTS, migrations.RunSQL.noop),
        migrations.RunSQL([*own_sql("sensing_observation", _SEES)], migrations.RunSQL.noop),
    ]
