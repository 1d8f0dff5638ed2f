"""Every address the product answers on."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from chengyun.app import feeds, health, pages
from chengyun.app.api import api
from chengyun.app.base_map.serving import base_map
from chengyun.app.ngsild.urls import urlpatterns as ngsild_urls
from chengyun.app.ogc.urls import urlpatterns as ogc_urls
from chengyun.app.open311.urls import urlpatterns as open311_urls
from chengyun.app.sensorthings.urls import urlpatterns as sensorthings_urls

# The first word of every screen's address, as in the router of the browser.
SCREENS = (
    *("signin", "account", "desk", "report", "track", "map", "design", "notices", "evaluation"),
    *("moderation", "duties", "organisations", "users", "shifts", "paper", "places"),
    *("component", "signals", "rules", "packs", "senses"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", health.metrics),
    path("api/v1/", api.urls),
    path("open311/v2/", include(open311_urls)),
    path("ogc", include(ogc_urls)),
    path("sta/v1.1", include(sensorthings_urls)),
    path("ngsi-ld/v1/", include(ngsild_urls)),
    path("maps/<int:city_no>.pmtiles", base_map),
    path("feeds/<str:code>.atom", feeds.area_feed),
    re_path(
        r"^(?P<name>favicon\.(?:svg|ico)|robots\.txt|manifest\.webmanifest|sw\.js)$",
        pages.root_file,
    ),
    re_path(r"^assets/(?P<name>[\w.-]+)$", pages.asset),
    # Addresses of the screens; whatever else is asked for is not there.
    # A mistyped code is answered by the screen, kindly.
    re_path(r"^track/.{1,300}$", pages.page),
    re_path(rf"^(?:|(?:{'|'.join(SCREENS)})(?:/[\w./-]*)?)$", pages.page),
]
