"""A unit's own standard texts."""

from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.decider import MOVES
from chengyun.cases.models import StandardText
from chengyun.cases.policy import may_write_texts, own_unit
from chengyun.cases.verbs.checking import named
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, FieldError, Invalid, NotFound
from chengyun.kernel.scope import bind_self
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb

TEXTS_MAX = 200


@verb("cases.write_text")
def write_text(
    actor: Actor,
    *,
    now: datetime,
    moves: tuple[str, ...],
    title: str,
    text: str,
    text_id: UUID | None = None,
) -> JsonObject:
    """Add a standard text of the actor's unit, or change one.

    Returns:
        {"id"}

    Raises:
        Forbidden: the post writes no texts for its unit.
        NotFound: no such text of the unit.
        Conflict: more than TEXTS_MAX.
    """
    may_write_texts(actor)
    unknown = [move for move in moves if move not in MOVES]
    if unknown or not moves:
        raise Invalid([FieldError("moves", "names moves of the loop", "unknown_move")])
    title, text = named("title", title), named("text", text)
    bind_self(actor)
    unit = own_unit(actor)
    row = StandardText(unit_id=unit)
    if text_id is not None:
        found = StandardText.objects.filter(pk=text_id, unit_id=unit).first()
        if found is None:
            raise NotFound("Your unit has no such text.")
        row = found
    elif StandardText.objects.filter(unit_id=unit).count() >= TEXTS_MAX:
        raise Conflict(f"At most {TEXTS_MAX} texts; remove one.", code="limit_reached")
    row.moves, row.title, row.text = list(moves), title, text
    row.changed_by, row.changed_at = actor.id, now
    row.save()
    return {"id": str(row.id)}


@verb("cases.remove_text")
def remove_text(actor: Actor, *, now: datetime, text_id: UUID) -> JsonObject:
    """Remove a standard text of the actor's unit.

    Raises:
        Forbidden: the post writes no texts for its unit.
        NotFound: no such text of the unit.
    """
    may_write_texts(actor)
    bind_self(actor)
    found = StandardText.objects.filter(pk=text_id, unit_id=own_unit(actor)).first()
    if found is None:
        raise NotFound("Your unit has no such text.")
    found.delete()
    return {"id": str(text_id)}
