"""The tables of people. Import models from here."""

from chengyun.people.models.appointments import Appointment
from chengyun.people.models.credentials import ApiKey, SignInAttempt, SignInLink, UserSession
from chengyun.people.models.organisations import Organisation
from chengyun.people.models.shifts import DutyMember, DutyShift
from chengyun.people.models.users import RecoveryCode, User

__all__ = [
    "ApiKey",
    "Appointment",
    "DutyMember",
    "DutyShift",
    "Organisation",
    "RecoveryCode",
    "SignInAttempt",
    "SignInLink",
    "User",
    "UserSession",
]
