"""Features made, replaced and removed (OGC 20-002): each is a change set, proposed for review.

What is asked for is not done by asking: the answer is 202 with the address of the set, and the
feature changes once another person approved it and it was applied.
"""

from typing import Any

from django.http import HttpResponse

from chengyun.app.ogc.filtering import as_json
from chengyun.kernel import areas
from chengyun.kernel.problems import FieldError, Invalid, NotFound, Problem
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.places import verbs
from chengyun.places.decide.drawing import Look
from chengyun.places.reads import own_area, source_of

_TITLES = {"add": "OGC API: new feature", "change": "OGC API: feature replaced"} | {
    "retire": "OGC API: feature removed"
}


def proposed(request: Request, look: Look, feature_id: str = "") -> HttpResponse:
    """What a POST, PUT or DELETE asks for, as a proposed change set.

    Raises Problem (405, nothing to edit), NotFound, Invalid, Forbidden, Conflict.
    """
    if not look.collection.editable:
        refused = Problem("Features of this collection are edited elsewhere.", code="method")
        refused.status = 405
        raise refused
    if feature_id and source_of(look.collection).one(look, feature_id) is None:
        raise NotFound("There is no such feature.")
    action = {"POST": "add", "PUT": "change", "DELETE": "retire"}[str(request.method)]
    change: JsonObject = {"action": action}
    if feature_id:
        change["target_id"] = feature_id
    if action != "retire":
        change["after"] = _state(as_json(request.body.decode("utf-8", "replace")))
    area_no = own_area(request.actor, None)
    if areas.city_of(area_no) != look.collection.city_no:
        raise NotFound("There is no such city.")
    key = idempotency_key(request)
    opened = verbs.open_set(
        request.actor,
        now=request.now,
        key=key and f"{key}/open",
        area_no=area_no,
        subject="layer",
        subject_id=str(look.collection.subject.id),
        title=_TITLES[action],
        source="OGC API",
        changes=[change],
    )
    try:
        verbs.propose_set(
            request.actor, now=request.now, key=key and f"{key}/propose", set_id=opened["id"]
        )
    except Problem as problem:
        # Nobody would find the draft again.
        verbs.reject_set(request.actor, now=request.now, set_id=opened["id"], reason=problem.detail)
        raise
    answer = HttpResponse(status=202)
    answer["Location"] = request.build_absolute_uri(f"/api/v1/change-sets/{opened['id']}")
    return answer


def _state(said: Any) -> JsonObject:
    """A feature as change sets write it. Raises Invalid."""
    if not isinstance(said, dict) or said.get("type") != "Feature":
        raise Invalid([FieldError("type", "must be Feature", "no_feature")])
    geometry, properties = said.get("geometry"), said.get("properties")
    if not isinstance(geometry, dict):
        raise Invalid([FieldError("geometry", "must be a geometry", "required")])
    if not isinstance(properties, dict | None):
        raise Invalid([FieldError("properties", "must be an object", "bad_properties")])
    return {"geometry": geometry, "properties": properties or {}}
