"""The cases that rules count, as readings of areas."""

from chengyun.cases.decide.calendar import from_us, to_us
from chengyun.cases.models import Case
from chengyun.rules.decide.counting import EXTERNAL, Counter
from chengyun.sensing.decide.readings import Floats, Ints


def counted(counter: Counter, start: int, end: int) -> tuple[Ints, Ints, Floats]:
    """Cases in sight reported after `start` up to `end` (µs); those that rules reported do not
    count, for a rule would hear itself."""
    if not counter.kinds:
        return counter.readings([])
    rows = (
        Case.objects.filter(
            kind_id__in=counter.kinds, reported_at__gt=from_us(start), reported_at__lte=from_us(end)
        )
        .exclude(external_source=EXTERNAL)
        .order_by("reported_at", "id")
        .values_list("kind_id", "area_no", "reported_at")
    )
    return counter.readings((kind or "", area, to_us(at)) for kind, area, at in rows)
