"""Feeds of other houses."""

from uuid import UUID

from django.conf import settings
from ninja import Router, Status

from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.sensing.reads import feeds as feed_reads
from chengyun.sensing.schemas import feeds as schemas
from chengyun.sensing.verbs import feeds

router = Router()


@router.get("/feeds", response=schemas.FeedsOut, operation_id="feeds")
def list_feeds(request: Request) -> JsonObject:
    """Feeds in sight."""
    return {"items": [feed_reads.feed_view(row) for row in feed_reads.feeds(request.actor)]}


@router.post("/feeds", response={201: schemas.NewFeedOut}, operation_id="create_feed")
def create_feed(request: Request, data: schemas.FeedIn) -> Status[JsonObject]:
    """Declare a feed. A webhook's secret is shown once."""
    said = feeds.create_feed(
        request.actor, now=request.now, hosts=settings.FEED_HOSTS, **data.model_dump()
    )
    return Status(201, said)


@router.patch("/feeds/{uuid:feed_id}", response=schemas.FeedReceipt, operation_id="change_feed")
def change_feed(request: Request, feed_id: UUID, data: schemas.FeedChangeIn) -> JsonObject:
    """Pause a feed, let it go on, or change how it is read or reached."""
    key, hosts = idempotency_key(request), tuple(sorted(settings.FEED_HOSTS))
    return feeds.change_feed(
        request.actor, now=request.now, key=key, feed=feed_id, hosts=hosts, **data.model_dump()
    )


@router.post(
    "/feeds/{uuid:feed_id}/secret",
    response={201: schemas.SecretOut},
    operation_id="renew_feed_secret",
)
def renew_secret(request: Request, feed_id: UUID) -> Status[JsonObject]:
    """A new secret for a webhook; the old one ends at once."""
    return Status(201, feeds.renew_feed_secret(request.actor, now=request.now, feed=feed_id))
