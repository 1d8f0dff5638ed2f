"""Packs and their dashboards over HTTP."""

from ninja import Router

from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.rules import verbs
from chengyun.rules.reads import dashboards, packs
from chengyun.rules.schemas import packs as shapes

router = Router()
ONE = "/packs/{name}"
PAGE = "/dashboards/{dashboard_id}"


@router.get("/packs", response=shapes.PacksOut, operation_id="packs")
def list_packs(request: Request) -> JsonObject:
    """All packs: version, owner, use, what they bring, figures nobody verified."""
    return {"items": packs.packs(request.actor)}


@router.get(ONE, response=shapes.PackDetail, operation_id="pack")
def get_pack(request: Request, name: str) -> JsonObject:
    """One pack with its figures, rules and dashboards."""
    return packs.pack(request.actor, name)


@router.post(f"{ONE}/switch", response=shapes.UseDone, operation_id="switch_pack")
def switch_pack(request: Request, name: str, data: shapes.SwitchPackIn) -> JsonObject:
    """Switch a pack on or off for an area."""
    key, asked = idempotency_key(request), data.model_dump()
    return verbs.use_pack(request.actor, now=request.now, key=key, pack=name, **asked)


@router.post(f"{ONE}/keep", response=shapes.UseDone, operation_id="keep_pack")
def keep_pack(request: Request, name: str, data: shapes.KeepPackIn) -> JsonObject:
    """Keep a pack at a version for an area (roll back), or go with the newest (upgrade)."""
    key, asked = idempotency_key(request), data.model_dump()
    return verbs.keep_pack(request.actor, now=request.now, key=key, pack=name, **asked)


@router.get("/dashboards", response=shapes.DashboardsOut, operation_id="dashboards")
def list_dashboards(request: Request) -> JsonObject:
    """The dashboards offered to whoever asks."""
    return {"items": dashboards.dashboards(request.actor)}


@router.get(PAGE, response=shapes.DashboardOut, operation_id="dashboard")
def get_dashboard(request: Request, dashboard_id: str) -> JsonObject:
    """One dashboard as its pack declares it."""
    return dashboards.dashboard(request.actor, dashboard_id)


@router.get(f"{PAGE}/figures", response=shapes.FiguresOut, operation_id="dashboard_figures")
def get_figures(request: Request, dashboard_id: str) -> JsonObject:
    """What stands on a dashboard now, of what is in sight."""
    return dashboards.figures(request.actor, dashboard_id, request.now)
