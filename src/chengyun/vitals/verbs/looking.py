"""What photos look like, as difference hashes: read once from the stored pictures."""

from collections.abc import Collection
from uuid import UUID

from PIL import Image

from chengyun.kernel.copy import insert_rows
from chengyun.kernel.models import Upload
from chengyun.kernel.uploads import path_of
from chengyun.vitals.decide.photos import Look
from chengyun.vitals.models import PhotoLook

WIDTH, HEIGHT = 9, 8
# Pictures read in one run; the next run goes on.
MOST = 5_000


def dhash(upload_id: UUID) -> int | None:
    """64 bits, one for each pair of neighbours in 9 × 8 greys; None where there is no picture."""
    try:
        with Image.open(path_of(upload_id, thumb=True), formats=("JPEG",)) as opened:
            small = opened.convert("L").resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
    except OSError:
        return None
    greys = small.tobytes()
    bits = 0
    for row in range(HEIGHT):
        for column in range(WIDTH - 1):
            at = row * WIDTH + column
            bits = bits << 1 | (greys[at] > greys[at + 1])
    # PostgreSQL's bigint is signed.
    return bits - 2**64 if bits >= 2**63 else bits


def looks_of(photos: Collection[tuple[UUID, UUID]]) -> list[Look]:
    """Looks of (case, upload) pairs; pictures never read before are read now, up to a bound."""
    ids = {upload for _, upload in photos}
    sums = dict(Upload.objects.filter(pk__in=ids).values_list("id", "sha256"))
    known = dict(PhotoLook.objects.filter(pk__in=ids).values_list("upload_id", "dhash"))
    fresh = {one: dhash(one) for one in sorted(set(sums) - set(known))[:MOST]}
    insert_rows(
        "vitals_photolook",
        {"upload_id": "uuid", "dhash": "bigint"},
        list(fresh.items()),
        "ON CONFLICT DO NOTHING",
    )
    known.update(fresh)
    return [
        Look(case, upload, bytes(sums[upload]), known.get(upload))
        for case, upload in photos
        if upload in sums
    ]
