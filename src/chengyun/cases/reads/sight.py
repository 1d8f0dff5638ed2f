"""One case, for whoever may see it."""

from datetime import datetime
from uuid import UUID

from chengyun.cases.models import Case
from chengyun.cases.reads.rows import ROW_FIELDS, case_rows
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.kernel.text import JsonObject


def seen(actor: Actor, case_id: UUID) -> JsonObject:
    """The stored row.

    Raises:
        NotFound: out of scope.
    """
    fields = (*ROW_FIELDS, "city_no", "condition_id", "attributes", "grid_code", "address_id")
    row = Case.objects.visible_to(actor).filter(pk=case_id).values(*fields).first()
    if row is None:
        raise NotFound("There is no such case.")
    return dict(row)


def in_sight(actor: Actor, case_id: UUID, *, now: datetime) -> JsonObject:
    """A case as a list shows it.

    Raises:
        NotFound: out of scope.
    """
    return case_rows([seen(actor, case_id)], now)[0]
