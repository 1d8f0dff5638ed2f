"""Signals over HTTP."""

from typing import Annotated
from uuid import UUID

from ninja import Query, Router, Status

from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.rules import verbs
from chengyun.rules.reads import signals as reads
from chengyun.rules.schemas import signals as shapes

router = Router()
ONE = "/signals/{uuid:signal_id}"


@router.get("/signals", response=shapes.SignalPage, operation_id="signals")
def list_signals(request: Request, query: Annotated[shapes.SignalsQuery, Query()]) -> JsonObject:
    """Signals by state, severity, rule, pack, thing, case and area."""
    rows, following = reads.signals(request.actor, **query.model_dump())
    return {"items": rows, "next": following}


@router.get("/signals/counts", response=shapes.SignalCounts, operation_id="signal_counts")
def count_signals(request: Request) -> JsonObject:
    """How many are open, by severity, and how many wait for somebody."""
    return reads.counts(request.actor)


@router.get(ONE, response=shapes.SignalDetail, operation_id="signal")
def get_signal(request: Request, signal_id: UUID) -> JsonObject:
    """One signal, and why each of its steps was taken."""
    return reads.signal(request.actor, signal_id)


@router.post(f"{ONE}/acknowledge", response=shapes.AnsweredOut, operation_id="acknowledge_signal")
def acknowledge(request: Request, signal_id: UUID) -> JsonObject:
    """Say that somebody sees to it."""
    key = idempotency_key(request)
    return verbs.acknowledge(request.actor, now=request.now, key=key, signal_id=signal_id)


@router.post(f"{ONE}/judgement", response=shapes.AnsweredOut, operation_id="judge_signal")
def judge(request: Request, signal_id: UUID, data: shapes.JudgementIn) -> JsonObject:
    """Say whether it was a true alarm."""
    key, asked = idempotency_key(request), data.model_dump()
    return verbs.judge(request.actor, now=request.now, key=key, signal_id=signal_id, **asked)


@router.get("/silences", response=shapes.SilencesOut, operation_id="silences")
def list_silences(request: Request) -> JsonObject:
    """Silences that hold now or later."""
    return {"items": reads.silences(request.actor, request.now)}


@router.post("/silences", response={201: shapes.SilencedOut}, operation_id="silence_signals")
def silence(request: Request, data: shapes.SilenceIn) -> Status[JsonObject]:
    """Ask for silence about a thing, or about a rule within an area."""
    key, asked = idempotency_key(request), data.model_dump(exclude={"rule"})
    made = verbs.silence(request.actor, now=request.now, key=key, rule_id=data.rule, **asked)
    return Status(201, made)


@router.delete("/silences/{uuid:silence_id}", response={204: None}, operation_id="end_silence")
def end_silence(request: Request, silence_id: UUID) -> Status[None]:
    """End a silence now."""
    key = idempotency_key(request)
    verbs.end_silence(request.actor, now=request.now, key=key, silence_id=silence_id)
    return Status(204, None)
