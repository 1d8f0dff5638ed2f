"""Properties of a thing, taken as readings."""

from datetime import datetime
from typing import Any

from chengyun.app.ngsild.register import row_of
from chengyun.app.ngsild.terms import DEFAULT
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Forbidden
from chengyun.sensing import verbs
from chengyun.sensing.decide.context import Attributes
from chengyun.sensing.models import Datastream


def write(
    actor: Actor, uri: str, said: Attributes, *, now: datetime, key: str | None
) -> dict[str, Any]:
    """Take Properties of a thing as readings.

    Returns {"updated": names, "missed": {name: reason}}. The thing is in sight. Raises Forbidden.
    """
    row = row_of(actor, uri)
    held = {one.code: one for one in Datastream.objects.filter(thing=row)} if row else {}
    missed: dict[str, str] = {}
    items: list[tuple[str, Any]] = []
    for name, instances in said.items():
        stream = held.get(name.removeprefix(DEFAULT))
        if stream is None:
            missed[name] = "is kept in the register; only what datastreams measure is written here"
            continue
        for one in instances:
            if one.get("type") != "Property" or "datasetId" in one:
                missed[name] = "a reading is a Property without datasetId"
                continue
            observed = one.get("observedAt")
            at = datetime.fromisoformat(observed) if observed else now
            given = {"result": one.get("value"), "phenomenonTime": at}
            items.append((name, verbs.NewObservation(stream.no, given)))
    done = verbs.post_observations(actor, now=now, key=key, items=tuple(one for _, one in items))
    updated = []
    for (name, _), result in zip(items, done["results"], strict=True):
        if isinstance(result, str):
            updated.append(name)
        else:
            if result["status"] == 403:
                raise Forbidden(result["detail"])
            missed[name] = result["detail"]
    return {"updated": updated, "missed": missed}
