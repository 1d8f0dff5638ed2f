"""When the parts of a city's map last changed, whoever changed them and in whichever process."""

from collections.abc import Mapping

from django.db import connection

Stamps = Mapping[tuple[int, str], str]

_STAMPS = """
SELECT area_no, revision::text, address_revision::text, component_revision::text,
    (SELECT coalesce(max(changed_at)::text, '') FROM places_maplayer WHERE city_id = area_no)
FROM places_city
"""


def map_stamps() -> Stamps:
    """(city, collection) → what differs whenever that collection does; small, four a city.

    Needs sight of every layer; tells of none more than that one has changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STAMPS)
        rows = cursor.fetchall()
    found: dict[tuple[int, str], str] = {}
    for city, areas, addresses, components, layers in rows:
        found |= {
            (city, "regions"): areas,
            (city, "grids"): areas,
            (city, "addresses"): addresses,
            (city, "components"): components,
            (city, "layer"): layers,
        }
    return found
