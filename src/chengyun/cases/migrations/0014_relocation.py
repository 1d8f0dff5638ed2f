"""Cases of an address are found by it; the words of a corrected place leave the history as reasons
do."""

from django.db import migrations, models
from django.db.models import Q

_ERASE = """
CREATE OR REPLACE FUNCTION cases_erase_words(subject uuid, at_version int, field text, marker jsonb)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF field NOT IN ({fields})
     OR NOT marker ?& ARRAY['removed', 'reason', 'at', 'sha256']
     OR marker -> 'removed' <> 'true'::jsonb THEN
    RAISE EXCEPTION 'only a marker may stand in the place of words';
  END IF;
  UPDATE kernel_event SET data = jsonb_set(data, ARRAY[field], marker)
  WHERE subject_id = subject AND subject_version = at_version AND name LIKE 'cases.%'
    AND jsonb_typeof(data -> field) = 'string'
    AND area_no <@ coalesce(nullif(current_setting('cy.areas', true), ''), '{{}}')::int8multirange;
  RETURN FOUND;
END $$;
"""


def _erase(*fields: str) -> str:
    return _ERASE.format(fields=", ".join(f"'{one}'" for one in fields))


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0013_simulated"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=Q(("address_id__isnull", False)),
                fields=["address_id", "reported_at"],
                name="case_address",
            ),
        ),
        migrations.RunSQL(
            _erase("reason", "note", "address", "was_address"), _erase("reason", "note")
        ),
    ]
