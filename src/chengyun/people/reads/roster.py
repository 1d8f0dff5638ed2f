"""Who may be planned."""

from datetime import datetime
from uuid import UUID

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.people.models import Appointment, Organisation, User

# More people than any roster is read with.
PEOPLE_MAX = 500


def rosterable(actor: Actor, organisation_id: UUID, post: str, *, now: datetime) -> list[User]:
    """Who may be put on a shift of a post in an organisation: its holders there and below.

    Raises:
        NotFound: the organisation is out of sight.
    """
    if not Organisation.objects.visible_to(actor).filter(pk=organisation_id).exists():
        raise NotFound
    held = Appointment.objects.not_over(now).filter(
        post=post, organisation__path__contains=[organisation_id]
    )
    seen = User.objects.visible_to(actor).filter(is_active=True, pk__in=held.values("user_id"))
    return list(seen.order_by("display_name", "username")[:PEOPLE_MAX])
