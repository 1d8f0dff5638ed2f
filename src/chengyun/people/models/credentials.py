"""What opens a door: sessions, one-time links, keys. Only hashes of tokens are kept."""

from django.db import models
from django.db.models import Q

from chengyun.kernel.actor import POSTS, Actor
from chengyun.kernel.ids import new_id
from chengyun.people.decide.reach import reach
from chengyun.people.models.organisations import Organisation, inside
from chengyun.people.models.users import User


class UserSession(models.Model):
    """A signed-in browser. Its cookie holds a random token; only the token's hash is here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    token_hash = models.BinaryField(max_length=32, unique=True)
    method = models.CharField(max_length=16)
    device = models.CharField(max_length=64)
    network = models.CharField(max_length=48)  # truncated: IPv4 /24, IPv6 /48
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # When a second factor was shown in this session, if it was.
    second_factor_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-last_seen_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(method__in=["password", "link"]), name="session_method"
            )
        ]
        indexes = [models.Index(fields=["user", "ended_at"], name="session_user")]


class SignInLink(models.Model):
    """A link that signs one person in once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class SignInAttempt(models.Model):
    """Failures in a row of one account name or one address, known by a keyed hash."""

    subject = models.BinaryField(max_length=32, primary_key=True)
    failures = models.IntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["last_at"], name="attempt_age")]


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Keys by sight."""

    def visible_to(self, actor: Actor) -> "ApiKeyQuerySet":
        """Those of the areas whose people the actor sees."""
        seen = reach(actor)
        if seen.everything:
            return self
        return self.filter(inside("area_no", seen.staff) | Q(organisation_id__in=seen.units))


class ApiKey(models.Model):
    """Lets a script act in one post over one area until it expires or is revoked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=64)
    prefix = models.CharField(max_length=16)  # shown, to tell keys apart
    token_hash = models.BinaryField(max_length=32, unique=True)
    post = models.CharField(max_length=32)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="keys")
    area_no = models.BigIntegerField()
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)  # None: issued on the machine itself
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.CheckConstraint(condition=Q(post__in=sorted(POSTS)), name="key_post")]
