"""Change sets, purely: their states, the difference a change makes, conflicts, and the order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chengyun.kernel.text import Json, JsonObject, Text

STATES = ("draft", "proposed", "approved", "applied", "rolled_back", "rejected")
ACTIONS = ("add", "change", "retire", "split", "merge", "move")
Move = Literal["propose", "approve", "reject", "apply", "roll_back", "replay"]
MOVES: Mapping[str, tuple[frozenset[str], str]] = {
    "propose": (frozenset({"draft"}), "proposed"),
    "approve": (frozenset({"proposed"}), "approved"),
    "reject": (frozenset({"draft", "proposed", "approved"}), "rejected"),
    "apply": (frozenset({"approved"}), "applied"),
    "roll_back": (frozenset({"applied"}), "rolled_back"),
    "replay": (frozenset({"rolled_back"}), "applied"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a change; an "error" stops its set, a "warning" is for the reviewer."""

    code: str
    reason: Text
    field: str = ""
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True)
class Head:
    """The set that changes belong to, as appliers see it."""

    set_id: str
    city_no: int
    area_no: int
    subject_id: str
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Changing:
    """One change: the target's whole state before (None: none yet) and after (None: retired)."""

    order: int
    action: str
    target_id: str
    before: JsonObject | None
    after: JsonObject | None


def next_state(state: str, move: Move) -> str | None:
    """The state after a move; None where the state does not allow it."""
    allowed, then = MOVES[move]
    return then if state in allowed else None


def moves_from(state: str) -> list[str]:
    """What a set in this state may do next."""
    return [move for move, (allowed, _) in MOVES.items() if state in allowed]


def completed(
    action: str, before: JsonObject | None, given: JsonObject | None
) -> JsonObject | None:
    """The whole state after: what a change does not mention stays; retiring leaves nothing."""
    if action == "retire":
        return None
    return {**(before or {}), **(given or {})}


def diff(before: JsonObject | None, after: JsonObject | None) -> list[JsonObject]:
    """The fields that differ: {"field", "before", "after"}, by name; null where there is none."""
    old, new = before or {}, after or {}
    return [
        {"field": name, "before": old.get(name), "after": new.get(name)}
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]


def shape_problem(change: Changing) -> Problem | None:
    """Whether the action fits what is there."""
    if change.action == "add" and change.before is not None:
        said: Text = {"zh": "已存在，不能新增。", "en": "It exists already, so it cannot be added."}
        return Problem("exists", said)
    if change.action != "add" and change.before is None:
        said = {"zh": "不存在，不能变更。", "en": "There is none to be changed."}
        return Problem("missing", said)
    if change.action not in ("add", "retire") and not diff(change.before, change.after):
        said = {"zh": "没有任何变化。", "en": "Nothing differs."}
        return Problem("no_difference", said, severity="warning")
    return None


def stale(
    wanted: Mapping[str, JsonObject | None], current: Mapping[str, JsonObject]
) -> dict[str, list[JsonObject]]:
    """Targets that are not in the state they are wanted in, and how they differ from it."""
    return {
        target: diff(state, current.get(target)) or [{"field": "", "before": None, "after": None}]
        for target, state in wanted.items()
        if state != current.get(target)
    }


def ordered(changes: Sequence[Changing]) -> list[Changing]:
    """Changes in an order in which nothing leans on what is not there yet.

    What is added comes before whatever names it in a field ending in `_id`; what is retired comes
    last, and whatever named it before it. Else the given order stays.
    """
    first = [change for change in changes if change.action != "retire"]
    last = [change for change in changes if change.action == "retire"]
    named_first = _behind_named(first, [change.after for change in first])
    # What leans on others goes before them; the given order stays where nothing leans.
    named_last = _behind_named(last[::-1], [change.before for change in last[::-1]])
    return [*named_first, *named_last[::-1]]


def _behind_named(
    changes: Sequence[Changing], states: Sequence[JsonObject | None]
) -> list[Changing]:
    """Each change behind those of the group that its state names; a circle is cut where it
    closes. Without recursion: a chain may be as long as a set."""
    at = {change.target_id: index for index, change in enumerate(changes)}
    seen: set[int] = set()
    done: list[Changing] = []
    for start in range(len(changes)):
        stack = [] if start in seen else [(start, iter(_named(states[start])))]
        seen.add(start)
        while stack:
            here, names = stack[-1]
            below = next((at[n] for n in names if n in at and at[n] not in seen), None)
            if below is None:
                stack.pop()
                done.append(changes[here])
            else:
                seen.add(below)
                stack.append((below, iter(_named(states[below]))))
    return done


def _named(state: JsonObject | None) -> Iterable[str]:
    values: list[Json] = [value for key, value in (state or {}).items() if key.endswith("_id")]
    return [value for value in values if isinstance(value, str) and value]
