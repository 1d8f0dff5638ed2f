"""The desks before the work: accept, verify, file, dispatch."""

from uuid import UUID

from chengyun.app.simulation.crowd import RESIDENTS
from chengyun.app.simulation.hours import instant
from chengyun.app.simulation.life import Life, Photos, Step, Still
from chengyun.app.simulation.turns.booking import Book, place
from chengyun.cases.decide.routing import RouteQuery
from chengyun.cases.decide.state import CaseState
from chengyun.cases.ports import router
from chengyun.cases.reads import kinds
from chengyun.kernel.text import JsonObject

# A case in these may be taken to be there when another is merged into it.
_STAYING = frozenset({"pending_dispatch", "pending_handle", "handling", "handled", "pending_check"})


class Desks:
    """What acceptors, shift leaders, dispatchers and verifying collectors do next."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def accepting(self, life: Life, state: CaseState, at: int) -> Step | None:
        if state.void_ask is not None:
            return self.book.desk(life, "shift_leader", at, "void", {}, ("pending_accept",))
        twin = self.book.states.get(life.twin) if life.twin else None
        if twin is not None and twin.state in _STAYING and twin.id != life.id:
            open_still = self._still_open(twin.id)
            return self.book.desk(
                life,
                "acceptor",
                at,
                "merge",
                {"into": str(twin.id), "reason": "同一问题重复上报（模拟）"},
                ("pending_accept",),
                when=open_still,
            )
        life.twin = None
        if life.phantom or self.book.chance(self._rejected(life)):
            said = {"reason": "经核实不存在或不属于受理范围（模拟）"}
            return self.book.desk(life, "acceptor", at, "reject", said, ("pending_accept",))
        if (
            not life.verified
            and state.source in RESIDENTS
            and self.book.chance(self.book.behaviour.verified_first)
        ):
            return self.book.desk(life, "acceptor", at, "verify", {}, ("pending_accept",))
        if self.book.chance(self.book.behaviour.voided):
            said = {"reason": "误报（模拟）"}
            return self.book.desk(life, "acceptor", at, "request_void", said, ("pending_accept",))
        params = {}
        if state.area_no is None and life.arrival is not None:
            params = {"area_no": life.arrival.spot.street_no}
        return self.book.desk(life, "acceptor", at, "accept", params, ("pending_accept",))

    def _rejected(self, life: Life) -> float:
        first = life.arrival is not None and life.arrival.source in RESIDENTS and not life.verified
        return self.book.behaviour.rejected if first else 0.0

    def verifying(self, life: Life, state: CaseState, at: int) -> Step | None:
        life.verified = True
        there = not self.book.chance(self.book.behaviour.not_there)
        life.phantom = not there
        return self.book.step(
            life,
            "collector",
            self.book.hands.at("collector", place(state)),
            at,
            "verify_result",
            {"exists": there, "note": "" if there else "现场未发现（模拟）"},
            ("verifying",),
            photos=(Photos("photos", ("verify",)),) if there else (),
        )

    def filing(self, life: Life, state: CaseState, at: int) -> Step | None:
        if (
            self.book.chance(self.book.behaviour.split_clock)
            and not state.children
            and not state.split_from
        ):
            # A cheat: the same matter again, with a clock that starts anew.
            return self.book.desk(
                life,
                "acceptor",
                at,
                "split",
                {"parts": [{"kind_id": state.kind_id}], "reason": "拆分办理（模拟）"},
                ("pending_file",),
                cheat=True,
            )
        template = life.arrival.template if life.arrival else None
        kind = template.kind if template else state.kind_id
        entry = kinds().get(kind)
        if entry is None:
            one = self.book.random.choice(self.book.plan.reports)
            kind, condition = one.kind, one.condition
        elif template is not None:
            condition = template.condition
        else:
            condition = state.condition_id or entry.kind.conditions[0].id
        params: JsonObject = {"kind_id": kind, "condition_id": condition}
        if state.area_no is None and life.arrival is not None:
            params["area_no"] = life.arrival.spot.street_no
        return self.book.desk(life, "shift_leader", at, "file", params, ("pending_file",))

    def dispatching(self, life: Life, state: CaseState, at: int) -> Step | None:
        wrong = life.arrival is not None and life.arrival.template.kind != state.kind_id
        here = (state.state,)
        if state.state == "returned" and wrong and life.arrival is not None:
            said = {"reason": "类别有误，退回受理（模拟）"}
            return self.book.desk(life, "dispatcher", at, "return_step", said, here)
        unit = self._unit(life, state, at)
        if unit is None:
            return None
        if state.state == "returned":
            params = {"unit": str(unit), "reason": "改派（模拟）"}
            return self.book.desk(life, "dispatcher", at, "redispatch", params, here)
        return self.book.desk(life, "dispatcher", at, "dispatch", {"unit": str(unit)}, here)

    def _unit(self, life: Life, state: CaseState, at: int) -> UUID | None:
        """The best unit that has not sent the case back; at a loss, any that did."""
        query = RouteQuery(
            kind_id=state.kind_id or "",
            area_no=state.area_no,
            at=instant(at),
            attributes={},
            source=state.source,
            exclude=tuple(life.refused),
        )
        decision = router().route([query], city=state.city)[0]
        found = [decision.lead, *(one.unit for one in decision.candidates)]
        for unit in found:
            if unit is not None and self.book.hands.of("department", unit):
                return unit
        return life.refused[0] if life.refused else None

    def _still_open(self, ident: UUID) -> Still:
        def check(_state: CaseState, _at: int) -> bool:
            other = self.book.states.get(ident)
            return other is not None and other.state in _STAYING

        return check
