"""By what right somebody acts on a case, and what bars them."""

from dataclasses import dataclass
from uuid import UUID

from chengyun.cases.decide.context import Refusal, refuse
from chengyun.cases.decide.state import CaseState
from chengyun.kernel import areas
from chengyun.kernel.actor import AREA_POSTS, Actor
from chengyun.kernel.text import Text, text

POST_NAMES: dict[str, Text] = {
    "collector": text("采集员", "collector"),
    "acceptor": text("受理员", "acceptor"),
    "shift_leader": text("值班长", "shift leader"),
    "dispatcher": text("派遣员", "dispatcher"),
    "department": text("专业部门", "department"),
    "co_department": text("协办部门", "co-handling department"),
    "handler": text("处置人员", "handler"),
    "evaluator": text("考核员", "evaluator"),
    "leader": text("领导", "leader"),
    "public": text("上报人", "reporter"),
    "system": text("系统", "system"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The post, the organisation and the area by which somebody acts."""

    post: str
    org: UUID | None = None
    area_no: int | None = None


_SYSTEM = Standing("system")
_PUBLIC = Standing("public")


def standing(state: CaseState, actor: Actor, posts: tuple[str, ...]) -> Standing | Refusal:
    """The first of the posts that the actor holds over this case.

    "department" and "handler" mean the lead unit's, the handler only once the case is theirs;
    "co_department" means a co-handling unit's; "public" is whoever holds the tracking code.
    """
    if actor.kind == "system":
        return _SYSTEM if "system" in posts else _not_yours(posts)
    if actor.kind == "public":
        return _PUBLIC if "public" in posts else _not_yours(posts)
    for post in posts:
        for grant in actor.grants:
            if post == "co_department":
                if grant.post == "department" and any(
                    co.unit == grant.org_id for co in state.co_units
                ):
                    return Standing(post, grant.org_id, grant.area_no)
            elif grant.post != post:
                continue
            elif post in AREA_POSTS:
                place = state.city if state.area_no is None else state.area_no
                if areas.contains(grant.area_no, place):
                    return Standing(post, grant.org_id, grant.area_no)
            elif grant.org_id == state.lead_unit and (
                post != "handler" or (actor.id is not None and actor.id == state.handler_id)
            ):
                return Standing(post, grant.org_id, grant.area_no)
    return _not_yours(posts)


def _not_yours(posts: tuple[str, ...]) -> Refusal:
    names = [POST_NAMES[post] for post in posts]
    return refuse(
        "not_yours",
        f"此操作由本案件的{'、'.join(n['zh'] for n in names)}进行",
        f"This is for the case's {' or '.join(n['en'] for n in names)}.",
    )


def barred(state: CaseState, actor: Actor) -> Refusal | None:
    """Why the actor may not check, close or score this case (监督与指挥分离), or None.

    Nobody may who dispatched or handled it, and nobody of an organisation that did.
    """
    if actor.id is not None and actor.id in state.dispatched_by:
        return refuse(
            "separation",
            "派遣过本案件的人员不得核查、结案或评分",
            "Whoever dispatched this case may not check, close or score it.",
        )
    if actor.id is not None and actor.id in (*state.handled_by, state.handler_id):
        return refuse(
            "separation",
            "处置过本案件的人员不得核查、结案或评分",
            "Whoever handled this case may not check, close or score it.",
        )
    orgs = {grant.org_id for grant in actor.grants}
    if not orgs.isdisjoint(state.handled_orgs) or not orgs.isdisjoint(state.units):
        return refuse(
            "separation",
            "处置单位不得核查、结案或评分本案件",
            "The unit that handles this case may not check, close or score it.",
        )
    if not orgs.isdisjoint(state.dispatched_orgs):
        return refuse(
            "separation",
            "派遣单位不得核查、结案或评分本案件",
            "The organisation that dispatched this case may not check, close or score it.",
        )
    return None
