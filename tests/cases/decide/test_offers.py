"""What is offered can be done, and says what it takes as JSON Schema."""

import jsonschema

from chengyun.cases.decide.offers import Offer, offered
from chengyun.kernel.actor import PUBLIC, SYSTEM, Actor
from tests.cases.decide.world import (
    ACCEPTOR,
    ADMIN,
    COLLECTOR,
    DEPARTMENT,
    DISPATCHER,
    EVERYBODY,
    HANDLER,
    LEADER,
    LEADER_OF_SHIFT,
    STRANGER,
    Story,
    automatic,
    closed,
    handled,
    handling,
    named,
    pending_accept,
    pending_check,
    pending_close,
    pending_dispatch,
    pending_file,
    pending_handle,
)


def moves(story: Story, actor: Actor) -> list[str]:
    return [offer.move for offer in offered(story.case, story.context(actor))]


def one(story: Story, actor: Actor, move: str) -> Offer:
    return next(offer for offer in offered(story.case, story.context(actor)) if offer.move == move)


def test_each_post_is_offered_its_own_moves() -> None:
    assert moves(pending_accept(), ACCEPTOR) == [
        "accept",
        "reject",
        "verify",
        "request_void",
        "urge",
        "escalate",
        "merge",
        "split",
        "relocate",
    ]
    assert moves(pending_dispatch(), DISPATCHER)[:2] == ["dispatch", "return_step"]
    assert moves(pending_handle(), DEPARTMENT) == [
        "return_step",
        "assign",
        "start",
        "handle",
        "request_extension",
        "request_suspension",
        "request_void",
    ]
    assert moves(handling(), HANDLER) == [
        "return_step",
        "handle",
        "request_extension",
        "request_suspension",
    ]
    assert moves(handled(), DEPARTMENT) == ["return_step", "feedback", "request_void"]
    assert moves(pending_check(), COLLECTOR) == ["check_result", "relocate"]
    assert "close" in moves(pending_close(), LEADER_OF_SHIFT)
    assert moves(closed(), PUBLIC) == ["reopen", "rate"]
    assert moves(automatic(), LEADER) == ["supervise", "urge", "escalate"]


def test_nothing_is_offered_across_a_boundary() -> None:
    for story in (pending_accept(), pending_handle(), pending_close()):
        assert moves(story, STRANGER) == []
        assert moves(story, ADMIN) == []
        assert moves(story, SYSTEM) == []


def test_the_schema_says_what_is_compulsory() -> None:
    offer = one(handling(), HANDLER, "handle")
    assert offer.needs_photo
    assert offer.params["required"] == ["before", "after"]
    assert offer.params["properties"]["after"]["minItems"] == 1
    closing = one(pending_close(), LEADER_OF_SHIFT, "close").params
    assert closing["properties"]["closing_condition"]["oneOf"] == [
        {"const": "heap", "title": "Gone", "x-title": {"zh": "清除", "en": "Gone"}}
    ]
    jsonschema.validate({"closing_condition": "heap"}, closing)
    filing = one(pending_file(), ACCEPTOR, "file").params
    choices = filing["properties"]["condition_id"]["x-choices"]
    assert [choice["const"] for choice in choices] == ["heap", "urgent"]
    assert not one(pending_accept(), ACCEPTOR, "accept").needs_photo


def test_every_offered_schema_is_valid_and_closed() -> None:
    made = (pending_accept, pending_file, pending_dispatch, pending_handle, handling, handled)
    for make in (*made, pending_check, pending_close, closed):
        story = make()
        for actor in EVERYBODY:
            for offer in offered(story.case, story.context(actor)):
                jsonschema.Draft202012Validator.check_schema(offer.params)
                assert offer.params["additionalProperties"] is False
                assert offer.title["zh"]
                assert offer.title["en"]
    assert named("x") == named("x")
