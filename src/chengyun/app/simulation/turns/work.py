"""The work itself: assign, set out, ask for more time, handle, confirm, check."""

from collections.abc import Sequence
from datetime import timedelta

from chengyun.app.simulation.hands import Hand
from chengyun.app.simulation.hours import instant
from chengyun.app.simulation.life import Life, Photos, Step
from chengyun.app.simulation.turns.booking import Book, in_time, place
from chengyun.cases.decide.state import CaseState
from chengyun.cases.reads import kinds

_WORKING = ("pending_handle", "handling")


class Work:
    """What departments, handlers and checking collectors do next."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def assigning(self, life: Life, state: CaseState, at: int) -> Step | None:
        lead = state.lead_unit
        if lead is None:
            return None
        clerks = self.book.hands.of("department", lead)
        if state.handler_id is not None:
            return self._working(life, state, at)
        wrong = life.arrival is not None and life.arrival.template.kind != state.kind_id
        refuses = self.book.chance(0.7 if wrong else self.book.behaviour.department_returns)
        if refuses and lead not in life.refused:
            life.refused.append(lead)
            said = {"reason": "不属本单位职责范围（模拟）"}
            return self.book.step(
                life, "department", clerks, at, "return_step", said, ("pending_handle",)
            )
        handlers = self.book.hands.of("handler", lead)
        if not handlers:
            return self.book.step(life, "department", clerks, at, "start", {}, ("pending_handle",))
        handler = min(handlers, key=lambda one: one.free_at)
        params = {"handler_id": str(handler.user.pk)}
        return self.book.step(life, "department", clerks, at, "assign", params, ("pending_handle",))

    def _working(self, life: Life, state: CaseState, at: int) -> Step | None:
        """The handler's way to the place, or a request for more time or a hold."""
        worker = self._worker(state)
        asked = self._asking(life, state, at, worker)
        if asked is not None:
            return asked
        return self.book.step(life, "handler", worker, at, "start", {}, ("pending_handle",))

    def _worker(self, state: CaseState) -> Sequence[Hand]:
        if state.handler_id is not None:
            hand = self.book.hands.person(state.handler_id)
            return (hand,) if hand else ()
        return self.book.hands.of("department", state.lead_unit) if state.lead_unit else ()

    def _asking(self, life: Life, state: CaseState, at: int, worker: Sequence[Hand]) -> Step | None:
        behaviour = self.book.behaviour
        granted = self.book.chance(behaviour.granted)
        said = {} if granted else {"reason": "理由不充分（模拟）"}
        if state.suspension_ask is not None:
            move = "approve_suspension" if granted else "refuse_suspension"
            return self.book.desk(life, "dispatcher", at, move, said, _WORKING)
        if state.extension_ask is not None:
            early = state.due_at is not None and instant(at) < state.due_at - timedelta(hours=1)
            granted = granted and early
            move = "approve_extension" if granted else "refuse_extension"
            said = {} if granted else {"reason": "理由不充分（模拟）"}
            if state.extension_ask.unit_approved:
                return self.book.desk(
                    life, "dispatcher", at, move, said, _WORKING, when=in_time if granted else None
                )
            clerks = self.book.hands.of("department", state.lead_unit) if state.lead_unit else ()
            still = in_time if granted else None
            return self.book.step(life, "department", clerks, at, move, said, _WORKING, when=still)
        if life.asked or state.due_at is None:
            return None
        life.asked = True
        if self.book.chance(behaviour.asks_suspension) and not state.suspensions:
            days = self.book.random.randint(*behaviour.suspension_days)
            until = instant(at) + timedelta(days=days, hours=2)
            params = {"until": until.isoformat(), "reason": "待材料到货（模拟）"}
            return self.book.step(
                life, "handler", worker, at, "request_suspension", params, _WORKING
            )
        early = instant(at) < state.due_at - timedelta(hours=2)
        if early and self.book.chance(behaviour.asks_extension):
            params = {"reason": "现场条件复杂（模拟）"}
            return self.book.step(
                life,
                "handler",
                worker,
                at,
                "request_extension",
                params,
                _WORKING,
                when=in_time,
            )
        return None

    def handling(self, life: Life, state: CaseState, at: int) -> Step | None:
        entry = kinds().get(state.kind_id)
        evidence = entry.kind.evidence if entry else None
        before = max(1, evidence.before if evidence else 0)
        after = max(1, evidence.after if evidence else 0)
        cheat = self.book.chance(self.book.behaviour.same_photo)
        post = "handler" if state.handler_id is not None else "department"
        return self.book.step(
            life,
            post,
            self._worker(state),
            at,
            "handle",
            {},
            ("handling",),
            photos=(
                Photos("before", tuple(f"before {n}" for n in range(before))),
                Photos("after", tuple(f"after {n}" for n in range(after))),
            ),
            cheat=cheat,
        )

    def waiting(self, life: Life, state: CaseState, at: int) -> Step | None:
        """On hold: it goes on from itself, and then somebody has to set out again."""
        end = at if state.suspended_until is None else int(state.suspended_until.timestamp()) + 60
        move = "handle" if state.suspended_from == "handling" else "start"
        photos = (Photos("before", ("before",)), Photos("after", ("after",)))
        return self.book.step(
            life,
            "handler",
            self._worker(state),
            at,
            move,
            {},
            ("suspended", *_WORKING),
            photos=photos if move == "handle" else (),
            begin=max(at, end),
        )

    def confirming(self, life: Life, state: CaseState, at: int) -> Step | None:
        clerks = self.book.hands.of("department", state.lead_unit) if state.lead_unit else ()
        # Units that help are not waited for.
        params = {"leave_co_open": any(not co.done for co in state.co_units)}
        return self.book.step(life, "department", clerks, at, "feedback", params, ("handled",))

    def checking(self, life: Life, state: CaseState, at: int) -> Step | None:
        passed = not self.book.chance(self.book.behaviour.check_fails)
        return self.book.step(
            life,
            "collector",
            self.book.hands.at("collector", place(state)),
            at,
            "check_result",
            {"passed": passed, "note": "" if passed else "未清理干净（模拟）"},
            ("pending_check", "checking"),
            photos=(Photos("photos", ("check",)),),
        )
