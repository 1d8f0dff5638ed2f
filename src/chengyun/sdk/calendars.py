"""`calendars/*.yaml`: days off and make-up working days of one calendar and year."""

from datetime import date

from pydantic import Field

from chengyun.sdk.declared import Declared, Name, Provenance, Slug
from chengyun.sdk.duties import ClockTime


class WorkPeriod(Declared):
    """A stretch of working time in a working day."""

    start: ClockTime
    end: ClockTime


class DayDeclared(Declared):
    """One dated day."""

    date: date
    name: Name


class CalendarFile(Provenance):
    """One year of a calendar. Files of the same `id` join; `known_until` says how far facts reach:
    after it only weekends count and results are provisional. Saturday and Sunday are
    days off unless a make-up day says otherwise.
    """

    id: Slug
    time_zone: str = Field(min_length=1)
    work_periods: tuple[WorkPeriod, ...] = Field(min_length=1)
    known_from: date
    known_until: date
    holidays: tuple[DayDeclared, ...]
    makeup_days: tuple[DayDeclared, ...] = ()
