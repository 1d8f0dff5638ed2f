"""People with an account. None has a password until its owner sets one."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Exists, OuterRef, Q

from chengyun.kernel import crypto
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.people.decide.reach import reach
from chengyun.people.models.appointments import Appointment
from chengyun.people.models.organisations import Organisation, inside

LOCALES = ("zh-CN", "en")
_TOTP = "people.totp"


class UserQuerySet(models.QuerySet["User"]):
    """People by sight."""

    def visible_to(self, actor: Actor) -> "UserQuerySet":
        """Oneself, and whoever belongs to or holds a post in the actor's areas or units."""
        seen = reach(actor)
        if seen.everything:
            return self
        here = Q(user=OuterRef("pk")) & (
            inside("area_no", seen.staff) | Q(organisation_id__in=seen.units)
        )
        found = (
            inside("organisation__area_no", seen.staff)
            | Q(organisation_id__in=seen.units)
            | Q(Exists(Appointment.objects.filter(here)))
        )
        if actor.kind == "user" and actor.id is not None:
            found |= Q(pk=actor.id)
        return self.filter(found)


class UserManager(BaseUserManager["User"]):
    """Django's way to find a user by name, with the typed queryset."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, actor: Actor) -> UserQuerySet:
        """See `UserQuerySet.visible_to`."""
        return self.get_queryset().visible_to(actor)


def no_password() -> str:
    """A value no password matches."""
    return UNUSABLE_PASSWORD_PREFIX


def sealed_totp(secret: str) -> bytes:
    """A shared secret as it is stored."""
    return crypto.seal(secret, purpose=_TOTP)


def _opened(sealed: bytes | memoryview | None) -> str | None:
    return None if sealed is None else crypto.open_(bytes(sealed), purpose=_TOTP)


class User(AbstractBaseUser):
    """A person: who they are and how they prove it. What they may do is in appointments."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    password = models.CharField(max_length=256, default=no_password)
    username = models.CharField(max_length=64, unique=True)  # folded, see decide.usernames
    display_name = models.CharField(max_length=64)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="staff")
    locale = models.CharField(max_length=8, default="zh-CN")
    is_active = models.BooleanField(default=True)
    simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    password_changed_at = models.DateTimeField(null=True)
    totp_sealed = models.BinaryField(null=True)
    # A secret begun and not yet confirmed: the one in force stays until then.
    totp_pending_sealed = models.BinaryField(null=True)
    totp_confirmed_at = models.DateTimeField(null=True)
    # The step of the last code taken; a code is good once.
    totp_last_step = models.BigIntegerField(null=True)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(condition=Q(locale__in=LOCALES), name="user_locale"),
            models.CheckConstraint(
                condition=Q(totp_confirmed_at=None) | Q(totp_sealed__isnull=False),
                name="user_totp_has_secret",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def totp_secret(self) -> str | None:
        """The shared secret in force (base32), None when there is none."""
        return _opened(self.totp_sealed)

    @property
    def totp_pending(self) -> str | None:
        """The shared secret waiting to be confirmed, None when there is none."""
        return _opened(self.totp_pending_sealed)

    @property
    def enrolled(self) -> bool:
        """Whether a second factor is set up and confirmed."""
        return self.totp_confirmed_at is not None


class RecoveryCode(models.Model):
    """Stands in for a one-time code when the authenticator is lost; good once, kept as a hash."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.BinaryField(max_length=32)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "code_hash"], name="recovery_code_once")
        ]
