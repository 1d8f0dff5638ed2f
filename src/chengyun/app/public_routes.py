"""The one list of routes that answer without sign-in. Whatever is not here answers 401."""

from django.http import HttpRequest

from chengyun.kernel.actor import PUBLIC, Actor
from chengyun.kernel.scope import bind

PUBLIC_ROUTES = frozenset(
    {
        ("GET", "api/v1/public/site"),
        ("GET", "api/v1/public/kinds"),
        ("GET", "api/v1/public/nearby"),
        ("GET", "api/v1/public/stoppers"),
        # The place a resident describes: names of places, throttled.
        ("GET", "api/v1/public/geocode"),
        # Behind the code on a component: what and where it is; throttled.
        ("GET", "api/v1/public/components/<component_id>"),
        # Masked, displaced and capped.
        ("GET", "api/v1/public/map"),
        ("GET", "api/v1/public/cases/<number>/photos/<uuidstr:upload_id>"),
        ("GET", "feeds/<str:code>.atom"),
        ("POST", "api/v1/public/uploads"),
        ("POST", "api/v1/public/reports"),
        ("GET", "api/v1/public/reports/<code>"),
        ("POST", "api/v1/public/reports/<code>/rating"),
        ("POST", "api/v1/public/reports/<code>/reopen"),
        ("GET", "api/v1/public/reports/<code>/photos/<uuidstr:upload_id>"),
        # Reference data that every map needs.
        ("GET", "api/v1/regions"),
        ("GET", "api/v1/regions.geojson"),
        ("GET", "api/v1/basemap"),
        # Only what its owner made public.
        ("GET", "api/v1/layers"),
        ("GET", "api/v1/layers/<uuidstr:layer_id>"),
        ("GET", "api/v1/layers/<uuidstr:layer_id>/features.geojson"),
        ("GET", "api/v1/map/plugins"),
        # Of what everybody may see; live ones are throttled.
        ("GET", "api/v1/tiles"),
        ("GET", "api/v1/tiles/<collection>/<int:z>/<int:x>/<int:y>.mvt"),
        # The same of it as OGC API.
        *(
            ("GET", f"ogc{route}")
            for route in (
                *("", "/", "/api", "/conformance", "/collections", "/tileMatrixSets"),
                *("/tileMatrixSets/<str:matrix>", "/collections/<str:name>"),
                *(
                    f"/collections/<str:name>/{part}"
                    for part in (
                        *("queryables", "items", "items/<path:feature_id>", "tiles"),
                        "tiles/<str:matrix>",
                        "tiles/<str:matrix>/<int:z>/<int:row>/<int:column>",
                    )
                ),
            )
        ),
        # Open311: its reads are masked, its POST is throttled.
        ("GET", "open311/v2/discovery.<str:form>"),
        ("GET", "open311/v2/services.<str:form>"),
        ("GET", "open311/v2/services/<path:code>.<str:form>"),
        ("GET", "open311/v2/requests.<str:form>"),
        ("POST", "open311/v2/requests.<str:form>"),
        ("GET", "open311/v2/requests/<str:number>.<str:form>"),
        ("GET", "open311/v2/requests/<str:number>/updates.<str:form>"),
        ("GET", "open311/v2/servicerequestupdates.<str:form>"),
        ("GET", "open311/v2/tokens/<str:code>.<str:form>"),
        # The ways in; who asks who is signed in gets the CSRF cookie and, unknown, 401.
        ("GET", "api/v1/session"),
        ("POST", "api/v1/session"),
        ("POST", "api/v1/session/link"),
    }
)


def public_route(request: HttpRequest) -> Actor | None:
    """Let the public in where the list says so; the last way in that is tried."""
    match = request.resolver_match
    method = "GET" if request.method == "HEAD" else request.method
    if match is None or (method, match.route) not in PUBLIC_ROUTES:
        return None
    request.actor = PUBLIC  # type: ignore[attr-defined]
    bind(PUBLIC.scope())
    return PUBLIC
