"""NGSI-LD: entities of other houses with the history of their attributes, changes to be told,
subscriptions with what waits to be sent, and hosted @contexts. See ADR 0030."""

from django.db import migrations

from chengyun.kernel.scope import own_sql, policy_sql

_AREAS = "(SELECT coalesce(nullif(current_setting('cy.areas', true), ''), '{}')::int8multirange)"
_UNITS = "(SELECT coalesce(nullif(current_setting('cy.units', true), ''), '{}')::uuid[])"
_SEES = f"(area_no <@ {_AREAS} OR unit_ids && {_UNITS})"

_TABLES = """
CREATE TABLE sensing_contextentity (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    uri text NOT NULL UNIQUE,
    types text[] NOT NULL,
    scopes text[] NOT NULL DEFAULT '{}',
    attrs jsonb NOT NULL,
    -- Not current: only its past is kept, the entity is deleted or was only told as history.
    current boolean NOT NULL DEFAULT true,
    west float8, south float8, east float8, north float8,
    area_no bigint NOT NULL,
    unit_ids uuid[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE INDEX sensing_contextentity_types ON sensing_contextentity USING gin (types);
CREATE INDEX sensing_contextentity_area ON sensing_contextentity (area_no, uri);
CREATE TABLE sensing_contextinstance (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    entity_id uuid NOT NULL REFERENCES sensing_contextentity ON DELETE CASCADE,
    attr text NOT NULL,
    dataset text NOT NULL DEFAULT '',
    observed_at timestamptz,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    deleted boolean NOT NULL DEFAULT false,
    content jsonb NOT NULL
);
CREATE INDEX sensing_contextinstance_of
    ON sensing_contextinstance (entity_id, attr, coalesce(observed_at, modified_at));
CREATE INDEX sensing_contextinstance_age ON sensing_contextinstance (modified_at);
CREATE TABLE sensing_contextchange (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    uri text NOT NULL,
    types text[] NOT NULL,
    attrs text[] NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX sensing_contextchange_order ON sensing_contextchange (xid, seq);
CREATE TABLE sensing_contextsubscription (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    uri text NOT NULL UNIQUE,
    content jsonb NOT NULL,
    owner_kind text NOT NULL,
    owner_id uuid NOT NULL,
    area_no bigint NOT NULL,
    unit_ids uuid[] NOT NULL DEFAULT '{}',
    active boolean NOT NULL DEFAULT true,
    expires_at timestamptz,
    next_at timestamptz,
    sent bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0,
    last_at timestamptz,
    last_ok_at timestamptz,
    last_fault_at timestamptz,
    last_fault text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);
CREATE TABLE sensing_contextdelivery (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription_id uuid NOT NULL REFERENCES sensing_contextsubscription ON DELETE CASCADE,
    uris text[] NOT NULL,
    gone text[] NOT NULL DEFAULT '{}',
    at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL
);
CREATE INDEX sensing_contextdelivery_due ON sensing_contextdelivery (next_at);
CREATE TABLE sensing_contextcursor (
    no integer PRIMARY KEY,
    change_xid bigint NOT NULL DEFAULT 0, change_seq bigint NOT NULL DEFAULT 0,
    batch_xid bigint NOT NULL DEFAULT 0, batch_seq bigint NOT NULL DEFAULT 0
);
INSERT INTO sensing_contextcursor (no) VALUES (1);
CREATE TABLE sensing_ldcontext (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    address text NOT NULL DEFAULT '',
    kind text NOT NULL,
    body jsonb NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX sensing_ldcontext_cached ON sensing_ldcontext (address) WHERE address <> '';
"""

_ENTITY = (
    "EXISTS (SELECT FROM sensing_contextentity e WHERE e.id = sensing_contextinstance.entity_id)"
)
# A name is taken whoever sees the entity.
_TAKEN = """
CREATE FUNCTION sensing_context_taken(asked text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT EXISTS (SELECT FROM sensing_contextentity WHERE uri = asked) $$;
"""


class Migration(migrations.Migration):
    dependencies = [("sensing", "0020_standards")]

    operations = [
        migrations.RunSQL(_TABLES, migrations.RunSQL.noop),
        migrations.RunSQL(_TAKEN, migrations.RunSQL.noop),
        migrations.RunSQL(
            [
                *policy_sql("sensing_contextentity", public=None),
                *policy_sql("sensing_contextsubscription", public=None),
                *own_sql("sensing_contextinstance", _ENTITY),
                *own_sql("sensing_contextchange", "false"),
                *own_sql("sensing_contextdelivery", "false"),
                f"CREATE POLICY removes ON sensing_contextentity FOR DELETE USING ({_SEES})",
                f"CREATE POLICY removes ON sensing_contextsubscription FOR DELETE USING ({_SEES})",
            ],
            migrations.RunSQL.noop,
        ),
    ]
