"""The end and what follows it: close, rate, say that it is not fixed, appeal."""

from collections.abc import Iterator

from chengyun.app.simulation.crowd import Crowd
from chengyun.app.simulation.life import Life, Step
from chengyun.app.simulation.turns.booking import Book
from chengyun.cases.decide.state import CaseState
from chengyun.kernel.actor import PUBLIC


class Ending:
    """What shift leaders, residents and appealing departments do next."""

    def __init__(self, book: Book, crowd: Crowd) -> None:
        self.book, self.crowd = book, crowd

    def closing(self, life: Life, state: CaseState, at: int) -> Step | None:
        params = {"closing_condition": state.condition_id or ""}
        return self.book.desk(life, "shift_leader", at, "close", params, ("pending_close",))

    def afterwards(self, life: Life, state: CaseState, at: int) -> Iterator[Step]:
        random, behaviour, closed = (
            self.book.random,
            self.book.behaviour,
            ("closed", "force_closed"),
        )
        if state.appeal in ("requested", "dispatcher_ok"):
            post = "dispatcher" if state.appeal == "requested" else "acceptor"
            granted = self.book.chance(0.5)
            params = {"granted": granted, "reason": "" if granted else "理由不成立（模拟）"}
            step = self.book.desk(life, post, at, "review_appeal", params, closed)
            if step is not None:
                yield step
            return
        if state.appeal != "none" or state.rating is not None:
            return
        late = "dispose" in state.overtime
        if late and state.lead_unit and self.book.chance(behaviour.appeals):
            step = self.book.step(
                life,
                "department",
                self.book.hands.of("department", state.lead_unit),
                at,
                "appeal",
                {"reason": "道路封闭，无法按时处置（模拟）"},
                closed,
            )
            if step is not None:
                yield step
        if life.arrival is not None and life.arrival.first and self.book.chance(behaviour.again):
            self.crowd.again(life.arrival, at, behaviour.delay.get("again", (600, 4000)))
        if not life.resident or not self.book.chance(behaviour.rated):
            return
        unhappy = self.book.chance(behaviour.unhappy_late if late else behaviour.unhappy)
        score = random.randint(1, 3) if unhappy else random.choice((4, 5, 5, 5))
        when = self.book.delayed("rate", at)
        if unhappy and not state.reopens and self.book.chance(behaviour.says_not_fixed):
            when = self.book.delayed("reopen", at)
            said = {"reason": "问题没有解决（模拟）"}
            yield Step(when, PUBLIC, "reopen", said, closed)
            return
        yield Step(when, PUBLIC, "rate", {"score": score}, closed, side=True, when=unrated)


def unrated(state: CaseState, _at: int) -> bool:
    """Whether nobody has rated it yet."""
    return state.rating is None
