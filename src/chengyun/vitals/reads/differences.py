"""What a corrected version changed against the one before it, figure by figure, case by case."""

from uuid import UUID

from chengyun.cases.models import Case
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.kernel.text import JsonObject, text
from chengyun.vitals import policy
from chengyun.vitals.decide.counters import COUNTERS
from chengyun.vitals.models import Publication
from chengyun.vitals.reads.kept import counted_cases
from chengyun.vitals.reads.published import find

MOST = 200
CASES_SHOWN = 50
_SCORE = text("得分", "Score")


def differences(actor: Actor, publication_id: UUID) -> list[JsonObject]:
    """Scores and counters in sight that differ from the version before, at most 200.

    Raises:
        NotFound: no such table in sight.
    """
    policy.may_look(actor)
    now = find(actor, publication_id)
    line = {name: getattr(now, name) for name in ("area_no", "period", "by", "level")}
    earlier = Publication.objects.visible_to(actor).filter(**line, version=now.version - 1)
    before = earlier.first()
    if before is None:
        return []
    old = {row["key"]: row for row in before.content["rows"]}
    new = {row["key"]: row for row in now.content["rows"]}
    keys = old.keys() | new.keys()
    if not policy.sees_all(actor, now.area_no):
        keys &= {str(unit) for unit in policy.own_units(actor)}
    found: list[JsonObject] = []
    for key in sorted(keys):
        found += _of_row(actor, (before, now), old.get(key), new.get(key))
    shown = found[:MOST]
    ids = {case for one in shown for case in (*one["left"], *one["joined"])}
    numbers = dict(Case.objects.visible_to(actor).filter(pk__in=ids).values_list("id", "no"))
    for one in shown:
        for way in ("left", "joined"):
            one[way] = [{"case_id": case, "no": numbers.get(case)} for case in one[way]]
    return shown


def _of_row(
    actor: Actor,
    versions: tuple[Publication, Publication],
    old: JsonObject | None,
    new: JsonObject | None,
) -> list[JsonObject]:
    row = new or old or {}
    head = {"key": row["key"], "name": row["name"]}
    found: list[JsonObject] = []
    scores = [None if one is None else one["score"] for one in (old, new)]
    if scores[0] != scores[1]:
        found.append(
            {
                **head,
                "counter": "",
                "counter_name": _SCORE,
                "before": scores[0],
                "after": scores[1],
                "left": [],
                "joined": [],
            }
        )
    for counter in row["counters"]:
        counts = [0 if one is None else one["counters"].get(counter, 0) for one in (old, new)]
        left, joined = _cases(actor, versions, row["key"], counter)
        if counts[0] != counts[1] or left or joined:
            found.append(
                {
                    **head,
                    "counter": counter,
                    "counter_name": COUNTERS[counter].name,
                    "before": counts[0],
                    "after": counts[1],
                    "left": left,
                    "joined": joined,
                }
            )
    return found


def _cases(
    actor: Actor, versions: tuple[Publication, Publication], key: str, counter: str
) -> tuple[list[UUID], list[UUID]]:
    try:
        old, new = (counted_cases(actor, one, key, counter) for one in versions)
    except NotFound:
        return [], []
    return sorted(old - new)[:CASES_SHOWN], sorted(new - old)[:CASES_SHOWN]
