"""What base map there is; the file itself is served beside the API."""

from django.http import HttpRequest
from ninja import Router, Schema

from chengyun.app.base_map.building import facts_of
from chengyun.kernel.text import JsonObject
from chengyun.places import reads

router = Router(tags=["places"])


class BaseMapOut(Schema):
    """Where the base map is (null: none is built), its layers and whom to credit."""

    url: str | None
    built_at: str
    bytes: int
    roles: dict[str, int]
    attribution: str


@router.get("/basemap", response=BaseMapOut)
def show_base_map(request: HttpRequest, city: int = 0) -> JsonObject:
    """The base map of a city, built from its public layers."""
    known = [one.area.no for one in reads.cities()]
    number = city if city in known else next(iter(known), 0)
    facts = facts_of(number)
    return {
        "url": f"/maps/{number}.pmtiles" if facts else None,
        "built_at": facts.get("built_at", ""),
        "bytes": facts.get("bytes", 0),
        "roles": facts.get("roles", {}),
        "attribution": facts.get("attribution", ""),
    }
