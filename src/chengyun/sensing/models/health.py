"""How each stream is: whether it speaks, and how far it can be believed."""

from django.db import models
from django.db.models import Q

HEALTH = ("silent", "fine", "dead", "stuck", "drifting")


class StreamHealth(models.Model):
    """A stream's state as the last check found it, since when, and the figures that say why.

    `silent` never said anything; `dead` said nothing for three times its interval; `stuck` gives
    one value; `drifting` moves away from its calibration or its neighbours.
    """

    stream = models.BigIntegerField(primary_key=True)
    state = models.TextField()
    since = models.DateTimeField()
    why = models.JSONField(default=dict)
    checked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state"], name="stream_health_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=HEALTH), name="stream_health_known")
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.state}"
