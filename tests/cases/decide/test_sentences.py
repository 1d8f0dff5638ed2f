"""The timeline reads as plain sentences in both languages."""

from uuid import UUID

import pytest

from chengyun.cases import events as e
from chengyun.cases.decide import commands as c
from chengyun.cases.decide.sentences import sentence
from chengyun.cases.decide.state import Place
from chengyun.kernel.actor import PUBLIC
from chengyun.kernel.text import Text, text
from tests.cases.decide.test_codec import stories
from tests.cases.decide.world import (
    ACCEPTOR,
    CHINA,
    DEPARTMENT,
    DISPATCHER,
    EVERYBODY,
    KINDS,
    LEADER_OF_SHIFT,
    PLACE,
    SANITATION,
    Story,
    pending_accept,
    pending_dispatch,
    pending_handle,
)


class Known:
    """The names of the test city."""

    def org(self, org_id: UUID) -> Text:
        return text("环卫所", "Sanitation") if org_id == SANITATION else text("别处", "Elsewhere")

    def user(self, user_id: UUID) -> str:
        return next((actor.name for actor in EVERYBODY if actor.id == user_id), "somebody")

    def kind(self, kind_id: str) -> Text:
        return KINDS[kind_id].name

    def condition(self, kind_id: str, condition_id: str) -> Text:
        condition = KINDS[kind_id].condition(condition_id)
        return condition.text if condition else text("?", "?")

    def case(self, case_id: UUID) -> str:
        return str(case_id)[:4]

    def area(self, area_no: int) -> Text:
        return text("甲街道", "First Street")


def tell(story: Story) -> list[Text]:
    return [sentence(event, Known(), CHINA.zone) for event in story.history]


def test_a_timeline_reads_plainly() -> None:
    said = tell(pending_handle().does(DEPARTMENT, c.ReturnStep("not our street")))
    assert [line["en"] for line in said] == [
        "The reporter reported “Litter”",
        "Put before an acceptor, due by 2 Jun 10:30: No responsible unit matches.",
        "acceptor (acceptor) accepted it, due by 2 Jun 11:00",
        (
            "shift leader (shift leader) filed it as “Litter: A heap”, to be handled within "
            "1 working day"
        ),
        "dispatcher (dispatcher) dispatched it to Sanitation, due by 3 Jun 10:00",
        (
            "sanitation desk (department) returned it; it is now “Returned by the department”, "
            "due by 2 Jun 11:00: not our street"
        ),
    ]
    assert said[-1]["zh"] == (
        "专业部门sanitation desk回退案件，现为“回退中”，限6月2日11:00前：not our street"
    )


def test_every_event_has_a_sentence_in_both_languages() -> None:
    for story in stories():
        for line in tell(story):
            assert line["zh"]
            assert line["en"]
            assert "{" not in line["zh"] + line["en"]


@pytest.mark.parametrize("kind", e.EVENTS.values(), ids=lambda k: k.__name__)
def test_no_event_is_without_words(kind: type[e.CaseEvent]) -> None:
    event = SAMPLES[kind.__name__]
    assert type(event) is kind
    line = sentence(event, Known(), CHINA.zone)
    assert line["zh"]
    assert line["en"]
    assert e.from_data(event.name, event.to_data()) == event


def test_officials_words_stay_as_written() -> None:
    story = pending_accept().does(ACCEPTOR, c.Reject("{who} {0} %s"))
    assert tell(story)[-1]["en"] == "acceptor (acceptor) did not accept it: {who} {0} %s"


def _samples() -> dict[str, e.CaseEvent]:
    story = pending_dispatch()
    stamp = story.history[-1].stamp
    other = SANITATION
    due = story.now
    clock = story.case.clock
    assert clock is not None
    queued = story.history[1]
    assert isinstance(queued, e.CaseQueued)
    filed = story.history[3]
    assert isinstance(filed, e.CaseFiled)
    made: list[e.CaseEvent] = [
        story.history[0],
        queued,
        filed,
        e.CaseImported(stamp, "closed"),
        e.CaseAccepted(stamp, clock),
        e.CaseRejected(stamp, "x"),
        e.VerifyRequested(stamp),
        e.VerifyReported(stamp, False),
        e.CaseDispatched(stamp, other, (other,), clock),
        e.CaseRedispatched(stamp, other, other, (), clock, None, "x"),
        e.CaseReturned(stamp, "pending_handle", "returned", "x"),
        e.HandlerAssigned(stamp, other),
        e.HandlerRevoked(stamp, other),
        e.HandlingStarted(stamp),
        e.CaseHandled(stamp),
        e.FeedbackConfirmed(stamp, clock, True),
        e.CoUnitJoined(stamp, other),
        e.CoFeedbackGiven(stamp, other),
        e.CheckRequested(stamp),
        e.CheckReported(stamp, False),
        e.ReworkOrdered(stamp, clock),
        e.CaseClosed(stamp, "heap", due),
        e.CaseForceClosed(stamp, "x", due),
        e.CaseArchived(stamp),
        e.CaseReopened(stamp, "pending_accept", "x"),
        e.AppealMade(stamp, "x"),
        e.AppealReviewed(stamp, True, True),
        e.CaseRated(stamp, 3, "callback"),
        e.ExtensionRequested(stamp, "x"),
        e.ExtensionSupported(stamp),
        e.ExtensionGranted(stamp, clock),
        e.ExtensionRefused(stamp, "x"),
        e.SuspensionRequested(stamp, due, "x"),
        e.CaseSuspended(stamp, due, "handling"),
        e.SuspensionRefused(stamp, "x"),
        e.CaseResumed(stamp),
        e.VoidRequested(stamp, "x"),
        e.VoidRefused(stamp, "x"),
        e.CaseVoided(stamp, "x"),
        e.SupervisionOrdered(stamp, "district", True),
        e.CaseUrged(stamp),
        e.CaseEscalated(stamp, "city", "x"),
        e.CaseRelocated(stamp, Place(), Place(PLACE, None, 121.0, 31.0, "exact"), "x"),
        e.CaseMerged(stamp, other, "C2"),
        e.CaseAbsorbed(stamp, other, "C2", 2),
        e.CaseSplit(stamp, (other,)),
        e.ClockWarned(stamp, "dispose"),
        e.ClockOverdue(stamp, "dispose", due),
        e.ClockRecomputed(stamp, clock),
        e.MarksWithdrawn(stamp, 2, clock, ("file",), "street"),
        e.ReportJoined(stamp, "public"),
        e.ContentModerated(stamp, "erase", "text", text("侮辱", "insult")),
    ]
    return {type(event).__name__: event for event in made}


SAMPLES = _samples()


def test_the_reporter_and_the_system_have_names_too() -> None:
    story = pending_handle().does(PUBLIC, c.Urge()).later(days=3).ticked()
    said = [line["en"] for line in tell(story)]
    assert "The reporter asked to hurry" in said
    assert "The handling limit has passed: red" in said
    assert "Still overdue, so the city level is told" in said
    story = pending_handle().does(DISPATCHER, c.RequestVoid("x")).does(LEADER_OF_SHIFT, c.Void())
    assert tell(story)[-1]["zh"] == "值班长shift leader作废：x"
