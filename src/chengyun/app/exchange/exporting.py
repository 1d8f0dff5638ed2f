"""Export: the cases in somebody's sight, into a file, on record."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from chengyun.app.exchange import exported, writers
from chengyun.cases.models import Case
from chengyun.cases.policy import may_export
from chengyun.kernel import areas, audit
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Forbidden, Invalid
from chengyun.kernel.scope import bind
from chengyun.places.models import Region


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases; None leaves a part open. `area` is a code, `since` and `until` report times."""

    area: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    states: tuple[str, ...] = ()
    kind: str | None = None
    most: int | None = None


def export(actor: Actor, wanted: Wanted, form: str, out: BinaryIO, *, now: datetime) -> int:
    """Write the cases that the actor sees; returns how many.

    Raises:
        Forbidden: no desk post, or no second factor.
        Invalid: an unknown format or area, or more cases than `most`.
        writers.TooMuch: the format cannot hold them.
    """
    may_export(actor)
    if actor.kind != "system" and not actor.second_factor:
        raise Forbidden("Exporting needs a second factor.", code="second_factor")
    if form not in writers.FORMATS:
        raise Invalid([FieldError("format", f"is none of {', '.join(writers.FORMATS)}", "unknown")])
    with transaction.atomic():
        bind(actor.scope())
        cases = Case.objects.visible_to(actor)
        if wanted.area:
            numbers = Region.objects.filter(code=wanted.area).values_list("area_no", flat=True)
            found = sorted(numbers)
            if not found:
                raise Invalid([FieldError("area", "is no area's code", "unknown_area")])
            cases = cases.filter(area_no__range=areas.span(found[0]))
        if wanted.since is not None:
            cases = cases.filter(reported_at__gte=wanted.since)
        if wanted.until is not None:
            cases = cases.filter(reported_at__lt=wanted.until)
        if wanted.states:
            cases = cases.filter(state__in=wanted.states)
        if wanted.kind:
            cases = cases.filter(kind_id=wanted.kind)
        if wanted.most is not None and cases[: wanted.most + 1].count() > wanted.most:
            raise Invalid(
                [FieldError("since", f"gives more than {wanted.most:,} cases: narrow it", "many")]
            )
        count = writers.write(exported.rows(cases), form, out)
        # Of what was taken out the number is on record, never the content.
        audit.write(actor, "cases.export", now=now, fields=["area", "since"], count=count)
    return count
