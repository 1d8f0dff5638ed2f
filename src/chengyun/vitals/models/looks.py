"""What photos look like, read once."""

from django.db import models


class PhotoLook(models.Model):
    """What a photo looks like: a difference hash of 64 bits, as a signed number."""

    upload_id = models.UUIDField(primary_key=True)
    dhash = models.BigIntegerField(null=True)
