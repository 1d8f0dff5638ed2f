"""One row over the months before: the same figures, each month by what was in force in it."""

from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject
from chengyun.vitals.decide.periods import before
from chengyun.vitals.reads.tables import Wanted, table, wanted

MONTHS_MOST = 12


def trend(actor: Actor, asked: Wanted, key: str, months: int) -> list[JsonObject]:
    """A row in this month and those before it, oldest first; a month without it has no figures.

    Returns:
        [{"period", "over", "score", "grade", "counters", "rates"}]
    """
    found: list[JsonObject] = []
    name = asked.period.name
    for _ in range(max(1, min(MONTHS_MOST, months))):
        one = table(actor, wanted(asked.area_no, name, asked.by, asked.level, asked.now))
        row = next((row for row in one["rows"] if row["key"] == key), None)
        found.append(
            {
                "period": name,
                "over": one["over"],
                "score": row["score"] if row else None,
                "grade": row["grade"] if row else None,
                "counters": row["counters"] if row else {},
                "rates": row["rates"] if row else {},
            }
        )
        name = before(name)
    return found[::-1]
