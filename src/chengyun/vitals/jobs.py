"""The nightly search for patterns that look like gaming."""

from datetime import datetime

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.jobs import job
from chengyun.places.models import City
from chengyun.vitals import verbs
from chengyun.vitals.decide.periods import before


@job("vitals.search", cron="20 19 * * *")
def search(*, now: datetime) -> None:
    """The running month and the one before, in every city; a quiet hour in China."""
    for city in City.objects.order_by("area_no").values_list("area_no", flat=True):
        this = f"{now:%Y-%m}"
        for period in (before(this), this):
            verbs.search(SYSTEM, now=now, city_no=city, period=period)
