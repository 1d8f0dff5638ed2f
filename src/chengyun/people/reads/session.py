"""What the screen learns about who is signed in."""

from datetime import datetime

from django.db.models import Q

from chengyun.kernel.text import JsonObject
from chengyun.people import ports
from chengyun.people.models import Organisation, User


def organisation_view(organisation: Organisation) -> JsonObject:
    """Org of the API contract."""
    return {
        "id": str(organisation.id),
        "name": organisation.name,
        "level": organisation.level,
    }


def session_view(user: User, *, now: datetime, second_factor: bool = False) -> JsonObject:
    """GET /session: the user with posts, and what the app says about the site."""
    held = list(
        user.appointments.held_at(now)
        .filter(
            Q(organisation__valid_to=None) | Q(organisation__valid_to__gt=now),
            organisation__valid_from__lte=now,
        )
        .select_related("organisation")
    )
    site = ports.site()
    known = site.areas({one.area_no for one in held})
    posts = [
        {
            "post": one.post,
            "org": organisation_view(one.organisation),
            "area": ports.area_view(one.area_no, known),
        }
        for one in held
    ]
    return {
        "user": {
            "id": str(user.id),
            "name": user.display_name,
            "username": user.username,
            "locale": user.locale,
            "simulated": user.simulated,
            "posts": posts,
            "has_password": user.has_usable_password(),
            "totp_enrolled": user.enrolled,
            "second_factor": second_factor,
        },
        **site.site(held[0].area_no if held else user.organisation.area_no),
    }
