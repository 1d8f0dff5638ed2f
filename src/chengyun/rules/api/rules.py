"""Rules over HTTP: what they say, what they found, how they are changed and tried."""

from ninja import Router, Status

from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.rules import verbs
from chengyun.rules.reads import rules as reads
from chengyun.rules.reads import trying
from chengyun.rules.schemas import rules as shapes

router = Router()
ONE = "/rules/{rule_id}"


@router.get("/rules", response=shapes.RulesOut, operation_id="rules")
def list_rules(request: Request) -> JsonObject:
    """All rules, with what they found and how often they were wrong."""
    return {"items": reads.rules(request.actor, request.now)}


@router.get(ONE, response=shapes.RuleDetail, operation_id="rule")
def get_rule(request: Request, rule_id: str) -> JsonObject:
    """One rule with its versions and figures."""
    return reads.rule(request.actor, rule_id, request.now)


@router.put(ONE + "/figures/{word}", response=shapes.FigureDone, operation_id="set_rule_figure")
def set_figure(request: Request, rule_id: str, word: str, data: shapes.FigureIn) -> JsonObject:
    """Set a figure for an area, or take it back."""
    key, asked = idempotency_key(request), data.model_dump()
    return verbs.set_figure(
        request.actor, now=request.now, key=key, rule_id=rule_id, word=word, **asked
    )


@router.post(
    f"{ONE}/versions", response={201: shapes.VersionDone}, operation_id="write_rule_version"
)
def write_version(request: Request, rule_id: str, data: shapes.VersionIn) -> Status[JsonObject]:
    """Write a new version; it comes into force when it is activated."""
    key, asked = idempotency_key(request), data.model_dump()
    made = verbs.write_version(request.actor, now=request.now, key=key, rule_id=rule_id, **asked)
    return Status(201, made)


@router.post(
    ONE + "/versions/{int:version}/activate",
    response=shapes.VersionDone,
    operation_id="activate_rule_version",
)
def activate(request: Request, rule_id: str, version: int) -> JsonObject:
    """Bring a version into force, a new one or an old one again."""
    key = idempotency_key(request)
    return verbs.activate(request.actor, now=request.now, key=key, rule_id=rule_id, version=version)


@router.put(f"{ONE}/enabled", response=shapes.SwitchDone, operation_id="switch_rule")
def switch(request: Request, rule_id: str, data: shapes.SwitchIn) -> JsonObject:
    """Switch a rule on or off."""
    key = idempotency_key(request)
    return verbs.switch(
        request.actor, now=request.now, key=key, rule_id=rule_id, enabled=data.enabled
    )


@router.post(f"{ONE}/trial", response=shapes.TrialOut, by_alias=True, operation_id="try_rule")
def try_rule(request: Request, rule_id: str, data: shapes.TrialIn) -> JsonObject:
    """What the rule, or another wording of it, would have done with stored readings."""
    return trying.tried(
        request.actor,
        rule_id,
        start=data.since,
        end=data.until,
        **data.model_dump(exclude={"since", "until"}),
    )
