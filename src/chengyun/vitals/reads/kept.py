"""The cases behind a published figure, as they counted when it was published."""

from collections import Counter
from uuid import UUID

from django.db import connection

from chengyun.kernel import paging
from chengyun.kernel.actor import Actor
from chengyun.kernel.copy import pg_array
from chengyun.kernel.problems import NotFound
from chengyun.kernel.text import JsonObject
from chengyun.vitals import policy
from chengyun.vitals.models import Publication, PublishedFigure
from chengyun.vitals.reads.cases import marks_of, views
from chengyun.vitals.reads.counting import Behind
from chengyun.vitals.reads.published import find

_FAR = 10**9
_PAGE = """
SELECT NULL, one.case_id, one.at, one.unit, one.area_no, f.counter
FROM vitals_publishedfigure f,
    unnest(f.case_ids, f.ats, f.units, f.area_nos) AS one (case_id, at, unit, area_no)
WHERE f.id = ANY(%s::uuid[])
ORDER BY one.at, one.case_id, f.counter OFFSET %s LIMIT %s
"""


def figures(
    actor: Actor, publication: Publication, key: str, counter: str
) -> list[PublishedFigure]:
    """What was kept of one figure, by mark.

    Raises:
        Invalid: an unknown counter, or one that is not the row's.
        NotFound: the table was published when lists were not kept yet.
    """
    marks, row = marks_of(publication.by, key, counter)
    kept = PublishedFigure.objects.visible_to(actor).filter(publication=publication)
    found = list(kept.filter(key=row, counter__in=marks).order_by("counter"))
    if not found and not PublishedFigure.objects.filter(publication=publication).exists():
        raise NotFound("This version was published without the lists behind its figures.")
    return found


def cases_published(
    actor: Actor,
    publication_id: UUID,
    *,
    key: str,
    counter: str,
    cursor: str | None,
    limit: int | None,
) -> tuple[list[JsonObject], str | None]:
    """One page of what a published figure counted, oldest first, and the cursor of the next.

    Raises:
        NotFound: no such table in sight.
        Invalid: an unknown counter, or a foreign cursor.
    """
    policy.may_look(actor)
    publication = find(actor, publication_id)
    at = paging.decode(cursor, 1, (_place,))[0] if cursor else 0
    most = paging.clamp(limit)
    ids = [one.id for one in figures(actor, publication, key, counter)]
    with connection.cursor() as line:
        line.execute(_PAGE, [pg_array(ids), at, most + 1])
        found = [Behind(*row) for row in line.fetchall()]
    following = paging.encode([at + most]) if len(found) > most else None
    return views(actor, found[:most]), following


def _place(said: object) -> int:
    if not isinstance(said, int) or not 0 <= said <= _FAR:
        raise ValueError
    return said


def counted_cases(actor: Actor, publication: Publication, key: str, counter: str) -> Counter[UUID]:
    """How often each case stood in a published figure."""
    found: Counter[UUID] = Counter()
    for one in figures(actor, publication, key, counter):
        found.update(one.case_ids)
    return found
