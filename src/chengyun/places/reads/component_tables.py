"""The component register as a table that the import takes back."""

import csv
import io
from collections.abc import Iterator

from chengyun.kernel import areas
from chengyun.places.models import Component

COLUMNS = (
    *("id", "code", "scheme", "kind_id", "name", "state", "manager", "manager_code", "owner"),
    *("owner_code", "maintainer", "maintainer_code", "lon", "lat", "accuracy_m"),
    *("position_source", "address_id", "note", "valid_from"),
)
_BESIDE = ("grid_code", "datum", "source", "synthetic")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CHUNK = 2_000


def component_csv(area_no: int) -> Iterator[str]:
    """Lines of CSV with a heading; cells that a spreadsheet would run begin with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow((*COLUMNS, *_BESIDE))
    rows = Component.objects.filter(
        city_no=areas.city_of(area_no), area_no__range=areas.span(area_no), valid_to=None
    )
    for row in rows.order_by("id").values_list(*COLUMNS, *_BESIDE).iterator(chunk_size=_CHUNK):
        writer.writerow([_safe(cell) for cell in row])
        if out.tell() > 1 << 16:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
