"""One report on its way in: what a door hands over, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from chengyun.cases.decide.routing import RouteDecision
from chengyun.cases.decide.state import CaseState
from chengyun.cases.events import CaseEvent
from chengyun.cases.reads.kinds import KindEntry, kinds
from chengyun.cases.reads.similar import Near
from chengyun.cases.verbs.checking import attributes_fault, contact_faults, plain, taken
from chengyun.cases.verbs.contact import Contact
from chengyun.cases.verbs.photos import lock_unused
from chengyun.cases.verbs.placing import Located
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.scope import bind
from chengyun.kernel.text import JsonObject

TEXT_MAX = 5_000
ADDRESS_MAX = 500
SOURCES = ("collector", "public", "hotline", "leader", "video", "sensor", "transfer", "open311")
# A clock at the reporter's side may run ahead a little.
FUTURE_SLACK = timedelta(minutes=5)
# No register kept for handling cases reaches further back; a calendar library may not either.
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Intake:
    """One report as a door hands it over."""

    text: str = ""
    source: str = "public"
    kind_id: str | None = None
    condition_id: str | None = None
    city_no: int | None = None
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    attributes: JsonObject = field(default_factory=dict)
    photos: tuple[UUID, ...] = ()
    contact: Contact | None = None
    external_source: str | None = None
    external_id: str | None = None
    reported_at: datetime | None = None
    simulated: bool = False


@dataclass(slots=True)
class Arriving:
    """An item on its way through the batch: its place there, who reports it and when."""

    item: Intake
    at: int
    actor: Actor
    now: datetime
    errors: list[FieldError] = field(default_factory=list)
    entry: KindEntry | None = None
    place: Located | None = None
    address_id: UUID | None = None
    city: int = 0
    near: tuple[Near, ...] = ()
    route: RouteDecision | None = None
    events: Sequence[CaseEvent] = ()
    state: CaseState | None = None
    code: str = ""

    def fault(self, name: str, reason: str, code: str) -> None:
        self.errors.append(FieldError(name, reason, code))


def check(one: Arriving) -> None:
    item, now = one.item, one.now
    if not item.text.strip() and not item.kind_id and not item.photos:
        one.fault("text", "say what is wrong, or name a kind, or send a photo", "required")
    _check_words(one)
    unfit = attributes_fault(item.attributes)
    if unfit is not None:
        one.errors.append(unfit)
    one.errors += contact_faults(item.contact)
    if item.source not in SOURCES:
        one.fault("source", f"is none of {', '.join(SOURCES)}", "unknown_source")
    if (item.lon is None) != (item.lat is None):
        one.fault("lon" if item.lon is None else "lat", "is missing beside the other", "required")
    if item.reported_at is not None:
        if item.reported_at > now + FUTURE_SLACK:
            one.fault("reported_at", "lies in the future", "future")
        if item.reported_at < LONG_AGO:
            one.fault("reported_at", f"lies before {LONG_AGO.year}", "long_ago")
    if item.kind_id:
        _check_kind(one, item.kind_id, unfit is None)
    elif item.condition_id:
        one.fault("condition", "needs a kind", "required")


def _check_words(one: Arriving) -> None:
    item = one.item
    for name, value, most in (
        ("text", item.text, TEXT_MAX),
        ("address", item.address, ADDRESS_MAX),
        ("external_source", item.external_source, ADDRESS_MAX),
        ("external_id", item.external_id, ADDRESS_MAX),
    ):
        if value is None:
            continue
        if len(value) > most:
            one.fault(name, f"has more than {most:,} characters", "too_long")
        if not plain(value):
            one.fault(name, "holds a NUL character or half a surrogate pair", "bad_text")
    if item.external_id is not None and item.external_source is None:
        one.fault("external_source", "is missing: an external id belongs to a source", "required")


def _check_kind(one: Arriving, kind_id: str, storable: bool) -> None:
    item = one.item
    one.entry = kinds().get(kind_id)
    if one.entry is None:
        one.fault("kind", f"{kind_id!r} is no kind here", "unknown_kind")
        return
    if item.condition_id and one.entry.kind.condition(item.condition_id) is None:
        one.fault("condition", "is no filing condition of this kind", "unknown_condition")
    if storable:
        one.errors += kinds().form_errors(one.entry, item.attributes)


def first_of_their_ids(arriving: Sequence[Arriving]) -> None:
    """Refuse what another system's id says is here already, anywhere or earlier in the batch."""
    named = [one for one in arriving if one.item.external_id is not None and not one.errors]
    if not named:
        return
    bind(SYSTEM.scope())
    known = taken({_external(one) for one in named})
    for one in named:
        if _external(one) in known:
            one.fault("external_id", "is the id of a report that is here already", "exists")
        known.add(_external(one))


def _external(one: Arriving) -> tuple[str, str]:
    return one.item.external_source or "", one.item.external_id or ""


def own_photos(arriving: Sequence[Arriving], typist: Actor | None = None) -> None:
    """Refuse photos that are not the reporter's (or the typist's) to use, or that another of the
    batch uses."""
    wanted = {photo for one in arriving if not one.errors for photo in one.item.photos}
    uploads = lock_unused(wanted)
    used: set[UUID] = set()
    for one in arriving:
        if one.errors or not one.item.photos:
            continue
        if not used.isdisjoint(one.item.photos):
            one.fault("photos", "stand on another report of this batch", "unknown_photo")
            continue
        used |= set(one.item.photos)
        try:
            uploads.take(typist or one.actor, one.item.photos)
        except Invalid as refused:
            one.errors += refused.errors
