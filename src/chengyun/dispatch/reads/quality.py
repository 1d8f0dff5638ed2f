"""How well each rule of a list did: what became of the cases it dispatched."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q

from chengyun.dispatch.models import RouteOutcome
from chengyun.kernel.actor import Actor

RULES_MAX = 2_000
OUTCOMES_MAX = 200


@dataclass(frozen=True, slots=True)
class RuleQuality:
    """One rule of one version. Counts of outcomes add up to `dispatched`.

    `accuracy` is the share of settled dispatches that stayed with the unit, None while none is
    settled; `median_seconds` is from dispatch to closing.
    """

    rule: str
    rule_version: str
    dispatched: int
    open: int
    accurate: int
    refused: int
    returned: int
    redispatched: int
    dropped: int
    accuracy: float | None
    median_seconds: float | None


class Median(Aggregate):
    """The middle value, as PostgreSQL's percentile_cont."""

    name = "median"
    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def _count(outcome: str) -> Count:
    return Count("pk", filter=Q(outcome=outcome))


def quality(
    actor: Actor,
    city_no: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    rule_version: str | None = None,
    simulated: bool | None = None,
) -> list[RuleQuality]:
    """Rules by how many cases they dispatched in sight and period, at most 2,000."""
    found = RouteOutcome.objects.visible_to(actor).filter(city_no=city_no)
    if since is not None:
        found = found.filter(dispatched_at__gte=since)
    if until is not None:
        found = found.filter(dispatched_at__lt=until)
    if rule_version is not None:
        found = found.filter(rule_version=rule_version)
    if simulated is not None:
        found = found.filter(simulated=simulated)
    took = ExpressionWrapper(F("settled_at") - F("dispatched_at"), output_field=DurationField())
    rows = (
        found.values("rule", "rule_version")
        .annotate(
            dispatched=Count("pk"),
            still=_count("open"),
            accurate=_count("accurate"),
            refused=_count("refused"),
            returned=_count("returned"),
            redispatched=_count("redispatched"),
            dropped=_count("dropped"),
            median=Median(took, filter=Q(outcome="accurate"), output_field=DurationField()),
        )
        .order_by("-dispatched", "rule_version", "rule")
    )
    return [_quality(dict(row)) for row in rows[:RULES_MAX]]


def outcomes(
    actor: Actor, city_no: int, *, rule: str, rule_version: str, outcome: str = ""
) -> list[RouteOutcome]:
    """What became of the cases a rule dispatched in sight, newest first, at most 200."""
    found = RouteOutcome.objects.visible_to(actor).filter(
        city_no=city_no, rule=rule, rule_version=rule_version
    )
    if outcome:
        found = found.filter(outcome=outcome)
    return list(found.order_by("-dispatched_at", "-id")[:OUTCOMES_MAX])


def _quality(row: dict[str, Any]) -> RuleQuality:
    settled = row["dispatched"] - row["still"] - row["dropped"]
    median: timedelta | None = row["median"]
    return RuleQuality(
        rule=row["rule"],
        rule_version=row["rule_version"],
        dispatched=row["dispatched"],
        open=row["still"],
        accurate=row["accurate"],
        refused=row["refused"],
        returned=row["returned"],
        redispatched=row["redispatched"],
        dropped=row["dropped"],
        accuracy=round(row["accurate"] / settled, 4) if settled else None,
        median_seconds=None if median is None else median.total_seconds(),
    )
