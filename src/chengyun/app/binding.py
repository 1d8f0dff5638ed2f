"""Who answers which port: the one place where lower rooms meet the rooms above them."""

from chengyun.app.site import CityZones, Site
from chengyun.cases.ports import bind_router
from chengyun.dispatch.reads import DutyRouter
from chengyun.kernel.events import followers
from chengyun.kernel.live import projections
from chengyun.notices.channels import channels
from chengyun.notices.ports import bind_zones
from chengyun.people.ports import bind_site


def bind() -> None:
    """Bind every port, then close the registries: a wrong kind stops the start, not the night."""
    bind_site(Site())
    bind_router(DutyRouter())
    bind_zones(CityZones())
    followers.close()
    projections.close()
    channels.close()
