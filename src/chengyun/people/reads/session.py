"""What the screen learns about who is signed in."""

from datetime import datetime

from django.db.models import Q

from chengyun.kernel.problems import Unauthenticated
from chengyun.kernel.text import JsonObject
from chengyun.people import ports
from chengyun.people.decide.posts import SECOND_FACTOR_POSTS
from chengyun.people.models import User
from chengyun.people.reads.actors import signed_in
from chengyun.people.reads.views import appointment_views


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
    return {
        "user": {
            "id": user.id,
            "name": user.display_name,
            "username": user.username,
            "locale": user.locale,
            "simulated": user.simulated,
            "posts": appointment_views(held),
            "has_password": user.has_usable_password(),
            "totp_enrolled": user.enrolled,
            "second_factor": second_factor,
            "second_factor_missing": not second_factor
            and any(one.post in SECOND_FACTOR_POSTS for one in held),
        },
        **ports.site().site(held[0].area_no if held else user.organisation.area_no),
    }


def session_of(token: str, *, now: datetime) -> JsonObject:
    """GET /session of a cookie's token.

    Raises:
        Unauthenticated: nobody is signed in by it.
    """
    found = signed_in(token, now=now) if token else None
    if found is None:
        raise Unauthenticated("Nobody is signed in.")
    user = User.objects.select_related("organisation").get(sessions__pk=found.session_id)
    return session_view(user, now=now, second_factor=found.actor.second_factor)
