"""From the shapes of the doors to what the intake verb takes."""

from chengyun.cases.schemas import ContactIn, PublicReportIn, ReportIn
from chengyun.cases.verbs import Contact, Intake


def contact(data: ContactIn | None) -> Contact | None:
    """How to reach the reporter, if they said."""
    return Contact(data.name, data.phone, data.email, data.tell) if data else None


def staff_item(data: ReportIn) -> Intake:
    """A report that staff or a script of theirs hands over."""
    return Intake(
        text=data.text,
        source=data.source,
        kind_id=data.kind,
        condition_id=data.condition,
        city_no=data.city,
        lon=data.lon,
        lat=data.lat,
        address=data.address,
        attributes=data.attributes,
        photos=tuple(data.photos),
        contact=contact(data.contact),
        external_source=data.external_source,
        external_id=data.external_id,
        reported_at=data.reported_at,
        simulated=data.simulated,
    )


def public_item(data: PublicReportIn) -> Intake:
    """A resident's report."""
    return Intake(
        text=data.text,
        source="public",
        kind_id=data.kind,
        city_no=data.city,
        lon=data.lon,
        lat=data.lat,
        address=data.address,
        attributes=data.attributes,
        photos=tuple(data.photos),
        contact=contact(data.contact),
    )
